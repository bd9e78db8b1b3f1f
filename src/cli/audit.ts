import { join } from 'node:path';
import { readAudit } from '../audit/audit.js';
import { loadConfig } from '../config.js';
import type { CliContext } from './services.js';

/** Options of `likeness audit`, as given. */
export interface AuditArguments {
  readonly since?: string;
}

/** Writes the record of what members did as JSON lines; the program may be serving meanwhile. */
export async function runAudit({ since }: AuditArguments, { env, cwd, stdout }: CliContext): Promise<void> {
  const { data } = loadConfig({ env, cwd });
  for await (const line of readAudit(join(data, 'audit'), since)) stdout.write(`${line}\n`);
}
