import { LikenessError } from '../../pipeline/errors.js';
import type { Member } from '../platforms/platform.js';
import { translator } from '../texts.js';
import type { Vault } from '../vault/vault.js';
import type { Estimator } from './estimate.js';
import { type Job, type JobDraft, sameMember } from './job.js';
import { type StatusBoard, waitBefore } from './status-board.js';
import type { Limits } from './limits.js';
import type { ActiveJobs, JobStore, LineLimits } from './store.js';
import type { Worker } from './worker.js';

/** One of a member's own jobs in the line. */
export interface PlaceInLine {
  readonly jobId: string;
  readonly prompt: string;
  readonly running: boolean;
  /** Jobs that will be done before it. */
  readonly ahead: number;
  /** Milliseconds until it begins; undefined while nothing was measured. */
  readonly wait: number | undefined;
}

/** The line as one member may see it: everyone's number, one's own places. */
export interface LineOverview {
  readonly running: number;
  readonly waiting: number;
  readonly own: readonly PlaceInLine[];
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
  /** Accepts a job and shows its place. @throws LikenessError `queue-full`, `line-full`, `limit-member`, `limit-server`, `limit-global` */
  submit(draft: JobDraft): Promise<Accepted>;
  /** Cancels a member's own job, waiting or running. @throws LikenessError `job-unknown` when it is not theirs or over. */
  cancel(jobId: string, member: Member): Promise<void>;
  overview(member: Member): Promise<LineOverview>;
  /** Cancels everything of a member's and deletes what is kept of it. */
  forget(member: Member): Promise<void>;
}

export interface JobsOptions {
  readonly store: JobStore;
  readonly worker: Pick<Worker, 'wake' | 'abort'>;
  readonly board: StatusBoard;
  readonly vault: Vault;
  readonly estimator: Estimator;
  readonly limits: Limits;
  readonly line: LineLimits;
  readonly now?: () => number;
}

/** Puts the store, the worker and the status board together. */
export function createJobs(options: JobsOptions): Jobs {
  const { store, worker, board, vault, estimator, limits, line, now = Date.now } = options;

  const stop = async (job: Job): Promise<void> => {
    const outcome = await store.cancel(job.id);
    if (outcome === 'gone') throw new LikenessError('job-unknown');
    if (outcome === 'requested') return worker.abort(job.id);
    await vault.wipe(job.photos);
    await board.end(job);
    await board.reply(job).conclude(job.id, translator(job.locale)('errors.cancelled'));
    await board.refresh();
  };
  const ownJobs = async (member: Member): Promise<Job[]> => {
    const { running, waiting } = await store.active();
    return [...running, ...waiting].filter((job) => sameMember(job.member, member));
  };
  const placeOf = (job: Job, ahead: number, active: ActiveJobs): PlaceInLine => {
    const running = job.state !== 'queued';
    const wait = running ? 0 : waitBefore(job, active, { estimator, now: now() });
    return { jobId: job.id, prompt: job.parameters.prompt, running, ahead, wait };
  };
  const accept = async (draft: JobDraft, giveBack: () => Promise<void>): Promise<Accepted> => {
    let created = false;
    try {
      const accepted = await store.enqueue(draft, line);
      created = accepted.created;
      return accepted;
    } finally {
      if (!created) await giveBack();
    }
  };
  return {
    async submit(draft) {
      const known = await store.find(draft);
      if (known) return { job: known, created: false };
      const giveBack = await limits.take(draft);
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
      return { running: running.length, waiting: waiting.length, own, perMember: line.perMember };
    },
    async forget(member) {
      // What is being delivered just now cannot be stopped any more; it is forgotten when it ends.
      const stoppable = (await ownJobs(member)).filter(({ state }) => state !== 'delivering');
      for (const job of stoppable) await stop(job).catch(passOver);
      await store.forget(member);
    },
  };
}

/** A job that ended meanwhile needs no stopping. */
function passOver(error: unknown): void {
  if (!(error instanceof LikenessError && error.code === 'job-unknown')) throw error;
}
