import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, readSync, rmSync } from 'node:fs';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LikenessError } from '../errors.js';
import { type LongTimer, startLongTimer } from './long-timer.js';
import { EXPIRY_BYTES, expiryOf, seal, unseal } from './seal.js';
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

/**
 * A vault of encrypted files, one a photo, so that a photo survives a restart of the program. A file is overwritten and
 * deleted when wiped or when its life is over; one whose life ended while the program was not running, or that was never
 * finished, before this answers, so that a full disk has room again. No clock that was set back prolongs a life.
 * @throws LikenessError `data-unusable` when the folder cannot be made or read.
 */
export function createDiskVault(options: DiskVaultOptions): LocalVault {
  const { folder, key, lifetime = PHOTO_LIFETIME, now = Date.now } = options;
  const lives = new Map<string, { readonly expires: number; readonly timer: LongTimer }>();

  const wipe = async (id: string): Promise<void> => {
    if (!lives.has(id)) return;
    lives.get(id)?.timer.clear();
    lives.delete(id);
    await destroy(join(folder, id));
  };
  const expireAt = (id: string, expires: number): void => {
    const timer = startLongTimer(() => void wipe(id).catch(() => undefined), expires - now());
    lives.set(id, { expires, timer });
  };
  for (const [id, expires] of takeOver(folder, now())) expireAt(id, Math.min(expires, now() + lifetime));

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
      const { expires = 0 } = lives.get(id) ?? {};
      if (expires <= now()) return undefined;
      return unseal(await readFile(join(folder, id)).catch(() => Buffer.alloc(0)), key, id);
    },
    wipe: async (ids) => void (await Promise.all(ids.map(wipe))),
    get size() {
      return lives.size;
    },
    async close() {
      for (const { timer } of lives.values()) timer.clear();
      lives.clear();
    },
  };
}

/** Deletes what an earlier run left and nobody needs, and answers the photos that live on, with when each life is over. */
function takeOver(folder: string, now: number): [id: string, expires: number][] {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const photos = readdirSync(folder).map((id): [string, number] => [id, readExpiry(join(folder, id))]);
    const isAlive = ([id, expires]: (typeof photos)[number]): boolean => !id.endsWith(UNFINISHED) && expires > now;
    for (const photo of photos) if (!isAlive(photo)) rmSync(join(folder, photo[0]), { force: true });
    return photos.filter(isAlive);
  } catch (error) {
    throw new LikenessError('data-unusable', { path: folder }, { cause: error });
  }
}

/** When the life of a file's photo is over, by its first bytes. */
function readExpiry(file: string): number {
  const head = Buffer.alloc(EXPIRY_BYTES);
  const descriptor = openSync(file, 'r');
  try {
    return expiryOf(head.subarray(0, readSync(descriptor, head)));
  } finally {
    closeSync(descriptor);
  }
}

/** Writes beside the name first: a file under its own name is whole and on the disk, and of another nothing stays. */
async function writeDurably(file: string, bytes: Uint8Array): Promise<void> {
  const unfinished = file + UNFINISHED;
  const handle = await open(unfinished, 'wx', 0o600);
  try {
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
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
