import { randomUUID } from 'node:crypto';
import { Job as QueuedJob, Queue } from 'bullmq';
import { z } from 'zod';
import type { Redis } from '../../data/redis.js';
import { LikenessError } from '../../errors.js';
import type { Job, JobDraft, JobEnd } from '../job.js';
import type { JobStore, QueueLimits, SharedJobStore } from '../store.js';
import { idOf, type JobData, type KeptJob, ownerOf, readRecord, records } from './record.js';
import * as scripts from './scripts.js';

/** How long an ended job is remembered, in seconds, so that a redelivered invocation is recognised. */
const REMEMBERED = 24 * 60 * 60;
/** Milliseconds until it is known that a process which made room for a job died before the job was there. */
const ROOM = 60_000;
/** Milliseconds a job is somebody's before it is known for how long they want it. */
const MOMENT = 30_000;
/** BullMQ's lowest priority; rounds begin anew whenever the queue is empty. */
const LAST_ROUND = 2 ** 21 - 1;

const room = z.union([
  z.tuple([z.literal('known')]),
  z.tuple([z.enum(['too-many-queued', 'queue-full']), z.number()]),
  z.tuple([z.literal('room'), z.number(), z.number(), z.number()]),
]);
const outcome = z.enum(['gone', 'requested', 'held']);
const taken = z.string().nullable();

export interface BullmqOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Begins the names of all keys. */
  readonly prefix?: string;
}

/** What both halves of the store work with. */
interface QueueAccess {
  readonly queue: Queue;
  run(script: string, ...values: readonly (string | number)[]): Promise<unknown>;
  find(id: string): Promise<KeptJob | undefined>;
  get(id: string): Promise<Job | undefined>;
  /** Ends a job that is the holder's; false when it is not any more. */
  end(id: string, holder: string, end: JobEnd): Promise<boolean>;
  readonly now: () => number;
}

/**
 * A job store on a queue of BullMQ's, for several processes. All there is to know of a job is in BullMQ's own record of it,
 * and leases are its locks, which Redis lets expire: no process's clock says who is alive.
 */
export function createBullmqStore(redis: Redis, options: BullmqOptions = {}): SharedJobStore {
  const access = openQueue(redis, options);
  return { ...waitingOf(access), ...leasesOf(access), close: () => access.queue.close() };
}

function openQueue(redis: Redis, { now = Date.now, prefix = 'likeness' }: BullmqOptions): QueueAccess {
  // Jobs are fetched by hand, so the queue itself is told what a worker would be; of its events nobody reads.
  const options = { connection: redis, prefix, lockDuration: MOMENT, streams: { events: { maxLen: 0 } } };
  const queue = new Queue('portraits', options);
  // The connection's owner is told of its errors.
  queue.on('error', () => undefined);
  const keys = queue.toKey('');
  const run: QueueAccess['run'] = (script, ...values) => redis.eval(script, 0, keys, ...values);
  const find: QueueAccess['find'] = async (id) => {
    const [found] = records.parse(await run(scripts.READ, id));
    return found && readRecord(found, now());
  };
  return {
    queue,
    run,
    find,
    get: async (id) => (await find(id))?.job,
    async end(id, holder, end) {
      const [kept, queued] = [await find(id), await QueuedJob.fromId(queue, id)];
      if (!kept || !queued) return false;
      queued.opts.removeOnComplete = kept.forgotten ? true : { age: REMEMBERED };
      if (!(await ifHeld(() => queued.moveToCompleted(end, holder, false)))) return false;
      await run(scripts.DROP_FORGOTTEN, id);
      return true;
    },
    now,
  };
}

type WaitingMethods = 'enqueue' | 'find' | 'get' | 'cancel' | 'active' | 'dropOld' | 'forget';

