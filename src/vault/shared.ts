import { randomUUID } from 'node:crypto';
import type { Redis } from '../data/redis.js';
import { expiryOf, seal, unseal } from './seal.js';
import { PHOTO_LIFETIME, type Vault } from './vault.js';

export interface SharedVaultOptions {
  /** 32 bytes, the same for every process. */
  readonly key: Uint8Array;
  /** Milliseconds. */
  readonly lifetime?: number;
  readonly now?: () => number;
}

const keyOf = (id: string): string => `likeness:vault:${id}`;

/** A vault in Redis, for several processes: it holds encrypted bytes only, and lets them expire. */
export function createSharedVault(redis: Redis, options: SharedVaultOptions): Vault {
  const { key, lifetime = PHOTO_LIFETIME, now = Date.now } = options;
  return {
    async put(bytes) {
      const id = randomUUID();
      const sealed = seal(bytes, key, { id, expires: now() + lifetime });
      bytes.fill(0);
      await redis.set(keyOf(id), sealed, 'PX', lifetime);
      return id;
    },
    async get(id) {
      const sealed = await redis.getBuffer(keyOf(id));
      return sealed && expiryOf(sealed) > now() ? unseal(sealed, key, id) : undefined;
    },
    async wipe(ids) {
      if (ids.length > 0) await redis.del(...ids.map(keyOf));
    },
    close: async () => undefined,
  };
}
