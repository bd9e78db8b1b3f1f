import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PortraitRequest } from '../pipeline/request.js';
import { loadConfig } from '../src/config.js';
import { composeCli } from '../src/main.js';
import { readPhoto } from '../src/cli/portrait.js';
import { summarise, type Measurement } from './measurement.js';
import { photoFile } from './photo.js';
import { watchMemory } from './process-tree.js';
import { finish, startLikeness } from './program.js';

const runs = 3;
const prompt = 'smiling, looking left, pencil sketch';

/** An album of four at default settings: by a warm engine, as a chat has it, and by the command from start to end. */
export async function measureAlbum(): Promise<Measurement[]> {
  const warm = await albumsOfAWarmEngine();
  const whole = [];
  for (let run = 0; run < runs; run++) whole.push(await runCommand(run));
  return [
    { name: 'album-of-4', unit: 's', goal: 20, ...summarise(warm) },
    { name: 'album-of-4-command', unit: 's', ...summarise(whole.map(({ seconds }) => seconds)) },
    { name: 'album-of-4-peak-memory', unit: 'MiB', goal: 1536, ...summarise(whole.map(({ mebibytes }) => mebibytes)) },
  ];
}

async function albumsOfAWarmEngine(): Promise<number[]> {
  const engine = composeCli().createEngine(loadConfig({ env: process.env, cwd: process.cwd() }));
  const photos = [await readPhoto(photoFile)];
  const request = (seed: number): PortraitRequest => ({ photos, prompt, count: 4, seed, strength: 80 });
  const seconds: number[] = [];
  try {
    await engine.start();
    await engine.portrait(request(0));
    for (let run = 1; run <= runs; run++) {
      const start = performance.now();
      await engine.portrait(request(run));
      seconds.push((performance.now() - start) / 1000);
    }
  } finally {
    await engine.close();
  }
  return seconds;
}

async function runCommand(seed: number): Promise<{ seconds: number; mebibytes: number }> {
  const out = await mkdtemp(join(tmpdir(), 'likeness-bench-'));
  const start = performance.now();
  const program = startLikeness([
    'portrait',
    '--photo',
    photoFile,
    '--prompt',
    prompt,
    '--seed',
    `${seed}`,
    '--out',
    out,
  ]);
  const memory = watchMemory(program.pid ?? 0);
  try {
    await finish(program);
    return { seconds: (performance.now() - start) / 1000, mebibytes: memory.stop() / 2 ** 20 };
  } finally {
    memory.stop();
    await rm(out, { recursive: true });
  }
}
