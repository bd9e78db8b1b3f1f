import type { Keyv } from 'keyv';

/** An hour or a day in which somebody's albums are counted, and how many there may be. */
export interface Window {
  readonly key: string;
  readonly amount: number;
  /** Milliseconds since 1970. */
  readonly ends: number;
}

/** Counts what is taken in each window. */
export interface Counts {
  /** Takes one if fewer than the amount are taken; answers whether it did. */
  take(window: Window): Promise<boolean>;
  giveBack(window: Window): Promise<void>;
  used(window: Window): Promise<number>;
}

export interface CountsOptions {
  /** Where counts are kept, so that a restart does not begin them anew. */
  readonly facts: Keyv;
  readonly now?: () => number;
}

/** What is taken of one window, in this process's memory. */
interface Counter {
  readonly ends: number;
  taken: number;
}

/** Counts of one process, which outlive it. */
export function createCounts({ facts, now = Date.now }: CountsOptions): Counts {
  const counters = new Map<string, Promise<Counter>>();

  const open = async ({ key, ends }: Window): Promise<Counter> => ({
    ends,
    taken: (await facts.get<number>(key)) ?? 0,
  });
  const counterOf = (window: Window): Promise<Counter> => {
    const opening = counters.get(window.key) ?? open(window);
    counters.set(window.key, opening);
    return opening;
  };
  const record = async ({ key, ends }: Window, { taken }: Counter): Promise<void> => {
    if (ends > now()) await facts.set(key, taken, ends - now());
  };
  const dropEnded = async (): Promise<void> => {
    for (const [key, opening] of counters) if ((await opening).ends <= now()) counters.delete(key);
  };
  return {
    async take(window) {
      await dropEnded();
      const counter = await counterOf(window);
      // Looked at and taken in one go: whoever asks at the same time finds it taken.
      if (counter.taken >= window.amount) return false;
      counter.taken += 1;
      await record(window, counter);
      return true;
    },
    async giveBack(window) {
      const counter = await counterOf(window);
      counter.taken = Math.max(0, counter.taken - 1);
      await record(window, counter);
    },
    used: async (window) => (await counterOf(window)).taken,
  };
}
