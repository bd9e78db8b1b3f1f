import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { packageRoot } from '../src/config.js';

/** Starts the built `likeness` command, as an operator does; its output is piped. */
export function startLikeness(given: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  return spawn(process.execPath, [join(packageRoot, 'dist', 'src', 'cli.js'), ...given], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Waits for a program's end. @throws with what it wrote to standard error when its exit code is not 0. */
export async function finish(program: ChildProcess): Promise<void> {
  const errors: string[] = [];
  program.stderr?.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  program.stdout?.resume();
  const [code] = await once(program, 'close');
  if (code !== 0) throw new Error(`likeness ended with ${String(code)}: ${errors.join('').trim()}`);
}
