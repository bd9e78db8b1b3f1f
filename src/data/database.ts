import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import { LikenessError } from '../errors.js';

/** An embedded SQL database. */
export type SqlDatabase = Database.Database;

/** The name that keeps a database in this process's memory only. */
export const IN_MEMORY = ':memory:';

/** Milliseconds another process may take to let go of the file, when one ends while the next begins. */
const BUSY_TIMEOUT = 2000;

/**
 * Opens a database file, made with its folder where missing. The file belongs to this process until it ends, however it
 * ends: the system lets go of the lock, so that whoever opens it next knows that nobody else is at work on it. What was
 * written survives a crash of the process and of the machine; what is deleted is overwritten.
 * @throws LikenessError `data-in-use` when another process has it open, `data-unusable` when it cannot be opened.
 */
export function openDatabase(file: string): SqlDatabase {
  try {
    if (file !== IN_MEMORY) mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const database = new Database(file, { timeout: BUSY_TIMEOUT });
    for (const setting of ['locking_mode = EXCLUSIVE', 'journal_mode = WAL', 'synchronous = FULL']) {
      database.pragma(setting);
    }
    database.pragma('secure_delete = ON');
    return database;
  } catch (error) {
    const busy = error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY';
    throw new LikenessError(busy ? 'data-in-use' : 'data-unusable', { path: dirname(file) }, { cause: error });
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
