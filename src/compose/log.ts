import type { Logger } from 'pino';
import { LikenessError } from '../errors.js';
import type { Metrics } from '../operations/metrics.js';

/** Takes an error that no member was told of in its own words, and where it came from. */
export type Report = (error: unknown, context: Readonly<Record<string, string>>) => void;

/** Counts errors and writes them down: what a member can be told about is part of everyday life, all else a failure. */
export function createReport(log: Logger, metrics: Metrics): Report {
  return (error, context) => {
    metrics.error(error);
    // The raw cause of what a member was told is for whoever asks for more.
    if (error instanceof LikenessError) log.info({ ...context, code: error.code, cause: error.cause }, 'refused');
    else log.error({ ...context, err: error }, 'failed');
  };
}
