import { randomUUID } from 'node:crypto';
import { PHOTO_LIFETIME } from '../vault/vault.js';
import { endJob, type EndingParts, failure, LEASE } from './ending.js';

/** Ends jobs that waited so long that their photos are gone. */
export interface Expiry {
  /** Ends the overdue jobs and tells their members; called now and then. */
  sweep(): Promise<void>;
}

export interface ExpiryOptions extends EndingParts {
  /** Milliseconds a job may wait. */
  readonly lifetime?: number;
  readonly now?: () => number;
}

export function createExpiry({ lifetime = PHOTO_LIFETIME, now = Date.now, ...parts }: ExpiryOptions): Expiry {
  const holder = randomUUID();
  const { store, board } = parts;
  const next = () => store.leaseOverdue(holder, LEASE, now() - lifetime);
  return {
    async sweep() {
      const first = await next();
      for (let job = first; job; job = await next()) {
        await endJob({ job, holder, ending: failure(job, 'photo-expired') }, parts);
      }
      if (first) await board.refresh();
    },
  };
}
