import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Keyv } from 'keyv';
import { createLimits, limitEngine, type Asker, type LimitSettings } from '../../src/jobs/limits.js';
import { errorText, translator } from '../../src/texts.js';
import { createTestEngine } from '../fakes/engine.js';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const MANY = { hour: 1000, day: 1000 };
/** A quarter past ten. */
const MORNING = Math.ceil(Date.now() / DAY) * DAY + 10.25 * HOUR;

function world(changed: Partial<LimitSettings> = {}, quotas: Readonly<Record<string, number>> = {}) {
  let now = MORNING;
  const facts = new Keyv();
  const settings = { member: MANY, server: MANY, global: MANY, ...changed };
  const open = () => createLimits({ settings, facts, dailyQuota: async ({ id }) => quotas[id], now: () => now });
  return { limits: open(), reopen: open, advance: (milliseconds: number) => void (now += milliseconds) };
}

function asker(id: string, server?: string): Asker {
  const place = server === undefined ? ({ kind: 'direct', id } as const) : ({ kind: 'group', id: server } as const);
  return { member: { platform: 'discord', id }, place };
}

test('a member’s hour is full, others’ is not, and the refusal names the time to wait', async () => {
  const { limits, advance } = world({ member: { hour: 2, day: 10 } });
  await limits.take(asker('ann'));
  await limits.take(asker('ann'));
  const refusal = { code: 'limit-member', data: { limit: 2, period: 'hour', wait: 0.75 * HOUR } };
  await assert.rejects(limits.take(asker('ann')), refusal);
  await limits.take(asker('bob'));
  advance(0.75 * HOUR);
  await limits.take(asker('ann'));
});

test('the refusal is a sentence with the time in words', async () => {
  const { limits } = world({ member: { hour: 9, day: 1 } });
  await limits.take(asker('ann'));
  const refusal: unknown = await limits.take(asker('ann')).catch((error: unknown) => error);
  assert.match(errorText(refusal, translator('en')), /1 albums today[^]*in 14 hours/);
});

test('a day’s quota outlives the hours and a restart', async () => {
  const { limits, reopen, advance } = world({ member: { hour: 2, day: 3 } });
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

test('a server’s members share its limit; direct messages do not count for it', async () => {
  const { limits } = world({ server: { hour: 2, day: 10 } });
  await limits.take(asker('ann', 'club'));
  await limits.take(asker('bob', 'club'));
  await assert.rejects(limits.take(asker('cyd', 'club')), { code: 'limit-server' });
  await limits.take(asker('cyd', 'other'));
  await limits.take(asker('cyd'));
});

test('what everyone together may have is one limit, and a refusal there costs the member nothing', async () => {
  const { limits } = world({ member: { hour: 5, day: 5 }, global: { hour: 1, day: 5 } });
  await limits.take(asker('ann'));
  await assert.rejects(limits.take(asker('bob')), { code: 'limit-global' });
  assert.deepEqual(
    (await limits.usage(asker('bob'))).map(({ used }) => used),
    [0, 0],
  );
});

test('many at the same moment get no more than there is', async () => {
  const { limits } = world({ member: { hour: 3, day: 10 } });
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => limits.take(asker('ann'))));
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 3);
});

test('what is given back can be taken again', async () => {
  const { limits } = world({ member: { hour: 1, day: 1 } });
  const giveBack = await limits.take(asker('ann'));
  await giveBack();
  await limits.take(asker('ann'));
});

test('a quota granted to one member replaces everyone’s for them, at once', async () => {
  const quotas: Record<string, number> = {};
  const { limits } = world({ member: { hour: 9, day: 1 } }, quotas);
  await limits.take(asker('ann'));
  await assert.rejects(limits.take(asker('ann')), { code: 'limit-member' });
  quotas['ann'] = 2;
  await limits.take(asker('ann'));
  assert.deepEqual(
    (await limits.usage(asker('ann'))).map(({ period, used, amount }) => [period, used, amount]),
    [
      ['hour', 2, 9],
      ['day', 2, 2],
    ],
  );
  await assert.rejects(limits.take(asker('ann')), { data: { limit: 2, period: 'day', wait: 13.75 * HOUR } });
});

test('an engine is asked for so many albums at a time', async () => {
  const engine = createTestEngine();
  const limited = limitEngine(engine, 1);
  const ask = (seed: number) =>
    limited.portrait(
      { prompt: 'smiling', count: 1, strength: 80, seed, photos: [] },
      { signal: new AbortController().signal, onProgress: () => undefined },
    );
  engine.hold();
  const albums = [ask(1), ask(2)];
  await engine.halfWay();
  assert.equal(engine.requests.length, 1);
  engine.release();
  assert.deepEqual(
    (await Promise.all(albums)).map(({ seed }) => seed),
    [1, 2],
  );
});
