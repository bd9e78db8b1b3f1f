import { z } from 'zod';
import type { Job, JobDraft, JobEnding } from './job.js';

/**
 * The table of jobs. `key` and `owner` carry the platform's name, so that platforms never meet. Jobs are served by `round`:
 * a member's first job is of the round that is being served, each further one of the round after.
 */
export const JOBS_TABLE = `
CREATE TABLE IF NOT EXISTS jobs (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  key TEXT NOT NULL UNIQUE,
  owner TEXT NOT NULL,
  state TEXT NOT NULL,
  round INTEGER NOT NULL DEFAULT 0,
  accepted_at INTEGER NOT NULL,
  not_before INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  started_at INTEGER,
  holder TEXT,
  lease_until INTEGER,
  cancel_requested INTEGER NOT NULL DEFAULT 0,
  forgotten INTEGER NOT NULL DEFAULT 0,
  ending TEXT,
  ended_at INTEGER,
  draft TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS jobs_by_state ON jobs (state, round, sequence);
CREATE INDEX IF NOT EXISTS jobs_by_round ON jobs (round) WHERE attempts > 0;
CREATE INDEX IF NOT EXISTS jobs_by_owner ON jobs (owner, state);
CREATE INDEX IF NOT EXISTS jobs_by_end ON jobs (ended_at) WHERE ended_at IS NOT NULL;
`;

/** What a table made before there were rounds lacks. */
export const ADD_ROUNDS = `
ALTER TABLE jobs ADD COLUMN round INTEGER NOT NULL DEFAULT 0;
DROP INDEX IF EXISTS jobs_by_state;
`;

const row = z.object({
  sequence: z.number(),
  id: z.string(),
  state: z.enum(['queued', 'running', 'delivering', 'done', 'failed', 'cancelled']),
  accepted_at: z.number(),
  attempts: z.number(),
  started_at: z.number().nullable(),
  holder: z.string().nullable(),
  lease_until: z.number().nullable(),
  cancel_requested: z.number(),
  ending: z.string().nullable(),
  draft: z.string(),
});

/** The job a row of the table holds. */
export function readJob(found: unknown): Job {
  const { id, state, sequence, attempts, ...kept } = row.parse(found);
  const draft: JobDraft = JSON.parse(kept.draft);
  const { started_at: startedAt, holder, lease_until: until } = kept;
  return {
    ...draft,
    id,
    state,
    sequence,
    attempts,
    acceptedAt: kept.accepted_at,
    cancelRequested: kept.cancel_requested === 1,
    ...(startedAt !== null && { startedAt }),
    ...(holder !== null && until !== null && { lease: { holder, until } }),
    ...(kept.ending !== null && { ending: readEnding(kept.ending) }),
  };
}

/** Whether a row of the table holds a job: a disk may have lost a part of it. */
export function isReadable(found: unknown): boolean {
  try {
    readJob(found);
    return true;
  } catch {
    return false;
  }
}

function readEnding(text: string): JobEnding {
  return JSON.parse(text);
}
