import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { packageRoot } from '../../src/config.js';
import { temporaryFolder } from '../temporary-folder.js';

/** A bundle with every graph in miniature: quick to run, and its pictures show plain colours. */
export const smallBundle = join(packageRoot, 'test', 'fixtures', 'bundle');

/** A photo of one face. */
export const photo = join(packageRoot, 'test', 'fixtures', 'astronaut.jpg');

/** How a run of the command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Starts the command from its sources, on the small bundle unless `env` says otherwise. It leads a process group of its
 * own, as it would under a shell: a key pressed at a terminal reaches the engine process too. `under` is a program that
 * runs it, with that program's arguments.
 */
export function startLikeness(
  given: readonly string[],
  env: Readonly<Record<string, string>> = {},
  under: readonly string[] = [],
): ChildProcess {
  const command = [process.execPath, '--import', 'tsx', join(packageRoot, 'src', 'cli.ts'), ...given];
  const [program = process.execPath, ...rest] = [...under, ...command];
  return spawn(program, rest, {
    cwd: packageRoot,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      LIKENESS_BUNDLE: smallBundle,
      LIKENESS_DATA: temporaryFolder(),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
}

/** Runs the command to its end. */
export async function likeness(given: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return ended(startLikeness(given, env));
}

/** Waits for a started command's end and everything it wrote. */
export async function ended(program: ChildProcess): Promise<Ended> {
  const [stdout, stderr] = [collect(program.stdout), collect(program.stderr)];
  await once(program, 'close');
  return { code: program.exitCode, stdout: stdout(), stderr: stderr() };
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: string[] = [];
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  return () => chunks.join('');
}
