import { LikenessError } from '../../pipeline/errors.js';
import type { Member } from '../platforms/platform.js';
import { translator } from '../texts.js';
import type { Vault } from '../vault/vault.js';
import type { Estimator } from './estimate.js';
import { type Job, type JobDraft, sameMember } from './job.js';
import { type StatusBoard, waitBefore } from './status-board.js';
import type { ActiveJobs, JobStore } from './store.js';
import type { Worker } from './worker.js';

/** How many jobs of one member may wait or run at a time. */
export const MAX_JOBS_PER_MEMBER = 5;

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
}

/** What commands and platforms can do with jobs. */
export interface Jobs {
  /** Accepts a job and shows its place. @throws LikenessError `queue-full` */
  submit(draft: JobDraft): Promise<{ job: Job; created: boolean }>;
  /** Cancels a member's own job, waiting or running. @throws LikenessError `job-unknown` when it is not theirs or over. */
  cancel(jobId: string, member: Member): Promise<void>;
  overview(member: Member): Promise<LineOverview>;
  /** Cancels everything of a member's. */
  forget(member: Member): Promise<void>;
}

export interface JobsOptions {
  readonly store: JobStore;
  readonly worker: Pick<Worker, 'wake' | 'abort'>;
  readonly board: StatusBoard;
  readonly vault: Vault;
  readonly estimator: Estimator;
  readonly perMember?: number;
  readonly now?: () => number;
}

/** Puts the store, the worker and the status board together. */
export function createJobs(options: JobsOptions): Jobs {
  const { store, worker, board, vault, estimator, perMember = MAX_JOBS_PER_MEMBER, now = Date.now } = options;

  const stop = async (job: Job): Promise<void> => {
    const outcome = await store.cancel(job.id);
    if (outcome === 'gone') throw new LikenessError('job-unknown');
    if (outcome === 'requested') return worker.abort(job.id);
    vault.wipe(job.photos);
    await board.end(job);
    await board.reply(job).conclude(job.id, translator(job.locale)('errors.cancelled'));
    await board.refresh();
  };
  const ownJobs = async (member: Member): Promise<Job[]> => {
    const { running, waiting } = await store.active();
    return [...running, ...waiting].filter((job) => sameMember(job.member, member));
  };
  const placeOf = (job: Job, ahead: number, active: ActiveJobs): PlaceInLine => {
    const running = job.state === 'running';
    const wait = running ? 0 : waitBefore(job, active, { estimator, now: now() });
    return { jobId: job.id, prompt: job.parameters.prompt, running, ahead, wait };
  };
  return {
    async submit(draft) {
      const accepted = await store.enqueue(draft, { perMember });
      if (accepted.created) {
        await board.refresh();
        worker.wake();
      }
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
      return { running: running.length, waiting: waiting.length, own };
    },
    async forget(member) {
      for (const job of await ownJobs(member)) await stop(job);
    },
  };
}