/** What members do with their jobs. */
function waitingOf({ queue, run, get, now }: QueueAccess): Pick<JobStore, WaitingMethods> {
  const add = async (draft: JobDraft, round: number, sequence: number): Promise<void> => {
    const data: JobData = { draft, sequence };
    const priority = Math.min(round, LAST_ROUND) + 1;
    await queue.add(ownerOf(draft.member), data, { jobId: idOf(draft), priority, timestamp: now() });
    await run(scripts.FILL_ROOM, idOf(draft));
  };
  const enqueue = async (draft: JobDraft, limits: QueueLimits): Promise<{ job: Job; created: boolean }> => {
    const id = idOf(draft);
    const values = [id, ownerOf(draft.member), limits.perMember, limits.total, ROOM, randomUUID()];
    const answer = room.parse(await run(scripts.MAKE_ROOM, ...values));
    if (answer[0] === 'too-many-queued' || answer[0] === 'queue-full')
      throw new LikenessError(answer[0], { count: answer[1] });
    if (answer[0] === 'room') await add(draft, answer[2], answer[3]);
    const job = await get(id);
    // It can only be missing where it was forgotten in this moment.
    return job ? { job, created: answer[0] === 'room' && answer[1] === 1 } : enqueue(draft, limits);
  };
  return {
    enqueue,
    find: (draft) => get(idOf(draft)),
    get,
    cancel: async (id, holder, milliseconds) =>
      outcome.parse(await run(scripts.CANCEL, id, holder, milliseconds, now())),
    async active() {
      const [busy, idle] = z.tuple([records, records]).parse(await run(scripts.READ_LINE));
      const inOrder = (found: typeof busy): Job[] =>
        found
          .map((each) => readRecord(each, now()))
          .sort((a, b) => a.round - b.round || a.job.sequence - b.job.sequence)
          .map(({ job }) => job);
      return { running: inOrder(busy).sort((a, b) => a.sequence - b.sequence), waiting: inOrder(idle) };
    },
    dropOld: async () => void (await queue.clean(REMEMBERED * 1000, 0, 'completed')),
    forget: async (member) => void (await run(scripts.FORGET, ownerOf(member))),
  };
}

/** What workers do with them. */
function leasesOf({ queue, run, get, end, now }: QueueAccess): Omit<SharedJobStore, WaitingMethods | 'close'> {
  const backend = queue.getBackend();
  /** The next job in the queue, by BullMQ's own order. */
  const takeNext = async (holder: string, milliseconds: number): Promise<string | null> => {
    const [, id]: readonly unknown[] = await backend.moveToActive(holder);
    if (typeof id !== 'string') return null;
    await run(scripts.SERVE, id, holder, milliseconds);
    return id;
  };
  const takeLapsed = async (holder: string, milliseconds: number, made: 0 | 1): Promise<string | null> =>
    taken.parse(await run(scripts.TAKE_LAPSED, holder, milliseconds, now(), made));
  return {
    async lease(holder, milliseconds) {
      const lapsed = await takeLapsed(holder, milliseconds, 0);
      const id = lapsed ?? (await takeNext(holder, milliseconds));
      return id === null ? undefined : get(id);
    },
    async leaseOverdue(holder, milliseconds, acceptedBy) {
      const id = taken.parse(await run(scripts.TAKE_OVERDUE, holder, milliseconds, now(), acceptedBy));
      return id === null ? undefined : get(id);
    },
    extend: async (id, holder, milliseconds) =>
      (await backend.extendLock(id, holder, milliseconds)) === 1 ? get(id) : undefined,
    beginDelivery: async (id, holder, ending) =>
      (await run(scripts.NOTE_ENDING, id, holder, JSON.stringify(ending))) === 1,
    handOver: async (id, holder, ending) => (await run(scripts.HAND_OVER, id, holder, JSON.stringify(ending))) === 1,
    async leaseMade(holder, milliseconds) {
      const id = await takeLapsed(holder, milliseconds, 1);
      return id === null ? undefined : get(id);
    },
    finish: end,
    retry: (id, holder, milliseconds) =>
      ifHeld(() => backend.moveToDelayed(id, now(), milliseconds, holder, { skipAttempt: true })),
  };
}

/** BullMQ's codes for a job that is gone, nobody's, not under way, or somebody else's. */
const NOT_HELD: readonly unknown[] = [-1, -2, -3, -6];

/** Does what only a job's holder can; false when that is somebody else by now. */
async function ifHeld(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && NOT_HELD.includes(error.code)) return false;
    throw error;
  }
}
