import { join } from 'node:path';
import { type Audit, createAudit, noAudit } from '../audit/audit.js';
import type { Config } from '../config.js';

/** The record of who did what when, in the data folder; without one nothing is recorded. */
export function openAudit({ data }: Partial<Pick<Config, 'data'>>, onError: (error: unknown) => void): Audit {
  return data === undefined ? noAudit : createAudit({ folder: join(data, 'audit'), onError });
}
