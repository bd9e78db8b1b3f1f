import { randomUUID } from 'node:crypto';
import { type Member, sameMember, type Server } from '../chat/member.js';
import { LikenessError } from '../errors.js';
import { cancelled, endJob, type EndingParts, LEASE } from './ending.js';
import type { Estimator } from './estimate.js';
import { type Job, type JobDraft } from './job.js';
import type { Asker, Limits } from './limits.js';
import { waitBefore } from './status-board.js';
import type { ActiveJobs, QueueLimits } from './store.js';
import type { Worker } from './worker.js';

/** One of a member's own jobs in the queue. */
export interface QueuePlace {
  readonly jobId: string;
  readonly prompt: string;
  readonly running: boolean;
  /** Jobs that will be done before it. */
  readonly ahead: number;
  /** Milliseconds until it begins; undefined while nothing was measured. */
  readonly wait: number | undefined;
}

/** The queue as one member may see it: everyone's number, one's own places. */
export interface QueueOverview {
  readonly running: number;
  readonly waiting: number;
  /** Milliseconds that a portrait takes on average; undefined while nothing was measured. */
  readonly average: number | undefined;
  readonly own: readonly QueuePlace[];
  /** How many of one's own there may be. */
  readonly perMember: number;
}

/** A job, and whether it is a new one. */
export interface Accepted {
  readonly job: Job;
  readonly created: boolean;
}

/** What commands and platforms can do with jobs. */
export interface Jobs {
  /** Accepts a job and shows its place. @throws LikenessError `too-many-queued`, `queue-full`, and those of `Limits.take`. */
  submit(draft: JobDraft, standing?: Asker['standing']): Promise<Accepted>;
  /** Cancels a member's own job, waiting or running. @throws LikenessError `job-unknown` when it is not theirs or over. */
  cancel(jobId: string, member: Member): Promise<void>;
  overview(member: Member): Promise<QueueOverview>;
  /** Cancels everything of a member's and deletes what is kept of it. */
  forget(member: Member): Promise<void>;
  /** Cancels everything that was asked for in a server. */
  leave(server: Server): Promise<void>;
}

export interface JobsOptions extends EndingParts {
  readonly worker: Pick<Worker, 'wake' | 'abort'>;
  readonly estimator: Estimator;
  readonly limits: Limits;
  readonly queue: QueueLimits;
  readonly now?: () => number;
}

/** Puts the store, the worker and the status board together. */
export function createJobs(options: JobsOptions): Jobs {
  const { store, worker, board, estimator, limits, queue, now = Date.now } = options;
  const holder = randomUUID();

  const stop = async (job: Job): Promise<void> => {
    const outcome = await store.cancel(job.id, holder, LEASE);
    if (outcome === 'gone') throw new LikenessError('job-unknown');
    if (outcome === 'requested') return worker.abort(job.id);
    await endJob({ job, holder, ending: cancelled(job) }, options);
    await board.refresh();
  };
  /** Stops jobs, every one of them even where a member cannot be told; what is being delivered just now goes on. */
  const stopAll = async (fits: (job: Job) => boolean): Promise<void> => {
    const { running, waiting } = await store.active();
    const stoppable = [...running, ...waiting].filter((job) => job.state !== 'delivering' && fits(job));
    const outcomes = await Promise.allSettled(stoppable.map((job) => stop(job).catch(passOver)));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  };
  const placeOf = (job: Job, ahead: number, active: ActiveJobs): QueuePlace => {
    const running = job.state !== 'queued';
    const wait = running ? 0 : waitBefore(job, active, { estimator, now: now() });
    return { jobId: job.id, prompt: job.parameters.prompt, running, ahead, wait };
  };
  const accept = async (draft: JobDraft, giveBack: () => Promise<void>): Promise<Accepted> => {
    let created = false;
    try {
      const accepted = await store.enqueue(draft, queue);
      created = accepted.created;
      return accepted;
    } finally {
      if (!created) await giveBack();
    }
  };
  return {
    async submit(draft, standing) {
      const known = await store.find(draft);
      if (known) return { job: known, created: false };
      const giveBack = await limits.take({ ...draft, ...(standing && { standing }) });
      const accepted = await accept(draft, giveBack);
      if (!accepted.created) return accepted;
      await board.refresh();
      worker.wake();
      return accepted;
    },
    async cancel(jobId, member) {
      const job = await store.get(jobId);
      if (!job || !sameMember(job.member, member)) throw new LikenessError('job-unknown');
      await stop(job);
    },
    async overview(member) {
      const active = await store.active();
      const { running, waiting } = active;
      const own = [...running, ...waiting].flatMap((job, ahead) =>
        sameMember(job.member, member) ? [placeOf(job, ahead, active)] : [],
      );
      const [average, { perMember }] = [estimator.duration(1), queue];
      return { running: running.length, waiting: waiting.length, average, own, perMember };
    },
    async forget(member) {
      await stopAll((job) => sameMember(job.member, member));
      // What is being delivered is forgotten when it ends.
      await store.forget(member);
    },
    leave: ({ platform, id }) => stopAll(({ member, place }) => member.platform === platform && place.server === id),
  };
}

/** A job that ended meanwhile needs no stopping. */
function passOver(error: unknown): void {
  if (!(error instanceof LikenessError && error.code === 'job-unknown')) throw error;
}
