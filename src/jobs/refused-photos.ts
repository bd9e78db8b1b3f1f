import { LikenessError } from '../errors.js';
import type { PhotoRefusals } from '../media/photo-box.js';
import type { Counts, Window } from './counts.js';

/** Refused photos of one member's in a clock hour, after which no more are read: reading one may take seconds of a core. */
const PER_HOUR = 20;
const HOUR = 60 * 60_000;

/** Refused photos, counted by the clock hour. */
export function createRefusedPhotos(counts: Counts, now: () => number = Date.now): PhotoRefusals {
  const windowOf = (owner: string): Window => {
    const begins = Math.floor(now() / HOUR) * HOUR;
    return { key: `used:photos:${owner}:hour:${begins}`, ends: begins + HOUR, amount: PER_HOUR };
  };
  return {
    async check(owner) {
      const window = windowOf(owner);
      if ((await counts.used(window)) < PER_HOUR) return;
      throw new LikenessError('limit-photos', { limit: PER_HOUR, wait: window.ends - now() });
    },
    count: async (owner) => void (await counts.take(windowOf(owner))),
  };
}
