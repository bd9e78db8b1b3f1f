import type { Invocation, Standing } from '../chat/invocation.js';
import type { Server } from '../chat/member.js';
import { LikenessError } from '../errors.js';
import type { Counts, Window } from './counts.js';

/** Whose albums a limit counts: a member's everywhere, a member's in one server, those of all who are new there, a server's, everyone's. */
export type LimitScope = 'member' | 'here' | 'newcomers' | 'server' | 'global';
/** Clock hours and days of UTC, in which albums are counted. */
export type LimitPeriod = 'hour' | 'day';

/** How many albums may be asked for. */
export type LimitSettings = Readonly<Record<'member' | 'server' | 'global', Readonly<Record<LimitPeriod, number>>>>;

/** Limits that a server sets for itself; what is missing it leaves open. */
type OwnScope = 'here' | 'newcomers' | 'server';

/** How many albums a server lets one member, those new in it, and all of its members ask for; what is missing it leaves open. */
export type ServerLimits = Readonly<Partial<Record<OwnScope, Readonly<Partial<Record<LimitPeriod, number>>>>>>;

/** Who asks, and where. */
export type Asker = Pick<Invocation, 'member' | 'place'> & {
  /** Ids of the member's roles there. */
  readonly standing?: Pick<Standing, 'roles'>;
};

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
   * @throws LikenessError `limit-member`, `limit-here`, `limit-newcomers`, `limit-server`, `limit-global` with the `wait` in milliseconds.
   */
  take(asker: Asker): Promise<() => Promise<void>>;
  /** The member's own limits, and those of the place where they ask. */
  usage(asker: Asker): Promise<readonly Usage[]>;
}

export interface LimitsOptions {
  readonly settings: LimitSettings;
  readonly counts: Counts;
  /** What a server sets for who asks; it can only be stricter than `settings`. */
  readonly serverLimits: (server: Server, asker: Asker) => Promise<ServerLimits>;
  /** Called when an album was counted. */
  readonly onTaken?: (asker: Asker) => Promise<void>;
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

/** Limits by the clock hour and the day. */
export function createLimits({ settings, counts, serverLimits, onTaken, now = Date.now }: LimitsOptions): Limits {
  const rulesFor = async (asker: Asker): Promise<Rule[]> => {
    const { platform, id } = asker.member;
    const { server } = asker.place;
    const own = server === undefined ? {} : await serverLimits({ platform, id: server }, asker);
    const scopes: [LimitScope, string][] = [['member', `${platform}:${id}`]];
    const there = `${platform}:${server}`;
    if (server !== undefined) scopes.push(['here', `${there}/${id}`], ['newcomers', there], ['server', there]);
    scopes.push(['global', '']);
    return scopes.flatMap(([scope, owner]) => {
      const ownOnly = scope === 'here' || scope === 'newcomers';
      const everyones: Partial<Record<LimitPeriod, number>> = ownOnly ? {} : settings[scope];
      const stricter = ownOnly || scope === 'server' ? own[scope] : undefined;
      return (['hour', 'day'] as const).flatMap((period) => {
        const amount = Math.min(everyones[period] ?? Infinity, stricter?.[period] ?? Infinity);
        return amount === Infinity ? [] : [{ scope, owner, period, amount }];
      });
    });
  };
  const windowOf = ({ scope, owner, period, amount }: Rule): Window => {
    const length = MILLISECONDS[period];
    const begins = Math.floor(now() / length) * length;
    return { key: `used:${scope}:${owner}:${period}:${begins}`, ends: begins + length, amount };
  };
  const giveBack = async (taken: readonly Window[]): Promise<void> => {
    for (const window of taken) await counts.giveBack(window);
  };
  return {
    async take(asker) {
      const taken: Window[] = [];
      for (const rule of await rulesFor(asker)) {
        const window = windowOf(rule);
        if (!(await counts.take(window))) {
          await giveBack(taken);
          const { scope, period, amount } = rule;
          throw new LikenessError(`limit-${scope}`, { limit: amount, period, wait: window.ends - now() });
        }
        taken.push(window);
      }
      await onTaken?.(asker);
      return () => giveBack(taken);
    },
    async usage(asker) {
      const usages: Usage[] = [];
      for (const rule of (await rulesFor(asker)).filter(({ scope }) => scope !== 'global')) {
        const { scope, period, amount } = rule;
        const window = windowOf(rule);
        usages.push({ scope, period, amount, used: await counts.used(window), wait: window.ends - now() });
      }
      return usages;
    },
  };
}
