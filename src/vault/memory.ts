import { randomUUID } from 'node:crypto';
import { type LongTimer, startLongTimer } from './long-timer.js';
import { type LocalVault, PHOTO_LIFETIME } from './vault.js';

interface Entry {
  readonly bytes: Uint8Array;
  readonly expiry: LongTimer;
}

/** A vault in this process's memory: never on disk, each entry overwritten when wiped or after `lifetime` milliseconds. */
export function createMemoryVault({ lifetime = PHOTO_LIFETIME }: { readonly lifetime?: number } = {}): LocalVault {
  const entries = new Map<string, Entry>();
  const wipe = (ids: readonly string[]): void => {
    for (const id of ids) {
      const entry = entries.get(id);
      if (!entry) continue;
      entry.expiry.clear();
      entry.bytes.fill(0);
      entries.delete(id);
    }
  };
  return {
    async put(given) {
      const id = randomUUID();
      const bytes = Uint8Array.from(given);
      given.fill(0);
      entries.set(id, { bytes, expiry: startLongTimer(() => wipe([id]), lifetime) });
      return id;
    },
    async get(id) {
      const bytes = entries.get(id)?.bytes;
      return bytes && Uint8Array.from(bytes);
    },
    wipe: async (ids) => wipe(ids),
    get size() {
      return entries.size;
    },
    close: async () => wipe([...entries.keys()]),
  };
}
