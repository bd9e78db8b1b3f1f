import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type Database from 'libsql';
import { z } from 'zod';
import { LikenessError } from '../errors.js';

/** An embedded SQL database. */
export type SqlDatabase = Database.Database;

/** A statement that is read once and used many times. */
export type SqlStatement = Database.Statement;

/** The name that keeps a database in this process's memory only. */
export const IN_MEMORY = ':memory:';

/** Milliseconds another process may take to let go of the file, when one ends while the next begins. */
const BUSY_TIMEOUT = 2000;

/** What SQLite says of a file that it cannot read as it was written. */
const DAMAGED = /^SQLITE_(CORRUPT|NOTADB)/;

/**
 * Opens a database file, made with its folder where missing, for its owner's eyes only, and reads all of it once. The file belongs to this process until it ends, however it
 * ends: the system lets go of the lock, so that whoever opens it next knows that nobody else is at work on it. What was
 * written survives a crash of the process and, but for what is written `withoutSync`, of the machine; what is deleted is overwritten.
 * @throws LikenessError `data-in-use` when another process has it open, `data-damaged` when it is not as it was written,
 *   `data-unusable` when it cannot be opened; `library-missing` where the library's native part is not for this system.
 */
export function openDatabase(file: string): SqlDatabase {
  const Sqlite = loadLibrary();
  let database: SqlDatabase | undefined;
  try {
    if (file !== IN_MEMORY) makePrivate(file);
    database = new Sqlite(file, { timeout: BUSY_TIMEOUT });
    for (const setting of ['locking_mode = EXCLUSIVE', 'journal_mode = WAL', 'synchronous = FULL']) {
      database.pragma(setting);
    }
    database.pragma('secure_delete = ON');
    if (!isWhole(database)) throw new LikenessError('data-damaged', { path: file });
    return database;
  } catch (error) {
    if (database) letGo(database);
    throw explainData(error, file);
  }
}

/** The library is read when a database is opened: `doctor`, which says what it lacks, does without it. */
function loadLibrary(): typeof Database {
  try {
    return createRequire(import.meta.url)('libsql');
  } catch (cause) {
    const [problem = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
    throw new LikenessError('library-missing', { library: 'libsql', problem }, { cause });
  }
}

/** What SQLite or the system says against a database file, as an error with a sentence. */
export function explainData(error: unknown, file: string): LikenessError {
  if (error instanceof LikenessError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (DAMAGED.test(code)) return new LikenessError('data-damaged', { path: file }, { cause: error });
  const problem = code === 'SQLITE_BUSY' ? 'data-in-use' : 'data-unusable';
  return new LikenessError(problem, { path: dirname(file) }, { cause: error });
}

/** The file and its folder; SQLite gives the rights of the one to the logs that it writes beside it. */
function makePrivate(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
}

function isWhole(database: SqlDatabase): boolean {
  return z.object({ quick_check: z.literal('ok') }).safeParse(database.prepare('PRAGMA quick_check(1)').get()).success;
}

/**
 * Writes what may be lost when the machine itself dies, and only then: nobody waits for the disk, as they would under
 * `openDatabase`'s settings. Not within a transaction.
 */
export function withoutSync<Result>(database: SqlDatabase, write: () => Result): Result {
  database.exec('PRAGMA synchronous = NORMAL');
  try {
    return write();
  } finally {
    database.exec('PRAGMA synchronous = FULL');
  }
}

/** Closes a database that may be too damaged for the proper way. */
function letGo(database: SqlDatabase): void {
  try {
    closeDatabase(database);
  } catch {
    database.close();
  }
}

/** Closes a database, if it is open; leaving the write-ahead log first lets go of the file at once. */
export function closeDatabase(database: SqlDatabase): void {
  if (!database.open) return;
  database.pragma('journal_mode = DELETE');
  database.pragma('locking_mode = NORMAL');
  database.pragma('user_version');
  database.close();
}
