import { setImmediate as turn } from 'node:timers/promises';
import { createEstimator } from '../../src/jobs/estimate.js';
import { createExpiry } from '../../src/jobs/expiry.js';
import { createJobs, type Jobs } from '../../src/jobs/jobs.js';
import { createStatusBoard } from '../../src/jobs/status-board.js';
import type { EmbeddedJobStore } from '../../src/jobs/store.js';
import { createDeliveringWorker } from '../../src/jobs/worker.js';
import type { Vault } from '../../src/vault/vault.js';
import { createTestEngine, type TestEngine } from '../fakes/engine.js';
import { testPresets } from '../fakes/presets.js';
import type { Outside } from './chats.js';
import { createMortal, type Mortal } from './mortal.js';

/** What outlives a process. */
export interface Lasting {
  readonly store: EmbeddedJobStore;
  readonly vault: Vault;
  readonly outsides: readonly Outside[];
  readonly now: () => number;
}

/** One process between a command and its platforms, from start to death. Its engine stops half-way until let go on. */
export interface Life {
  readonly mortal: Mortal;
  readonly jobs: Jobs;
  readonly engine: TestEngine;
  /** Lets the engine go on until no job can be taken, or the process has died. */
  work(): Promise<void>;
  sweep(): Promise<void>;
  /** Waits for something this process does; for nothing more once it is dead. */
  unlessDead(doing: Promise<unknown>): Promise<void>;
  /** Lets everything happen that can happen without the engine. */
  settle(): Promise<void>;
}

/** Turns of the event loop after which nothing more comes of what was done. */
const TURNS = 8;

/** Begins as the program does: takes up what was left, tells its members, looks for work. */
export async function beginLife({ store: lasting, vault: box, outsides, now }: Lasting): Promise<Life> {
  const mortal = createMortal();
  const engine = createTestEngine();
  engine.hold();
  let tellIdle: () => void = () => undefined;
  const wrapped = mortal.wrap(lasting);
  const store: EmbeddedJobStore = new Proxy(wrapped, {
    get: (target, name) =>
      name === 'lease'
        ? async (...given: Parameters<EmbeddedJobStore['lease']>) => {
            const job = await target.lease(...given);
            if (!job) tellIdle();
            return job;
          }
        : Reflect.get(target, name),
  });
  const vault = mortal.wrap(box);
  const platforms = new Map(outsides.map((outside) => outside.connect(mortal)).map((each) => [each.name, each]));
  const estimator = createEstimator();
  const board = createStatusBoard({ store, platforms, estimator, now });
  const endings = { store, board, vault, onError: () => undefined };
  const worker = createDeliveringWorker({
    ...endings,
    enter: async () => 'late' as const,
    presets: testPresets,
    engine: mortal.wrap(engine),
    estimator,
    now,
  });
  const limits = { take: async () => async () => undefined, usage: async () => [] };
  const queue = { perMember: 4, total: 9 };
  const jobs = createJobs({ ...endings, worker, estimator, limits, queue, now });
  const expiry = createExpiry({ ...endings, now });
  const unlessDead = async (doing: Promise<unknown>): Promise<void> => void (await Promise.race([doing, mortal.death]));
  const settle = async (): Promise<void> => {
    for (let turns = 0; turns < TURNS; turns++) await turn();
  };
  await store.recover();
  await board.resume();
  worker.wake();
  await settle();
  return {
    mortal,
    jobs,
    engine,
    async work() {
      const idle = new Promise<void>((resolve) => (tellIdle = resolve));
      engine.release();
      worker.wake();
      await unlessDead(idle);
      engine.hold();
      await settle();
    },
    async sweep() {
      await unlessDead(expiry.sweep());
      await settle();
    },
    unlessDead,
    settle,
  };
}
