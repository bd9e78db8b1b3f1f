import { Keyv } from 'keyv';
import type { PlatformName } from '../../src/chat/member.js';
import type { ChatPlatform } from '../../src/chat/platform.js';
import { IN_MEMORY, openDatabase } from '../../src/data/database.js';
import { createCounts } from '../../src/jobs/counts.js';
import { createEstimator } from '../../src/jobs/estimate.js';
import { createExpiry } from '../../src/jobs/expiry.js';
import type { JobDraft } from '../../src/jobs/job.js';
import { createJobs } from '../../src/jobs/jobs.js';
import { createLimits } from '../../src/jobs/limits.js';
import { createSqliteStore } from '../../src/jobs/sqlite.js';
import { createStatusBoard } from '../../src/jobs/status-board.js';
import { createDeliveringWorker, type DeliveringWorkerOptions } from '../../src/jobs/worker.js';
import { createMemoryVault } from '../../src/vault/memory.js';
import { draft } from '../contract/job-store.js';
import { createTestEngine } from '../fakes/engine.js';
import { createRecordingPlatform } from '../fakes/platform.js';
import { testPresets } from '../fakes/presets.js';

const ALBUMS = { hour: 100, day: 100 };
export const MINUTE = 60_000;

/** Everything between a command and a platform, with a test engine, on a clock the test moves. */
export function world() {
  let now = 1_000_000;
  const clock = { now: () => now };
  const platform = createRecordingPlatform();
  const platforms = new Map<PlatformName, ChatPlatform>([['web', platform]]);
  const engine = createTestEngine();
  const vault = createMemoryVault();
  const store = createSqliteStore(openDatabase(IN_MEMORY), clock);
  const estimator = createEstimator();
  const errors: unknown[] = [];
  const board = createStatusBoard({ store, platforms, estimator });
  const onError = (error: unknown) => void errors.push(error);
  const parts = { store, board, vault, onError };
  const enter = async () => 'late' as const;
  /** Another process at the same store and vault. */
  const startWorker = (changed: Partial<DeliveringWorkerOptions> = {}) =>
    createDeliveringWorker({ ...parts, enter, presets: testPresets, engine, estimator, ...clock, ...changed });
  const worker = startWorker();
  const settings = { member: ALBUMS, server: ALBUMS, global: ALBUMS };
  const limits = createLimits({
    settings,
    counts: createCounts({ facts: new Keyv(), ...clock }),
    serverLimits: async () => ({}),
    ...clock,
  });
  const queue = { perMember: 5, total: 50 };
  const jobs = createJobs({ ...parts, worker, estimator, limits, queue, ...clock });
  const request = async (member: string, key: string): Promise<JobDraft> => ({
    ...draft(member, key),
    photos: [await vault.put(Uint8Array.of(1, 2, 3))],
  });
  const expiry = createExpiry({ ...parts, ...clock });
  const advance = (milliseconds: number) => void (now += milliseconds);
  return { platform, engine, vault, store, worker, startWorker, jobs, limits, expiry, errors, request, advance };
}
