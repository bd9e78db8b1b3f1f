import { createHmac } from 'node:crypto';
import { type DestinationStream, type Logger, pino } from 'pino';
import type { Member } from '../chat/member.js';
import type { Job } from '../jobs/job.js';
import { readableLines } from './readable-log.js';
import { createRedactor } from './redact.js';
import type { JobWatcher } from './watch.js';

/** Causes that are told of an error. */
const MAX_CAUSES = 3;

export interface LogOptions {
  readonly level: string;
  /** Never written, wherever they turn up. */
  readonly secrets: readonly (string | undefined)[];
  /** Standard error unless set: results go to standard output. To a terminal it is written to be read. */
  readonly destination?: DestinationStream;
}

/** A log of JSON lines, in which no token, password, file link or picture can stand. */
export function createLog({ level, secrets, destination = standardError() }: LogOptions): Logger {
  const redact = createRedactor(secrets);
  const serializers = { err: describeError, cause: describeError };
  return pino({ level, serializers, hooks: { streamWrite: redact } }, destination);
}

function standardError(): DestinationStream {
  const lines = pino.destination(2);
  return process.stderr.isTTY ? readableLines(lines) : lines;
}

/** Members under a name that stays the same and tells nobody who they are. */
export function createMemberTag(key: Buffer): (member: Member) => string {
  return ({ platform, id }) => createHmac('sha256', key).update(`${platform}:${id}`).digest('hex').slice(0, 12);
}

/** Writes what happens to jobs, without what was asked for. */
export function logJobs(log: Logger, tag: (member: Member) => string): JobWatcher {
  const fields = ({ id, member }: Job) => ({ job: id, member: tag(member), platform: member.platform });
  return {
    accepted(job) {
      log.info({ ...fields(job), count: job.parameters.count, photos: job.photos.length }, 'job accepted');
    },
    started(job) {
      const waitedMs = (job.startedAt ?? job.acceptedAt) - job.acceptedAt;
      log.info({ ...fields(job), attempt: job.attempts, waitedMs }, 'job started');
    },
    ended: (job, end) => log.info({ job, end }, 'job ended'),
  };
}

/** What is known of an error in words; other libraries' errors carry requests and files, which stay out. */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : undefined;
  const { name, message, stack, cause } = error;
  const more = cause !== undefined && depth < MAX_CAUSES ? { cause: describeError(cause, depth + 1) } : {};
  return { type: name, message, ...('code' in error && { code: error.code }), stack, ...more };
}
