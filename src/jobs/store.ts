import type { Member } from '../chat/member.js';
import type { Job, JobDraft, JobEnd, JobEnding } from './job.js';

/** The jobs that are being worked on or delivered and those that wait, in service order. */
export interface ActiveJobs {
  readonly running: readonly Job[];
  readonly waiting: readonly Job[];
}

/** How many jobs may wait or run. */
export interface QueueLimits {
  /** Of one member. */
  readonly perMember: number;
  /** Of everyone together. */
  readonly total: number;
}

/** Where jobs live. Every method is atomic; several workers may share one store. */
export interface JobStore {
  /**
   * Accepts a draft, or answers the job it already became (`created` false).
   * @throws LikenessError `too-many-queued` when the member has `perMember` jobs waiting or running, `queue-full` when all have `total`.
   */
  enqueue(draft: JobDraft, limits: QueueLimits): Promise<{ job: Job; created: boolean }>;
  get(id: string): Promise<Job | undefined>;
  /** The job a draft with this key became, where it is remembered. */
  find(draft: Pick<JobDraft, 'member' | 'key'>): Promise<Job | undefined>;
  /**
   * Hands the next job to a worker for `milliseconds`; one whose lease ran out is handed out again first, in the state it
   * was left in. Everyone's first comes before anyone's second; a member's running job counts as their first.
   */
  lease(holder: string, milliseconds: number): Promise<Job | undefined>;
  /** Hands out the oldest waiting job that was accepted at `acceptedBy` or earlier. */
  leaseOverdue(holder: string, milliseconds: number, acceptedBy: number): Promise<Job | undefined>;
  /** Prolongs a lease. Undefined when the holder has lost it, else the job as it is now. */
  extend(id: string, holder: string, milliseconds: number): Promise<Job | undefined>;
  /** Records that the member is about to be told this ending; from now on the job cannot be cancelled. False when the lease is lost. */
  beginDelivery(id: string, holder: string, ending: JobEnding): Promise<boolean>;
  /** Ends a job; false when the holder has lost it. */
  finish(id: string, holder: string, end: JobEnd): Promise<boolean>;
  /** Puts a running job back in the queue, not to be handed out for `milliseconds`; false when the holder has lost it. */
  retry(id: string, holder: string, milliseconds: number): Promise<boolean>;
  /**
   * Notes that a job's owner wants it no more. A waiting one is the holder's from now on, for `milliseconds`, to be ended
   * (`held`); the worker of a running one will stop it (`requested`); else `gone`.
   */
  cancel(id: string, holder: string, milliseconds: number): Promise<'held' | 'requested' | 'gone'>;
  active(): Promise<ActiveJobs>;
  /** Deletes the jobs that ended so long ago that they need not be remembered; called now and then. */
  dropOld(): Promise<void>;
  /** Deletes what is kept of a member's ended jobs, and of those under way as soon as they end. */
  forget(member: Member): Promise<void>;
}

/** A job store that only one process has. */
export interface EmbeddedJobStore extends JobStore {
  /**
   * Ends every lease at once, and drops jobs that cannot be read any more, whose number it answers; for whoever knows that
   * no other worker is alive.
   */
  recover(): Promise<number>;
}

/** A job store that several processes share: those that work, and those that talk to members. */
export interface SharedJobStore extends JobStore {
  /** Records how a job ends whose member another process will tell; it is nobody's from now on. False when the lease is lost. */
  handOver(id: string, holder: string, ending: JobEnding): Promise<boolean>;
  /** Hands out a job that was handed over, also one whose holder let the lease run out since. */
  leaseMade(holder: string, milliseconds: number): Promise<Job | undefined>;
  /** Lets go of it. */
  close(): Promise<void>;
}
