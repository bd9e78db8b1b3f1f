import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createEngine, type Engine } from '../pipeline/index.js';
import type { PortraitRequest } from '../pipeline/request.js';
import { loadConfig, packageRoot } from '../src/config.js';
import { readPhoto } from '../src/cli/portrait.js';
import { summarise, type Measurement } from './measurement.js';
import { photoFile } from './photo.js';
import { watchMemory } from './process-tree.js';
import { finish, startLikeness } from './program.js';

const runs = 3;
const prompt = 'smiling, looking left, pencil sketch';

/** Albums at default settings: of four and of one by a warm engine, as a chat has it, and of four by the command from start to end. */
export async function measureAlbum(): Promise<Measurement[]> {
  const warm = await albumsOfAWarmEngine();
  const whole = [];
  for (let run = 0; run < runs; run++) whole.push(await runCommand(run));
  return [
    { name: 'album-of-4', unit: 's', goal: 3, ...summarise(warm.four) },
    { name: 'album-of-1', unit: 's', goal: 1, ...summarise(warm.one) },
    { name: 'album-of-4-command', unit: 's', ...summarise(whole.map(({ seconds }) => seconds)) },
    { name: 'album-of-4-peak-memory', unit: 'MiB', goal: 1536, ...summarise(whole.map(({ tree }) => tree)) },
    { name: 'album-of-4-engine-peak-memory', unit: 'MiB', goal: 600, ...summarise(whole.map(({ engine }) => engine)) },
  ];
}

interface Seconds {
  readonly four: number[];
  readonly one: number[];
}

/** The built engine, in a process without the loader that runs this file, which slows it down. */
function createBuiltEngine(): Engine {
  process.execArgv = [];
  const { bundle, engine } = loadConfig({ env: process.env, cwd: process.cwd() });
  const entry = pathToFileURL(join(packageRoot, 'dist', 'pipeline', 'engine', 'child.js'));
  return createEngine({ bundle, entry, threads: engine.threads, provider: engine.provider, memory: engine.memory });
}

async function albumsOfAWarmEngine(): Promise<Seconds> {
  const engine = createBuiltEngine();
  const photos = [await readPhoto(photoFile)];
  const seconds: Seconds = { four: [], one: [] };
  const timed = async (count: number, seed: number): Promise<number> => {
    const request: PortraitRequest = { photos, prompt, count, seed, strength: 80 };
    const start = performance.now();
    await engine.portrait(request);
    return (performance.now() - start) / 1000;
  };
  try {
    await engine.start();
    await timed(4, 0);
    for (let run = 1; run <= runs; run++) {
      seconds.four.push(await timed(4, run));
      seconds.one.push(await timed(1, run));
    }
  } finally {
    await engine.close();
  }
  return seconds;
}

/** Of one command: its seconds, and MiB of all its processes and of the engine, the largest of them. */
interface Run {
  readonly seconds: number;
  readonly tree: number;
  readonly engine: number;
}

async function runCommand(seed: number): Promise<Run> {
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
    const seconds = (performance.now() - start) / 1000;
    const { tree, largest } = memory.stop();
    return { seconds, tree: tree / 2 ** 20, engine: largest / 2 ** 20 };
  } finally {
    memory.stop();
    await rm(out, { recursive: true });
  }
}
