import { appendFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSerial } from '../data/serial.js';

/** Days an entry is kept; `/privacy` says the same. */
export const AUDIT_DAYS = 30;

const DAY = 24 * 60 * 60_000;
const FILE = /^\d{4}-\d{2}-\d{2}\.jsonl$/;

/** One thing that happened: whose names are codes, and no words, pictures, tokens or links are in it. */
export interface AuditEntry {
  readonly event: 'command' | 'album' | 'picture';
  /** Code of the member. */
  readonly who?: string;
  readonly platform?: string;
  /** Code of the server. */
  readonly server?: string;
  readonly command?: string;
  readonly job?: string;
  /** Pictures asked for. */
  readonly count?: number;
  /** What became of it: answered, refused or failed; accepted, done, failed or cancelled; withheld. */
  readonly outcome: string;
  /** Why: the error's code, or the objection to a picture. */
  readonly reason?: string;
  /** The entry of a word list that was met, as the list has it. */
  readonly word?: string;
}

/** The record of who did what when. */
export interface Audit {
  record(entry: AuditEntry): void;
  /** Takes out every entry of a member's. */
  forget(who: string): Promise<void>;
  /** Resolves when everything is written. */
  close(): Promise<void>;
}

/** A record that keeps nothing, for a program that has no data folder. */
export const noAudit: Audit = { record: () => undefined, forget: async () => undefined, close: async () => undefined };

export interface AuditOptions {
  /** Made where missing; one file of JSON lines a day (UTC) lies in it, for its owner's eyes only. */
  readonly folder: string;
  /** Called when something could not be written. */
  readonly onError: (error: unknown) => void;
  readonly now?: () => number;
}

/** A record in files; those of days that are over for `AUDIT_DAYS` are deleted. */
export function createAudit({ folder, onError, now = Date.now }: AuditOptions): Audit {
  const serial = createSerial();
  let today = '';
  const write = (work: () => Promise<void>): Promise<void> => serial(() => work().catch(onError));
  const begin = async (day: string): Promise<void> => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const oldest = `${dayOf(now() - AUDIT_DAYS * DAY)}.jsonl`;
    for (const file of await auditFiles(folder)) if (file < oldest) await rm(join(folder, file));
    today = day;
  };
  /** Entries that are not written yet, by day: those that come while a file is written go into it together. */
  const waiting = new Map<string, string>();
  const writeWaiting = async (): Promise<void> => {
    const taken = [...waiting];
    waiting.clear();
    for (const [day, lines] of taken) {
      if (day !== today) await begin(day);
      await appendFile(join(folder, `${day}.jsonl`), lines, { mode: 0o600 });
    }
  };
  return {
    record(entry) {
      const at = new Date(now()).toISOString();
      const day = at.slice(0, 10);
      if (waiting.size === 0) void write(writeWaiting);
      waiting.set(day, `${waiting.get(day) ?? ''}${JSON.stringify({ at, ...entry })}\n`);
    },
    forget: (who) =>
      write(async () => {
        for (const file of await auditFiles(folder))
          await dropLines(join(folder, file), `"who":${JSON.stringify(who)}`);
      }),
    close: () => serial.settled(),
  };
}

/** Every entry that is kept from a day on (ISO 8601), as it was written, oldest first. */
export async function* readAudit(folder: string, since = ''): AsyncGenerator<string> {
  for (const file of await auditFiles(folder)) {
    if (file < since) continue;
    for (const line of (await readFile(join(folder, file), 'utf8')).split('\n')) if (line !== '') yield line;
  }
}

async function auditFiles(folder: string): Promise<string[]> {
  const found = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  return found.filter((file) => FILE.test(file)).sort();
}

/** Writes beside the file first: a crash leaves the old one or the new one. */
async function dropLines(file: string, part: string): Promise<void> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  const kept = lines.filter((line) => !line.includes(part));
  if (kept.length === lines.length) return;
  await writeFile(`${file}.new`, kept.join('\n'), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
