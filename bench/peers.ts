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
import type { Scale } from './scale.js';

const runs = 5;
const python = process.env['LIKENESS_PYTHON'] ?? join(packageRoot, 'training', '.venv', 'bin', 'python');

const kinds = ['pytorch', 'compile', 'onnxruntime', 'openvino'] as const;

/** Denoising and decoding one batch: by the engine and by each peer in turn, with the same weights, steps and threads. */
export async function measureAgainstPeers({ quick }: Scale): Promise<Measurement[]> {
  if (!existsSync(python)) {
    console.error('Left out: install the training package (CONTRIBUTING.md), or name its Python in LIKENESS_PYTHON.');
    return [];
  }
  const config = loadConfig({ env: process.env, cwd: process.cwd() });
  const engine = await composeCli().createEngine(config);
  const peers: Peer[] = [];
  const ours: number[] = [];
  try {
    for (const kind of kinds) {
      const peer = await startPeer(kind, config.engine.threads);
      if (peer) peers.push(peer);
    }
    const { bundle } = await engine.start();
    const photos = [await readPhoto(photoFile)];
    const { batch } = bundle.diffusion;
    const request = { photos, prompt: 'smiling', count: 1, candidates: batch, strength: 80 };
    await runEngine(engine, { ...request, seed: 0 });
    for (let seed = 1; seed <= (quick ? 2 : runs); seed++) {
      ours.push(await runEngine(engine, { ...request, seed }));
      for (const peer of peers) peer.seconds.push(await peer.run());
    }
  } finally {
    for (const peer of peers) peer.stop();
    await engine.close();
  }
  const own = summarise(ours);
  return peers.map(({ kind, name, seconds }) => {
    const { value } = summarise(seconds);
    const peer = { name, value, ratio: Number((value / own.value).toFixed(2)) };
    return { name: `denoise-and-decode-batch-${kind}`, unit: 's', ...own, peer };
  });
}

async function runEngine(engine: Engine, request: PortraitRequest): Promise<number> {
  const { milliseconds } = await engine.portrait(request);
  return (milliseconds.denoise + milliseconds.decode) / 1000;
}

interface Peer {
  readonly kind: string;
  readonly name: string;
  /** Of its runs so far. */
  readonly seconds: number[];
  run(): Promise<number>;
  stop(): void;
}

/** A peer that is ready; undefined, and why on standard error, where it cannot run on this machine. */
async function startPeer(kind: string, threads: number): Promise<Peer | undefined> {
  const given = [join('bench', 'peer.py'), kind, join('training', 'configs', 'tiny.yaml'), `${threads}`];
  const env = { ...process.env, PYTHONPATH: join(packageRoot, 'training') };
  const program = spawn(python, given, { cwd: packageRoot, env, stdio: ['pipe', 'pipe', 'inherit'] });
  const next = readLines(program);
  const said = z
    .object({ name: z.string() })
    .or(z.object({ missing: z.string() }))
    .parse(await next());
  if ('missing' in said) {
    console.error(`Left out: ${said.missing}`);
    return undefined;
  }
  return {
    kind,
    name: said.name,
    seconds: [],
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
    if (done === true) throw new Error('a peer ended before it was measured');
    return JSON.parse(value);
  };
}
