import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { summarise, type Measurement } from './measurement.js';
import { startLikeness } from './program.js';

const runs = 5;

/** From starting `likeness serve` to the line that says it is ready, engine and web chat included. */
export async function measureStart(): Promise<Measurement[]> {
  const seconds: number[] = [];
  for (let run = 0; run < runs; run++) seconds.push(await startOnce());
  return [{ name: 'start-to-ready', unit: 's', goal: 3, ...summarise(seconds) }];
}

async function startOnce(): Promise<number> {
  const start = performance.now();
  const program = startLikeness(['serve', '--port', '0']);
  program.stderr?.resume();
  if (program.stdout === null) throw new Error('no standard output to read');
  const lines = createInterface(program.stdout);
  await Promise.race([once(lines, 'line'), once(program, 'exit')]);
  const seconds = (performance.now() - start) / 1000;
  if (program.exitCode !== null) throw new Error(`likeness serve ended with ${program.exitCode}`);
  const ended = once(program, 'exit');
  program.kill('SIGTERM');
  await ended;
  return seconds;
}
