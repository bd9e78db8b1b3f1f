import type { Invocation, OptionValues } from '../chat/invocation.js';
import type { Member, ReplyAddress } from '../chat/member.js';
import type { Offer } from '../chat/reply.js';

/**
 * The life of a job: queued, then running under a lease, then delivering while its member is being sent the album or told
 * why there is none, then exactly one of the three ends.
 */
export type JobState = 'queued' | 'running' | 'delivering' | 'done' | 'failed' | 'cancelled';

/** How a job can end. */
export type JobEnd = Extract<JobState, 'done' | 'failed' | 'cancelled'>;

/** How a job is about to end, recorded before its member is told: after a crash it is known that they may know already. */
export interface JobEnding {
  readonly end: JobEnd;
  /** The closing sentence, in the member's language, where no album comes. */
  readonly text?: string;
  /** Id in the vault of the album, where another process made it than the one that sends it. */
  readonly album?: string;
  /** The option that would make the same request possible. */
  readonly offer?: Offer['action'];
}

/** What the engine is asked for. */
export interface PortraitParameters {
  readonly prompt: string;
  readonly classWord?: string;
  /** Portraits in the album, 1..10. */
  readonly count: number;
  /** Likeness strength, 0..100. */
  readonly strength: number;
  /** 0..2^32-1 */
  readonly seed: number;
  /** Of several faces in a photo the largest is taken. */
  readonly largestFace?: boolean;
}

/** An album wanted by a member: plain JSON, no picture in it. */
export interface JobDraft {
  /** Idempotency key: a second draft with the same key is the same job. */
  readonly key: string;
  readonly member: Member;
  /** The conversation it was asked for in. */
  readonly place: Invocation['place'];
  readonly address: ReplyAddress;
  readonly locale: string;
  /** Ids of the clean photos in the vault. */
  readonly photos: readonly string[];
  /** Names of files that came with the photos and are none. */
  readonly otherFiles?: readonly string[];
  readonly parameters: PortraitParameters;
  /** The options that ask for this album once more. */
  readonly options: OptionValues;
  /** The event that its portrait is an entry of. */
  readonly event?: string;
}

/** A draft that was accepted. */
export interface Job extends JobDraft {
  readonly id: string;
  readonly state: JobState;
  /** Order of acceptance: grows by one with every job. */
  readonly sequence: number;
  /** Milliseconds since 1970. */
  readonly acceptedAt: number;
  /** How often a worker took the job. */
  readonly attempts: number;
  /** Milliseconds since 1970, set when a worker took the job. */
  readonly startedAt?: number;
  /** The worker that runs the job, and until when it is believed to be alive. */
  readonly lease?: { readonly holder: string; readonly until: number };
  /** The owner pressed Cancel while the job was running. */
  readonly cancelRequested: boolean;
  /** Set from before the member is told. */
  readonly ending?: JobEnding;
}
