import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { presetsOf } from '../src/chat/presets.js';
import { composeChat } from '../src/compose/chat.js';
import { defaultLimits } from '../src/config.js';
import { closeDatabase, openDatabase, type SqlDatabase } from '../src/data/database.js';
import { LikenessError } from '../src/errors.js';
import type { PortraitEngine } from '../src/jobs/engine.js';
import type { JobDraft } from '../src/jobs/job.js';
import { createSqliteStore } from '../src/jobs/sqlite.js';
import { summarise, type Measurement } from './measurement.js';
import type { Scale } from './scale.js';

const ROOMY = { perMember: 1_000_000, total: 1_000_000 };
const presets = presetsOf({ styles: {}, expressions: {}, sides: {}, tilts: {}, classWords: [] });

/** The store on a disk: how fast it accepts, and how long a start takes when everything waits. */
export async function measureStore({ quick }: Scale): Promise<Measurement[]> {
  const [runs, accepted, waiting] = quick ? [1, 100, 200] : [3, 2000, 10_000];
  const rates: number[] = [];
  const recoveries: number[] = [];
  for (let run = 0; run < runs; run++) {
    rates.push(await inFolder((data) => acceptPerSecond(data, accepted)));
    recoveries.push(await inFolder((data) => recover(data, waiting)));
  }
  return [
    { name: 'store-accepts', unit: '1/s', ...summarise(rates) },
    { name: `store-recovery-of-${waiting}`, unit: 's', ...summarise(recoveries) },
  ];
}

async function inFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'likeness-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function acceptPerSecond(data: string, count: number): Promise<number> {
  const database = openDatabase(join(data, 'likeness.db'));
  const start = performance.now();
  await fill(database, count);
  const rate = (count * 1000) / (performance.now() - start);
  closeDatabase(database);
  return rate;
}

/** From the start of the chats to the first job being worked on, the waiting ones all known and told. */
async function recover(data: string, count: number): Promise<number> {
  const database = openDatabase(join(data, 'likeness.db'));
  // How they came there is not measured.
  database.pragma('synchronous = OFF');
  await fill(database, count);
  closeDatabase(database);
  const engine = createStuckEngine();
  const limits = { ...defaultLimits, line: ROOMY.total };
  const config = { host: '127.0.0.1', port: 0, data, limits };
  const start = performance.now();
  const chat = composeChat({ config, engine, presets, log: pino({ level: 'silent' }) });
  await chat.start();
  await engine.working;
  const seconds = (performance.now() - start) / 1000;
  const stopped = chat.stop();
  engine.fail();
  await stopped;
  return seconds;
}

/** An engine that works on its first album until it is told to fail. */
function createStuckEngine(): PortraitEngine & { readonly working: Promise<void>; fail(): void } {
  let begin: () => void = () => undefined;
  let fail: () => void = () => undefined;
  const working = new Promise<void>((resolve) => (begin = resolve));
  return {
    working,
    fail: () => fail(),
    portrait: () =>
      new Promise((_resolve, reject) => {
        fail = () => reject(new LikenessError('engine-timeout'));
        begin();
      }),
  };
}

async function fill(database: SqlDatabase, count: number): Promise<void> {
  const store = createSqliteStore(database);
  for (let index = 0; index < count; index++) await store.enqueue(draft(index), ROOMY);
}

/** A request of one of a thousand members of the web chat. */
function draft(index: number): JobDraft {
  const id = `member-${index % 1000}`;
  const parameters = { prompt: 'smiling, looking left, pencil sketch', count: 4, strength: 80, seed: index };
  return {
    key: `request-${index}`,
    member: { platform: 'web', id },
    place: { kind: 'direct', id },
    address: { session: id, key: `request-${index}` },
    locale: 'en',
    photos: [],
    parameters,
    options: { ...parameters },
  };
}
