import Bottleneck from 'bottleneck';
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

/** What is counted of one window in this process. */
interface Counter {
  readonly ends: number;
  /** Its reservoir is what is left; it never lets anything wait. */
  readonly limiter: Bottleneck;
  amount: number;
}

/** Counts of one process, which outlive it. */
export function createCounts({ facts, now = Date.now }: CountsOptions): Counts {
  const counters = new Map<string, Promise<Counter>>();

  const open = async ({ key, ends, amount }: Window): Promise<Counter> => {
    const left = amount - ((await facts.get<number>(key)) ?? 0);
    const limiter = new Bottleneck({ reservoir: left, highWater: 0, strategy: Bottleneck.strategy.OVERFLOW });
    return { ends, limiter, amount };
  };
  const counterOf = async (window: Window): Promise<Counter> => {
    const opening = counters.get(window.key) ?? open(window);
    counters.set(window.key, opening);
    const counter = await opening;
    if (counter.amount !== window.amount) {
      await counter.limiter.incrementReservoir(window.amount - counter.amount);
      counter.amount = window.amount;
    }
    return counter;
  };
  const used = async ({ limiter, amount }: Counter): Promise<number> =>
    amount - ((await limiter.currentReservoir()) ?? amount);
  const record = async ({ key, ends }: Window, counter: Counter): Promise<void> => {
    if (ends > now()) await facts.set(key, await used(counter), ends - now());
  };
  const dropEnded = async (): Promise<void> => {
    for (const [key, opening] of counters) if ((await opening).ends <= now()) counters.delete(key);
  };
  return {
    async take(window) {
      await dropEnded();
      const counter = await counterOf(window);
      const took = await takesOne(counter);
      if (took) await record(window, counter);
      return took;
    },
    async giveBack(window) {
      const counter = await counterOf(window);
      await counter.limiter.incrementReservoir(1);
      await record(window, counter);
    },
    used: async (window) => used(await counterOf(window)),
  };
}

/** Takes one from the reservoir, if there is one. */
async function takesOne({ limiter }: Counter): Promise<boolean> {
  return limiter
    .schedule(async () => true)
    .catch((error: unknown) => {
      if (error instanceof Bottleneck.BottleneckError) return false;
      throw error;
    });
}
