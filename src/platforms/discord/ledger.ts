import type { Keyv } from 'keyv';

/**
 * How far an album has come: `sending` from just before it is sent until Discord's answer is recorded; then `shown` where it
 * was asked for, sent as a `direct` message, or its owner was `called` to fetch it.
 */
export type AlbumState = 'sending' | 'shown' | 'direct' | 'called';

/** What must be known of albums after a crash, so that none is sent twice. */
export interface Ledger {
  album(jobId: string): Promise<AlbumState | undefined>;
  keepAlbum(jobId: string, state: AlbumState): Promise<void>;
}

/** As long as jobs are remembered. */
const LIFETIME = 24 * 60 * 60_000;
const states: readonly AlbumState[] = ['sending', 'shown', 'direct', 'called'];

/** A ledger in a key-value store; it outlives a restart where the store does. */
export function createLedger(facts: Keyv<string>): Ledger {
  const keyOf = (jobId: string): string => `discord:album:${jobId}`;
  return {
    async album(jobId) {
      const kept = await facts.get(keyOf(jobId));
      return states.find((state) => state === kept);
    },
    keepAlbum: async (jobId, state) => void (await facts.set(keyOf(jobId), state, LIFETIME)),
  };
}
