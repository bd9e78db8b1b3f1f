import { EventEmitter } from 'node:events';
import { Keyv } from 'keyv';
import { z } from 'zod';
import { type SqlDatabase, type SqlStatement, withoutSync } from './database.js';

const row = z.object({ value: z.string() });

/** Opens the small facts of a database: one key a fact, values of plain JSON. A fact kept with a `ttl` ends by itself. They survive a
 * crash of the process; of the machine, those of the last moments may be gone. */
export function openFacts(database: SqlDatabase, { now = Date.now }: { readonly now?: () => number } = {}): Keyv {
  return new Keyv({ store: new SqlFacts(database, now), useKeyPrefix: false, throwOnErrors: true });
}

/** A Keyv store on a table; Keyv itself turns values into the text kept here. */
class SqlFacts extends EventEmitter {
  readonly opts = {};
  readonly #database: SqlDatabase;
  readonly #now: () => number;
  readonly #select: SqlStatement;
  readonly #insert: SqlStatement;
  readonly #remove: SqlStatement;

  constructor(database: SqlDatabase, now: () => number) {
    super();
    this.#database = database;
    this.#now = now;
    database.exec(
      'CREATE TABLE IF NOT EXISTS facts (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires INTEGER) STRICT',
    );
    dropExpiredFacts(database, now());
    this.#select = database.prepare('SELECT value FROM facts WHERE key = ?');
    this.#insert = database.prepare('INSERT OR REPLACE INTO facts VALUES (?, ?, ?)');
    this.#remove = database.prepare('DELETE FROM facts WHERE key = ?');
  }

  async get(key: string): Promise<string | undefined> {
    const found = this.#select.get(key);
    return found === undefined ? undefined : row.parse(found).value;
  }

  async set(key: string, value: string, ttl?: number): Promise<void> {
    const expires = ttl === undefined ? null : this.#now() + ttl;
    withoutSync(this.#database, () => this.#insert.run(key, value, expires));
  }

  async delete(key: string): Promise<boolean> {
    return withoutSync(this.#database, () => this.#remove.run(key)).changes > 0;
  }

  async clear(): Promise<void> {
    this.#database.exec('DELETE FROM facts');
  }
}

/** Deletes the facts of a database whose time is over; `now` in milliseconds since 1970. */
export function dropExpiredFacts(database: SqlDatabase, now = Date.now()): void {
  database.prepare('DELETE FROM facts WHERE expires <= ?').run(now);
}
