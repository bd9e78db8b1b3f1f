import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LikenessError } from '../errors.js';
import { expiryOf, seal, unseal } from './seal.js';
import { type LocalVault, PHOTO_LIFETIME } from './vault.js';

export interface DiskVaultOptions {
  /** Absolute folder, made where missing; nothing else may lie in it. */
  readonly folder: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** Milliseconds. */
  readonly lifetime?: number;
  readonly now?: () => number;
}

/** The ending of a file that is still being written. */
const UNFINISHED = '.part';
/** The longest a timer of the system can wait. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * A vault of encrypted files, one a photo, so that a photo survives a restart of the program. A file is overwritten and
 * deleted when wiped or when its life is over; one whose life ended while the program was not running, when it starts.
 * @throws LikenessError `data-unusable` when the folder cannot be made or read.
 */
export function createDiskVault(options: DiskVaultOptions): LocalVault {
  const { folder, key, lifetime = PHOTO_LIFETIME, now = Date.now } = options;
  const timers = new Map<string, NodeJS.Timeout>();

  const wipe = async (id: string): Promise<void> => {
    if (!timers.has(id)) return;
    clearTimeout(timers.get(id));
    timers.delete(id);
    await destroy(join(folder, id));
  };
  const expireAt = (id: string, expires: number): void => {
    const rest = Math.min(LONGEST_TIMER, Math.max(0, expires - now()));
    timers.set(id, setTimeout(() => void wipe(id).catch(() => undefined), rest).unref());
  };
  for (const [id, expires] of findPhotos(folder)) expireAt(id, id.endsWith(UNFINISHED) ? 0 : expires);

  return {
    async put(bytes) {
      const id = randomUUID();
      const expires = now() + lifetime;
      const sealed = seal(bytes, key, { id, expires });
      bytes.fill(0);
      await writeDurably(join(folder, id), sealed);
      expireAt(id, expires);
      return id;
    },
    async get(id) {
      if (!timers.has(id)) return undefined;
      const sealed = await readFile(join(folder, id)).catch(() => Buffer.alloc(0));
      return expiryOf(sealed) > now() ? unseal(sealed, key, id) : undefined;
    },
    wipe: async (ids) => void (await Promise.all(ids.map(wipe))),
    get size() {
      return timers.size;
    },
    async close() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}

/** The photos an earlier run left, and when the life of each is over. */
function findPhotos(folder: string): [id: string, expires: number][] {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return readdirSync(folder).map((id) => [id, expiryOf(readFileSync(join(folder, id)))]);
  } catch (error) {
    throw new LikenessError('data-unusable', { path: folder }, { cause: error });
  }
}

/** Writes beside the name first: a file under its own name is whole and on the disk. */
async function writeDurably(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file + UNFINISHED, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(file + UNFINISHED, file);
}

async function destroy(file: string): Promise<void> {
  const { size } = await stat(file).catch(() => ({ size: 0 }));
  if (size > 0) await overwrite(file, size);
  await rm(file, { force: true });
}

async function overwrite(file: string, size: number): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.write(Buffer.alloc(size), 0, size, 0);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
