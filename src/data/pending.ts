import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type SqlDatabase, withoutSync } from './database.js';
import type { Redis } from './redis.js';

/** Something that was begun. */
export interface Begun<Value> {
  readonly key: string;
  readonly value: Value;
}

/** What was begun and not ended yet, so that whoever comes after a crash knows of it. Values are plain JSON. */
export interface Pending<Value> {
  /** Something begins; what is begun again under the same key stays one thing. */
  begin(key: string, value: Value): Promise<void>;
  end(key: string): Promise<void>;
  /** Takes over what processes that are gone left: each of it is one process's, until it ends it or is gone as well. */
  takeLapsed(): Promise<readonly Begun<Value>[]>;
}

/** Milliseconds after its last sign of life at which a process is gone; it gives one every few seconds. */
const PATIENCE = 30_000;

const row = z.object({ key: z.string(), value: z.string() });

/** In a database of this process's: what an earlier process left is lapsed at once. */
export function createPending<Value>(database: SqlDatabase): Pending<Value> {
  const run = randomUUID();
  database.exec(
    'CREATE TABLE IF NOT EXISTS pending (key TEXT PRIMARY KEY, run TEXT NOT NULL, value TEXT NOT NULL) STRICT',
  );
  const insert = database.prepare('INSERT OR REPLACE INTO pending VALUES (?, ?, ?)');
  const remove = database.prepare('DELETE FROM pending WHERE key = ?');
  return {
    async begin(key, value) {
      withoutSync(database, () => insert.run(key, run, JSON.stringify(value)));
    },
    async end(key) {
      withoutSync(database, () => remove.run(key));
    },
    async takeLapsed() {
      const left = database.prepare('UPDATE pending SET run = ? WHERE run <> ? RETURNING key, value').all(run, run);
      return left.map((found) => {
        const { key, value } = row.parse(found);
        return { key, value: JSON.parse(value) };
      });
    },
  };
}

/** Replaces a field of a hash that nobody replaced meanwhile. */
const REPLACE = `
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
`;

/** In a Redis that other processes work with too; a process is there while it began something or looked for lapsed ones lately. */
export function createSharedPending<Value>(redis: Redis): Pending<Value> {
  const [name, run] = ['likeness:pending', randomUUID()];
  const signOf = (process: string): string => `likeness:alive:${process}`;
  const showLife = async (): Promise<void> => void (await redis.set(signOf(run), '1', 'PX', PATIENCE));
  return {
    async begin(key, value) {
      await Promise.all([showLife(), redis.hset(name, key, JSON.stringify({ run, value }))]);
    },
    end: async (key) => void (await redis.hdel(name, key)),
    async takeLapsed() {
      await showLife();
      const lapsed: Begun<Value>[] = [];
      for (const [key, text] of Object.entries(await redis.hgetall(name))) {
        const { run: owner, value }: { readonly run: string; readonly value: Value } = JSON.parse(text);
        if (owner === run || (await redis.exists(signOf(owner))) === 1) continue;
        const taken = JSON.stringify({ run, value });
        if ((await redis.eval(REPLACE, 1, name, key, text, taken)) === 1) lapsed.push({ key, value });
      }
      return lapsed;
    },
  };
}
