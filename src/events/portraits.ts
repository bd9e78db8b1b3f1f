import { randomUUID } from 'node:crypto';
import type { Keyv } from 'keyv';
import { seal, unseal } from '../vault/seal.js';
import type { Vault } from '../vault/vault.js';

/** Longest life of a portrait that nobody wiped, in milliseconds: the longest event, and a day more to take it along. */
const PORTRAIT_LIFETIME = 32 * 24 * 60 * 60_000;

export interface KeptPortraitsOptions {
  /** Where they are kept, encrypted. */
  readonly facts: Keyv;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

const keyOf = (id: string): string => `portrait:${id}`;

/** A vault for the portraits of events, which live longer than photos: each is a fact, encrypted with AES-256-GCM. */
export function createKeptPortraits({ facts, key }: KeptPortraitsOptions): Vault {
  return {
    async put(bytes) {
      const id = randomUUID();
      const sealed = seal(bytes, key, { id, expires: Date.now() + PORTRAIT_LIFETIME });
      bytes.fill(0);
      await facts.set(keyOf(id), sealed.toString('base64'), PORTRAIT_LIFETIME);
      return id;
    },
    async get(id) {
      const sealed = await facts.get<string>(keyOf(id));
      return sealed === undefined ? undefined : unseal(Buffer.from(sealed, 'base64'), key, id);
    },
    async wipe(ids) {
      for (const id of ids) await facts.delete(keyOf(id));
    },
    close: async () => undefined,
  };
}
