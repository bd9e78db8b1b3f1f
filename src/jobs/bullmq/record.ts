import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Member } from '../../chat/member.js';
import type { Job, JobDraft, JobEnding } from '../job.js';

const number = z.coerce.number();

/** A job as the scripts read it: id, fields and values, whether it is somebody's, its holder, the rest of its lease. */
const record = z.tuple([z.string(), z.array(z.string()), z.number(), z.string().nullable(), z.number()]);

/** Many of them. */
export const records = z.array(record);

const fields = z.object({
  data: z.string(),
  timestamp: number,
  priority: number,
  ats: number.default(0),
  processedOn: number.optional(),
  finishedOn: number.optional(),
  returnvalue: z.string().optional(),
  ending: z.string().optional(),
  cancel: z.string().optional(),
  forgotten: z.string().optional(),
});

const ends = z.enum(['done', 'failed', 'cancelled']);

/** What BullMQ keeps as a job's data. */
export interface JobData {
  readonly draft: JobDraft;
  readonly sequence: number;
}

/** A job as it is kept. */
export interface KeptJob {
  readonly job: Job;
  readonly round: number;
  /** Nothing is to be kept of it when it has ended. */
  readonly forgotten: boolean;
}

/** The job of a record; `now` in milliseconds since 1970. */
export function readRecord([id, pairs, active, holder, rest]: z.infer<typeof record>, now: number): KeptJob {
  const kept = fields.parse(Object.fromEntries(pairsOf(pairs)));
  const { draft, sequence }: JobData = JSON.parse(kept.data);
  const ending = kept.ending === undefined ? undefined : readEnding(kept.ending);
  const job: Job = {
    ...draft,
    id,
    state: stateOf(kept, active === 1),
    sequence,
    attempts: kept.ats,
    acceptedAt: kept.timestamp,
    cancelRequested: kept.cancel === '1',
    ...(active === 1 && kept.processedOn !== undefined && { startedAt: kept.processedOn }),
    ...(holder !== null && { lease: { holder, until: now + rest } }),
    ...(ending && { ending }),
  };
  return { job, round: kept.priority - 1, forgotten: kept.forgotten === '1' };
}

function stateOf({ finishedOn, returnvalue = '', ending }: z.infer<typeof fields>, active: boolean): Job['state'] {
  if (finishedOn !== undefined) return ends.parse(JSON.parse(returnvalue));
  if (!active) return 'queued';
  return ending === undefined ? 'running' : 'delivering';
}

function readEnding(text: string): JobEnding {
  return JSON.parse(text);
}

function pairsOf(flat: readonly string[]): [string, string][] {
  return flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1] ?? '']] : []));
}

/** The id of the job that a draft becomes: the same draft, the same id. It has the shape of a UUID. */
export function idOf({ member, key }: Pick<JobDraft, 'member' | 'key'>): string {
  const hex = digest(`${member.platform}:${key}`).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

/** What stands for a member where BullMQ shows it. */
export function ownerOf({ platform, id }: Member): string {
  return digest(`${platform}:${id}`).toString('base64url');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
