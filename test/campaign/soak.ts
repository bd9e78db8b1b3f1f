import { appendFileSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Program } from '../crash/program.js';
import { startRedis } from '../redis-server.js';
import type { Dice } from './random.js';
import { type Sample, sample, slopePerHour } from './samples.js';
import { openStage, type Stage } from './stage.js';
import { createVisits, type Visit } from './visits.js';

/** Members on each platform. */
const MEMBERS = 4;
/** Milliseconds from one visit to the next, and from one sample to the next. */
const VISIT = 4000;
const SAMPLE = 30_000;
/** Each of so many samples comes with the heap collected. */
const COLLECT = 10;
/** Milliseconds that an album takes, and pixels of its pictures' side. */
const PACE = 150;
const SIDE = 128;
/** The part of the time in which libraries are read and code is compiled. */
const WARM_UP = 0.1;

export interface SoakParts {
  /** The program's process, compiled. */
  readonly compiled: string;
  readonly dice: Dice;
  readonly minutes: number;
  /** Where samples and the last snapshots are written. */
  readonly folder: string;
}

/** What was seen of one store's programs. */
export interface Soaked {
  readonly name: string;
  readonly samples: Readonly<Record<string, readonly Sample[]>>;
  readonly visits: readonly Visit[];
}

/** The one program with its embedded store, visited slowly and steadily. */
export async function soakEmbedded(parts: SoakParts): Promise<Soaked> {
  const stage = await openStage(parts.compiled, { pace: PACE, side: SIDE });
  return soak(stage, { name: 'embedded', programs: { serve: await stage.start() }, ...parts });
}

/** The process that talks to members and the one that makes albums, around one Redis. */
export async function soakShared(parts: SoakParts): Promise<Soaked> {
  const redis = await startRedis();
  const stage = await openStage(parts.compiled, { pace: PACE, side: SIDE, redis: { url: redis.url } });
  const programs = { chat: await stage.start({ role: 'chat' }), worker: await stage.start({ role: 'worker' }) };
  const soaked = await soak(stage, { name: 'redis', programs, ...parts });
  await redis.stop();
  return soaked;
}

interface Subject extends SoakParts {
  readonly name: string;
  readonly programs: Readonly<Record<string, Program>>;
}

async function soak(stage: Stage, { name, programs, minutes, dice, folder }: Subject): Promise<Soaked> {
  mkdirSync(folder, { recursive: true });
  const visit = await createVisits(stage, await stage.invite(MEMBERS), dice);
  const began = performance.now();
  const passed = (): number => (performance.now() - began) / 60_000;
  const visits: Visit[] = [];
  const visiting = async (): Promise<void> => {
    while (passed() < minutes) {
      const next = performance.now() + VISIT;
      const seen = await visit();
      visits.push(seen);
      if (!seen.answered) appendFileSync(join(folder, `${name}.unanswered`), `${passed()} ${JSON.stringify(seen)}\n`);
      await delay(Math.max(0, next - performance.now()));
    }
  };
  const watching = async (role: string, program: Program): Promise<[string, Sample[]]> => {
    const file = join(folder, `${name}-${role}.csv`);
    const samples: Sample[] = [];
    while (passed() < minutes) {
      const next = performance.now() + SAMPLE;
      const collect = samples.length % COLLECT === 0;
      const seen = await sample(program, { data: stage.data, minutes: passed(), collect });
      if (samples.length === 0) writeFileSync(file, `${Object.keys(seen).join(',')}\n`);
      appendFileSync(file, `${Object.values(seen).join(',')}\n`);
      samples.push(seen);
      await delay(Math.max(0, next - performance.now()));
    }
    // Only now: a snapshot leaves the process larger than it was by several times its heap.
    await program.memory('snapshot');
    copyFileSync(join(stage.data, `${program.pid}.heapsnapshot`), join(folder, `${name}-${role}.heapsnapshot`));
    return [role, samples];
  };
  const [samples] = await Promise.all([
    Promise.all(Object.entries(programs).map(([role, program]) => watching(role, program))),
    visiting(),
  ]);
  for (const program of Object.values(programs)) await program.stop();
  await stage.close();
  return { name, samples: Object.fromEntries(samples), visits };
}

const MEBIBYTE = 2 ** 20;

/** What is shown of each sample. */
const SHOWN: Readonly<Record<string, (held: Sample) => number | undefined>> = {
  'resident memory, MiB': ({ rss }) => rss / MEBIBYTE,
  'heap, MiB': ({ heap }) => heap / MEBIBYTE,
  'heap after collection, MiB': ({ kept }) => (kept === undefined ? undefined : kept / MEBIBYTE),
  'external memory, MiB': ({ external }) => external / MEBIBYTE,
  connections: ({ sockets }) => sockets,
  'other descriptors': ({ files }) => files,
  'database, MiB': ({ database }) => database / MEBIBYTE,
  'processor, % of a core': ({ cpu }) => cpu,
};

/**
 * The curves as Markdown: when libraries were read and code was compiled, after a quarter, half and three quarters of the time, at its
 * end, and how much is added in an hour, in the last half of the time alone: albums are remembered for half an hour.
 */
export function renderSoak(soaked: readonly Soaked[]): string {
  const rows = soaked.flatMap(({ name, samples }) =>
    Object.entries(samples).flatMap(([role, all]) =>
      Object.entries(SHOWN)
        .filter(([, read]) => all.some((held) => (read(held) ?? 0) > 0))
        .map(([what, read]) => `| ${name}, ${role} | ${what} | ${curve(all, read).join(' | ')} |`),
    ),
  );
  return [
    '| process | what | first | quarter | half | three quarters | last | added in an hour |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
    ...soaked.map(({ name, visits }) => `- ${name}: ${count(visits)}.`),
  ].join('\n');
}

function curve(all: readonly Sample[], read: (held: Sample) => number | undefined): string[] {
  const warm = all.slice(Math.floor(all.length * WARM_UP));
  const points = warm.flatMap((held): [number, number][] => {
    const value = read(held);
    return value === undefined ? [] : [[held.minutes, value]];
  });
  const shown = [0, 0.25, 0.5, 0.75, 1].map((share) => points[Math.round(share * (points.length - 1))]?.[1]);
  return [
    ...shown.map((value) => (value ?? Number.NaN).toFixed(1)),
    slopePerHour(points.slice(points.length / 2)).toFixed(2),
  ];
}

function count(visits: readonly Visit[]): string {
  const kinds = new Map<string, number>();
  for (const { kind } of visits) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const unanswered = visits.filter(({ answered }) => !answered).length;
  return [...[...kinds].map(([kind, times]) => `${kind}: ${times}`), `never answered: ${unanswered}`].join(', ');
}
