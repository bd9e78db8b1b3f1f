import { hkdfSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { LikenessError } from '../errors.js';
import type { SqlDatabase } from './database.js';

/** Bytes of a key. */
const KEY_BYTES = 32;

const row = z.object({ name: z.string() });

/** What a written key looks like: 32 bytes in hexadecimal. */
export const KEY_PATTERN = /^[0-9a-f]{64}$/i;

/**
 * The key of an installation: the one given, else the one in `file`, which is made for its owner's eyes only where missing.
 * @throws LikenessError `key-invalid` when the file holds no key or others may read it, `data-unusable` when it cannot be made.
 */
export function loadKey({ given, file }: { readonly given: string | undefined; readonly file: string }): Buffer {
  return Buffer.from(given ?? readKey(file) ?? makeKey(file), 'hex');
}

/** A key for one purpose, so that no two uses share one. */
export function deriveKey(key: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', `likeness ${purpose}`, KEY_BYTES));
}

/**
 * Notes in a database which key it is kept under, by a name that does not tell it.
 * @throws LikenessError `key-lost` with the `folder` when it was kept under another one before.
 */
export function agreeOnKey(database: SqlDatabase, key: Buffer, folder: string): void {
  const name = deriveKey(key, 'name').toString('hex');
  database.exec('CREATE TABLE IF NOT EXISTS key (name TEXT NOT NULL) STRICT');
  const found = database.prepare('SELECT name FROM key').get();
  if (found === undefined) database.prepare('INSERT INTO key VALUES (?)').run(name);
  else if (row.parse(found).name !== name) throw new LikenessError('key-lost', { path: folder });
}

function readKey(file: string): string | undefined {
  const mode = statSync(file, { throwIfNoEntry: false })?.mode;
  if (mode === undefined) return undefined;
  const written = readFileSync(file, 'utf8').trim();
  const open = process.platform !== 'win32' && (mode & 0o077) !== 0;
  if (open || !KEY_PATTERN.test(written)) throw new LikenessError('key-invalid', { path: file });
  return written;
}

function makeKey(file: string): string {
  const key = randomBytes(KEY_BYTES).toString('hex');
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, `${key}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new LikenessError('data-unusable', { path: dirname(file) }, { cause: error });
  }
  return key;
}
