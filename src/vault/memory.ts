import { randomUUID } from 'node:crypto';
import type { Vault } from './vault.js';

/** Longest life of a photo nobody wiped, in milliseconds. */
export const PHOTO_LIFETIME = 30 * 60_000;

interface Entry {
  readonly bytes: Uint8Array;
  readonly expiry: NodeJS.Timeout;
}

/** A vault in this process's memory: never on disk, each entry overwritten when wiped or after `lifetime` milliseconds. */
export function createMemoryVault({ lifetime = PHOTO_LIFETIME }: { readonly lifetime?: number } = {}): Vault {
  const entries = new Map<string, Entry>();
  const wipe = (ids: readonly string[]): void => {
    for (const id of ids) {
      const entry = entries.get(id);
      if (!entry) continue;
      clearTimeout(entry.expiry);
      entry.bytes.fill(0);
      entries.delete(id);
    }
  };
  return {
    put(bytes) {
      const id = randomUUID();
      const expiry = setTimeout(wipe, lifetime, [id]).unref();
      entries.set(id, { bytes, expiry });
      return id;
    },
    get: (id) => entries.get(id)?.bytes,
    wipe,
    get size() {
      return entries.size;
    },
    close: () => wipe([...entries.keys()]),
  };
}
