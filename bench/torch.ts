import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Engine } from '../pipeline/engine/supervisor.js';
import type { PortraitRequest } from '../pipeline/request.js';
import { loadConfig, packageRoot } from '../src/config.js';
import { readPhoto } from '../src/cli/portrait.js';
import { composeCli } from '../src/main.js';
import { summarise, type Measurement } from './measurement.js';
import { photoFile } from './photo.js';

const runs = 5;
const python = process.env['LIKENESS_PYTHON'] ?? join(packageRoot, 'training', '.venv', 'bin', 'python');

/** Denoising and decoding one batch: by the engine and by PyTorch in turn, with the same steps and threads. */
export async function measureAgainstTorch(): Promise<Measurement[]> {
  if (!existsSync(python)) {
    console.error(
      'Left out: PyTorch. Install the training package (CONTRIBUTING.md), or name its Python in LIKENESS_PYTHON.',
    );
    return [];
  }
  const config = loadConfig({ env: process.env, cwd: process.cwd() });
  const engine = composeCli().createEngine(config);
  const torch = await startTorch(config.engine.threads);
  const [ours, theirs]: [number[], number[]] = [[], []];
  try {
    const { bundle } = await engine.start();
    const photos = [await readPhoto(photoFile)];
    const { batch } = bundle.diffusion;
    const request = { photos, prompt: 'smiling', count: 1, candidates: batch, strength: 80 };
    await runEngine(engine, { ...request, seed: 0 });
    for (let seed = 1; seed <= runs; seed++) {
      ours.push(await runEngine(engine, { ...request, seed }));
      theirs.push(await torch.run());
    }
  } finally {
    torch.stop();
    await engine.close();
  }
  const own = summarise(ours);
  const peer = summarise(theirs).value;
  const ratio = Number((peer / own.value).toFixed(2));
  return [{ name: 'denoise-and-decode-batch', unit: 's', ...own, peer: { name: torch.name, value: peer, ratio } }];
}

async function runEngine(engine: Engine, request: PortraitRequest): Promise<number> {
  const { milliseconds } = await engine.portrait(request);
  return (milliseconds.denoise + milliseconds.decode) / 1000;
}

interface Torch {
  readonly name: string;
  run(): Promise<number>;
  stop(): void;
}

async function startTorch(threads: number): Promise<Torch> {
  const given = [join('bench', 'torch_peer.py'), join('training', 'configs', 'tiny', 'export.yaml'), `${threads}`];
  const env = { ...process.env, PYTHONPATH: join(packageRoot, 'training') };
  const program = spawn(python, given, { cwd: packageRoot, env, stdio: ['pipe', 'pipe', 'inherit'] });
  const next = readLines(program);
  const { name } = z.object({ name: z.string() }).parse(await next());
  return {
    name,
    async run() {
      program.stdin.write('\n');
      return z.object({ seconds: z.number() }).parse(await next()).seconds;
    },
    stop: () => program.stdin.end(),
  };
}

/** The JSON values a program prints, a line each. */
function readLines({ stdout }: ChildProcess): () => Promise<unknown> {
  if (stdout === null) throw new Error('no standard output to read');
  const lines = createInterface(stdout)[Symbol.asyncIterator]();
  return async () => {
    const { done, value } = await lines.next();
    if (done === true) throw new Error('PyTorch ended before it was measured');
    return JSON.parse(value);
  };
}
