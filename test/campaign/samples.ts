import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from '../crash/program.js';

/** What a process holds at one moment; memory and files in bytes. */
export interface Sample {
  /** Since the soak began. */
  readonly minutes: number;
  readonly rss: number;
  readonly heap: number;
  /** The heap after everything that nobody holds was collected; not in each sample. */
  readonly kept: number | undefined;
  readonly external: number;
  /** Open descriptors that are connections, and the others. */
  readonly sockets: number;
  readonly files: number;
  /** The database with what is not merged into it yet; 0 around a Redis. */
  readonly database: number;
  /** Of one core, since the process began, in percent. */
  readonly cpu: number;
}

/** Looks at a process, on Linux; with `collect` its heap is collected as well, after everything else was looked at. */
export async function sample(
  program: Program,
  { data, minutes, collect }: { readonly data: string; readonly minutes: number; readonly collect: boolean },
): Promise<Sample> {
  const usage = await program.memory('measure');
  const kinds = readdirSync(`/proc/${program.pid}/fd`).map((name) => kindOf(`/proc/${program.pid}/fd/${name}`));
  const sockets = kinds.filter((kind) => kind === 'socket').length;
  const held = {
    minutes,
    rss: usage.rss,
    heap: usage.heapUsed,
    external: usage.external,
    sockets,
    files: kinds.length - sockets,
    database: ['likeness.db', 'likeness.db-wal'].reduce((sum, name) => sum + sizeOf(join(data, name)), 0),
    cpu: processorShare(program.pid),
  };
  return { ...held, kept: collect ? (await program.memory('collect')).heapUsed : undefined };
}

function kindOf(path: string): 'socket' | 'file' {
  try {
    return readlinkSync(path).startsWith('socket:') ? 'socket' : 'file';
  } catch {
    // It was closed meanwhile.
    return 'file';
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Ticks of the clock that `/proc` counts in. */
const TICKS = 100;

function processorShare(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system, began] = [fields[11], fields[12], fields[19]].map(Number);
  const up = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
  return (((user ?? 0) + (system ?? 0)) / TICKS / (up - (began ?? 0) / TICKS)) * 100;
}

/** How much a value grows in an hour, by least squares. */
export function slopePerHour(points: readonly (readonly [minutes: number, value: number])[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [time, level] = [mean(points.map(([minutes]) => minutes)), mean(points.map(([, value]) => value))];
  const along = points.reduce((sum, [minutes, value]) => sum + (minutes - time) * (value - level), 0);
  const spread = points.reduce((sum, [minutes]) => sum + (minutes - time) ** 2, 0);
  return (along / spread) * 60;
}
