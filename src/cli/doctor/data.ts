import { existsSync } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { closeDatabase, IN_MEMORY, openDatabase } from '../../data/database.js';
import { loadKey } from '../../data/key.js';
import { LikenessError } from '../../errors.js';
import { good, wrong } from '../../observation.js';
import type { Check } from './check.js';
import { nearestExisting } from './machine.js';

/** Whether others may look into a folder of that mode; Windows keeps rights elsewhere. */
const isOpen = (mode: number): boolean => process.platform !== 'win32' && (mode & 0o077) !== 0;

/** Whether the data folder can be written, and who else can read it. */
export const checkData: Check = async (_context, { data: path }) => {
  const nearest = await nearestExisting(path);
  const writable = await access(nearest, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!writable) return [wrong('cli.doctor.data-wrong', { path })];
  checkDatabase(join(path, 'likeness.db'));
  const open = nearest === path && isOpen((await stat(path)).mode);
  return [open ? wrong('cli.doctor.data-open', { path }) : good('cli.doctor.data-ok', { path })];
};

/**
 * Reads the whole database, or none where there is none yet; the program that has it open has done so.
 * @throws LikenessError `data-damaged`, `library-missing`.
 */
function checkDatabase(file: string): void {
  try {
    closeDatabase(openDatabase(existsSync(file) ? file : IN_MEMORY));
  } catch (error) {
    if (!(error instanceof LikenessError && error.code === 'data-in-use')) throw error;
  }
}

/** Whether the key of photos can be read. */
export const checkKey: Check = async (_context, { data, key: given }) => {
  const path = join(data, 'key');
  if (given !== undefined) return [good('cli.doctor.key-given')];
  const made = await access(path).then(
    () => true,
    () => false,
  );
  if (!made) return [good('cli.doctor.key-later', { path })];
  loadKey({ given, file: path });
  return [good('cli.doctor.key-ok', { path })];
};
