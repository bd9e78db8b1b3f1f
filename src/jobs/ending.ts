import type { ErrorCode } from '../errors.js';
import { translator } from '../language/texts.js';
import type { Vault } from '../vault/vault.js';
import type { Job, JobEnd, JobEnding } from './job.js';
import type { StatusBoard } from './status-board.js';
import type { JobStore } from './store.js';

/** How long a job is a worker's without a sign of life, in milliseconds. */
export const LEASE = 30_000;
/** Milliseconds between two signs of life. */
export const HEARTBEAT = LEASE / 3;

export interface EndingParts {
  readonly store: JobStore;
  readonly board: StatusBoard;
  readonly vault: Vault;
  /** Called with every failure that is not a member's own doing. */
  readonly onError: (error: unknown, job?: Job) => void;
}

/** A job that its holder is about to end. */
export interface EndingJob {
  readonly job: Job;
  readonly holder: string;
  readonly ending: JobEnding;
  /** Sends the album; without it the closing sentence is said. */
  readonly send?: () => Promise<void>;
}

/**
 * Tells a member how their job ended, recorded before and after: after a crash in between it is told again, and platforms
 * see to it that the same album does not appear twice. Photos and album are wiped last. Does nothing where the lease is lost.
 */
export async function endJob(ended: EndingJob, parts: EndingParts): Promise<void> {
  const { job, holder, ending } = ended;
  const { store, board, vault } = parts;
  if (!(await store.beginDelivery(job.id, holder, ending))) return;
  await board.end(job);
  const end = await tell(ended, parts);
  if (!(await store.finish(job.id, holder, end))) return;
  await vault.wipe(ending.album === undefined ? job.photos : [...job.photos, ending.album]);
}

/** A job's failing with the sentence of that error, in its member's language. */
export function failure({ locale }: Job, code: ErrorCode): JobEnding {
  return { end: 'failed', text: translator(locale)(`errors.${code}`) };
}

/** A job's ending because its owner wants it no more. */
export function cancelled({ locale }: Job): JobEnding {
  return { end: 'cancelled', text: translator(locale)('errors.cancelled') };
}

async function tell({ job, ending, send }: EndingJob, { board, onError }: EndingParts): Promise<JobEnd> {
  const conclude = async ({ text = '', offer }: JobEnding): Promise<void> =>
    board.reply(job).conclude(job.id, text, offer && { action: offer, options: { ...job.options, [offer]: 'yes' } });
  try {
    await (send ? send() : conclude(ending));
    return ending.end;
  } catch (error) {
    onError(error, job);
    if (send) await conclude(failure(job, 'delivery-failed')).catch((again: unknown) => onError(again, job));
    return 'failed';
  }
}
