import type { Job, JobDraft, JobEnd } from './job.js';

/** The jobs that are being worked on and those that wait, in service order. */
export interface ActiveJobs {
  readonly running: readonly Job[];
  readonly waiting: readonly Job[];
}

/** Where jobs live. Every method is atomic; several workers may share one store. */
export interface JobStore {
  /**
   * Accepts a draft, or answers the job it already became (`created` false).
   * @throws LikenessError `queue-full` when the member has `perMember` jobs waiting or running.
   */
  enqueue(draft: JobDraft, limits: { readonly perMember: number }): Promise<{ job: Job; created: boolean }>;
  get(id: string): Promise<Job | undefined>;
  /** Hands the next job to a worker for `milliseconds`; a running job whose lease ran out is handed out again first. */
  lease(holder: string, milliseconds: number): Promise<Job | undefined>;
  /** Prolongs a lease. Undefined when the holder has lost it, else the job as it is now. */
  extend(id: string, holder: string, milliseconds: number): Promise<Job | undefined>;
  /** Ends a running job; false when the holder has lost it. */
  finish(id: string, holder: string, end: JobEnd): Promise<boolean>;
  /** Ends a waiting job at once (`ended`), asks the worker of a running one to stop (`requested`); else `gone`. */
  cancel(id: string): Promise<'ended' | 'requested' | 'gone'>;
  active(): Promise<ActiveJobs>;
}
