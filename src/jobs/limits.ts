import Bottleneck from 'bottleneck';
import type { Keyv } from 'keyv';
import { LikenessError } from '../../pipeline/errors.js';
import type { Invocation, Member } from '../platforms/platform.js';
import type { PortraitEngine } from './engine.js';

/** Whose albums a limit counts. */
export type LimitScope = 'member' | 'server' | 'global';
/** Clock hours and days of UTC, in which albums are counted. */
export type LimitPeriod = 'hour' | 'day';

/** How many albums may be asked for. */
export type LimitSettings = Readonly<Record<LimitScope, Readonly<Record<LimitPeriod, number>>>>;

/** Who asks, and where. */
export type Asker = Pick<Invocation, 'member' | 'place'>;

/** How much of one limit is used up. */
export interface Usage {
  readonly scope: LimitScope;
  readonly period: LimitPeriod;
  readonly used: number;
  readonly amount: number;
  /** Milliseconds until it is counted anew. */
  readonly wait: number;
}

/** Rates and daily quotas. */
export interface Limits {
  /**
   * Counts one album against every limit that applies, or against none; answers how to take that back.
   * @throws LikenessError `limit-member`, `limit-server`, `limit-global` with the `wait` in milliseconds.
   */
  take(asker: Asker): Promise<() => Promise<void>>;
  /** The member's own limits, and those of the place where they ask. */
  usage(asker: Asker): Promise<readonly Usage[]>;
}

export interface LimitsOptions {
  readonly settings: LimitSettings;
  /** Where counts are kept, so that a restart does not begin them anew. */
  readonly facts: Keyv;
  /** Albums a day granted to one member alone. */
  readonly dailyQuota: (member: Member) => Promise<number | undefined>;
  readonly now?: () => number;
}

const MILLISECONDS = { hour: 60 * 60_000, day: 24 * 60 * 60_000 } as const satisfies Record<LimitPeriod, number>;

interface Rule {
  readonly scope: LimitScope;
  readonly period: LimitPeriod;
  readonly amount: number;
  /** Whose albums are counted together. */
  readonly owner: string;
}

/** The count of one rule in one hour or day. */
interface Window {
  readonly key: string;
  readonly ends: number;
  /** Its reservoir is what is left; it never lets anything wait. */
  readonly limiter: Bottleneck;
  amount: number;
}

/** Limits whose counts outlive the process. */
export function createLimits({ settings, facts, dailyQuota, now = Date.now }: LimitsOptions): Limits {
  const windows = new Map<string, Promise<Window>>();

  const rulesFor = async ({ member, place }: Asker): Promise<Rule[]> => {
    const granted = await dailyQuota(member);
    const owners: [LimitScope, string][] = [['member', `${member.platform}:${member.id}`]];
    if (place.kind === 'group') owners.push(['server', `${member.platform}:${place.id}`]);
    owners.push(['global', '']);
    return owners.flatMap(([scope, owner]) => {
      const { hour, day } = settings[scope];
      const perDay = scope === 'member' ? (granted ?? day) : day;
      return [
        { scope, owner, period: 'hour', amount: hour } as const,
        { scope, owner, period: 'day', amount: perDay } as const,
      ];
    });
  };
  const openWindow = async (key: string, ends: number, amount: number): Promise<Window> => {
    const left = amount - ((await facts.get<number>(key)) ?? 0);
    const limiter = new Bottleneck({ reservoir: left, highWater: 0, strategy: Bottleneck.strategy.OVERFLOW });
    return { key, ends, limiter, amount };
  };
  const windowOf = async ({ scope, owner, period, amount }: Rule): Promise<Window> => {
    const length = MILLISECONDS[period];
    const begins = Math.floor(now() / length) * length;
    const key = `used:${scope}:${owner}:${period}:${begins}`;
    const opening = windows.get(key) ?? openWindow(key, begins + length, amount);
    windows.set(key, opening);
    const window = await opening;
    if (window.amount !== amount) {
      await window.limiter.incrementReservoir(amount - window.amount);
      window.amount = amount;
    }
    return window;
  };
  const used = async ({ limiter, amount }: Window): Promise<number> =>
    amount - ((await limiter.currentReservoir()) ?? amount);
  const record = async (window: Window): Promise<void> => {
    if (window.ends > now()) await facts.set(window.key, await used(window), window.ends - now());
  };
  const giveBack = async (taken: readonly Window[]): Promise<void> => {
    for (const window of taken) {
      await window.limiter.incrementReservoir(1);
      await record(window);
    }
  };
  const dropEnded = async (): Promise<void> => {
    for (const [key, opening] of windows) if ((await opening).ends <= now()) windows.delete(key);
  };
  return {
    async take(asker) {
      await dropEnded();
      const taken: Window[] = [];
      for (const rule of await rulesFor(asker)) {
        const window = await windowOf(rule);
        if (!(await takesOne(window))) {
          await giveBack(taken);
          const { scope, period, amount } = rule;
          throw new LikenessError(`limit-${scope}`, { limit: amount, period, wait: window.ends - now() });
        }
        taken.push(window);
      }
      for (const window of taken) await record(window);
      return () => giveBack(taken);
    },
    async usage(asker) {
      const usages: Usage[] = [];
      for (const rule of (await rulesFor(asker)).filter(({ scope }) => scope !== 'global')) {
        const { scope, period, amount } = rule;
        const window = await windowOf(rule);
        usages.push({ scope, period, amount, used: await used(window), wait: window.ends - now() });
      }
      return usages;
    },
  };
}

/** Takes one from the reservoir, if there is one. */
async function takesOne({ limiter }: Window): Promise<boolean> {
  return limiter
    .schedule(async () => true)
    .catch((error: unknown) => {
      if (error instanceof Bottleneck.BottleneckError) return false;
      throw error;
    });
}

/** An engine that is asked for at most so many albums at a time; the others wait for their turn. */
export function limitEngine(engine: PortraitEngine, concurrency: number): PortraitEngine {
  const limiter = new Bottleneck({ maxConcurrent: concurrency });
  return { portrait: (request, options) => limiter.schedule(() => engine.portrait(request, options)) };
}
