import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Counts } from '../../src/jobs/counts.js';
import { type Asker, createLimits, type LimitSettings, type ServerLimits } from '../../src/jobs/limits.js';
import { errorText, translator } from '../../src/language/texts.js';
import { MORNING } from '../fakes/standing-clock.js';

const HOUR = 60 * 60_000;
const MANY = { hour: 1000, day: 1000 };

/** What was counted so far, as a process that starts now finds it. */
export type OpenCounts = () => Counts;

function asker(id: string, server?: string): Asker {
  const member = { platform: 'discord', id } as const;
  if (server === undefined) return { member, place: { kind: 'direct', id } };
  return { member, place: { kind: 'group', id: `channel of ${id}`, server } };
}

/** What limits promise on counts of any kind. */
export function testLimits(
  name: string,
  begin: (now: () => number) => Promise<OpenCounts>,
  { skip = false }: { readonly skip?: string | false } = {},
): void {
  const begun = async (changed: Partial<LimitSettings> = {}, own: Readonly<Record<string, ServerLimits>> = {}) => {
    let now = MORNING;
    const clock = { now: () => now };
    const counts = await begin(clock.now);
    const settings = { member: MANY, server: MANY, global: MANY, ...changed };
    const serverLimits = async ({ id }: { readonly id: string }) => own[id] ?? {};
    const open = () => createLimits({ settings, counts: counts(), serverLimits, ...clock });
    return { limits: open(), reopen: open, advance: (milliseconds: number) => void (now += milliseconds) };
  };
  const limitTest = (title: string, run: (open: typeof begun) => Promise<void>): void => {
    test(`${name}: ${title}`, { skip }, () => run(begun));
  };

  limitTest('a member’s hour is full, others’ is not, and the refusal names the time to wait', async (world) => {
    const { limits, advance } = await world({ member: { hour: 2, day: 10 } });
    await limits.take(asker('ann'));
    await limits.take(asker('ann'));
    const refusal = { code: 'limit-member', data: { limit: 2, period: 'hour', wait: 0.75 * HOUR } };
    await assert.rejects(limits.take(asker('ann')), refusal);
    await limits.take(asker('bob'));
    advance(0.75 * HOUR);
    await limits.take(asker('ann'));
  });

  limitTest('the refusal is a sentence with the time in words', async (world) => {
    const { limits } = await world({ member: { hour: 9, day: 1 } });
    await limits.take(asker('ann'));
    const refusal: unknown = await limits.take(asker('ann')).catch((error: unknown) => error);
    assert.match(errorText(refusal, translator('en')), /1 albums today[^]*in 14 hours/);
  });

  limitTest('a day’s quota outlives the hours and a restart', async (world) => {
    const { limits, reopen, advance } = await world({ member: { hour: 2, day: 3 } });
    await limits.take(asker('ann'));
    await limits.take(asker('ann'));
    advance(HOUR);
    const after = reopen();
    await after.take(asker('ann'));
    await assert.rejects(after.take(asker('ann')), {
      code: 'limit-member',
      data: { limit: 3, period: 'day', wait: 12.75 * HOUR },
    });
  });

  limitTest('a server’s members share its limit; direct messages do not count for it', async (world) => {
    const { limits } = await world({ server: { hour: 2, day: 10 } });
    await limits.take(asker('ann', 'club'));
    await limits.take(asker('bob', 'club'));
    await assert.rejects(limits.take(asker('cyd', 'club')), { code: 'limit-server' });
    await limits.take(asker('cyd', 'other'));
    await limits.take(asker('cyd'));
  });

  limitTest(
    'what everyone together may have is one limit, and a refusal there costs the member nothing',
    async (world) => {
      const { limits } = await world({ member: { hour: 5, day: 5 }, global: { hour: 1, day: 5 } });
      await limits.take(asker('ann'));
      await assert.rejects(limits.take(asker('bob')), { code: 'limit-global' });
      assert.deepEqual(
        (await limits.usage(asker('bob'))).map(({ used }) => used),
        [0, 0],
      );
    },
  );

  limitTest('many at the same moment get no more than there is', async (world) => {
    const { limits } = await world({ member: { hour: 3, day: 10 } });
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => limits.take(asker('ann'))));
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 3);
  });

  limitTest('what is given back can be taken again', async (world) => {
    const { limits } = await world({ member: { hour: 1, day: 1 } });
    const giveBack = await limits.take(asker('ann'));
    await giveBack();
    await limits.take(asker('ann'));
  });

  limitTest('a server’s own limits are the stricter ones, at once and only there', async (world) => {
    const own: Record<string, ServerLimits> = {};
    const { limits } = await world({ member: { hour: 9, day: 9 }, server: { hour: 9, day: 3 } }, own);
    await limits.take(asker('ann', 'club'));
    own['club'] = { here: { day: 2 }, server: { hour: 500, day: 500 } };
    await limits.take(asker('ann', 'club'));
    await limits.take(asker('ann', 'other'));
    await limits.take(asker('ann', 'club'));
    await assert.rejects(limits.take(asker('ann', 'club')), {
      code: 'limit-here',
      data: { limit: 2, period: 'day', wait: 13.75 * HOUR },
    });
    await limits.take(asker('ann', 'other'));
    await assert.rejects(limits.take(asker('bob', 'club')), { code: 'limit-server' });
    const usages = await limits.usage(asker('ann', 'club'));
    assert.deepEqual(
      usages.map(({ scope, period, amount }) => [scope, period, amount]),
      [
        ['member', 'hour', 9],
        ['member', 'day', 9],
        ['here', 'day', 2],
        ['server', 'hour', 9],
        ['server', 'day', 3],
      ],
    );
  });

  limitTest('all who are new in a server share a limit, and those who are not do not', async (world) => {
    const own: Record<string, ServerLimits> = { club: { newcomers: { hour: 2 } } };
    const { limits, advance } = await world({}, own);
    await limits.take(asker('ann', 'club'));
    await limits.take(asker('bob', 'club'));
    await assert.rejects(limits.take(asker('cyd', 'club')), {
      code: 'limit-newcomers',
      data: { limit: 2, period: 'hour', wait: 0.75 * HOUR },
    });
    own['club'] = {};
    await limits.take(asker('dan', 'club'));
    own['club'] = { newcomers: { hour: 2 } };
    advance(0.75 * HOUR);
    await limits.take(asker('cyd', 'club'));
  });
}
