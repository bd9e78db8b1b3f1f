import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openSharedFacts } from '../../src/data/redis-facts.js';
import type { Redis } from '../../src/data/redis.js';
import { createKeptPortraits } from '../../src/events/portraits.js';
import { createEventStore } from '../../src/events/store.js';
import { createSharedCounts } from '../../src/jobs/shared-counts.js';
import { createMembers } from '../../src/members/members.js';
import { createSharedVault } from '../../src/vault/shared.js';
import { testLimits } from '../contract/limits.js';
import { testVault } from '../contract/vault.js';
import { type RedisServer, skipWithoutRedis as skip, startRedis } from '../redis-server.js';

const key = Buffer.alloc(32, 7);
const ann = { platform: 'web', id: 'ann' } as const;
const MINUTE = 60_000;

let server: RedisServer;
/** Two processes' connections. */
let one: Redis;
let two: Redis;
before(async () => {
  if (skip !== false) return;
  server = await startRedis();
  [one, two] = [await server.connect(), await server.connect()];
});
after(async () => {
  for (const redis of [one, two]) redis?.disconnect();
  await server?.stop();
});

testVault('vault in Redis', () => createSharedVault(one, { key }), { skip });

testVault('kept portraits in Redis', () => createKeptPortraits({ facts: openSharedFacts(one), key }), { skip });

testLimits(
  'limits of several processes',
  async () => {
    await server.empty();
    let lock = 0;
    return () => createSharedCounts(lock++ % 2 === 0 ? one : two);
  },
  { skip },
);

test('albums are counted once, whichever process they are asked of', { skip }, async () => {
  await server.empty();
  const window = { key: 'used:member:web:ann:day:0', amount: 5, ends: Date.now() + MINUTE };
  const processes = [createSharedCounts(one), createSharedCounts(two)];
  const took = await Promise.all(
    Array.from({ length: 6 }, () => processes.map((counts) => counts.take(window))).flat(),
  );
  assert.equal(took.filter(Boolean).length, 5);
  assert.deepEqual(await Promise.all(processes.map((counts) => counts.used(window))), [5, 5]);
  await server.age(2 * MINUTE);
  assert.equal(await processes[0]?.used(window), 0);
});

test('a photo put in by one process is read by another with the same key, and by no other', { skip }, async () => {
  const id = await createSharedVault(one, { key }).put(Buffer.from('a face nobody else may see'));
  assert.equal(String(await createSharedVault(two, { key }).get(id)), 'a face nobody else may see');
  assert.equal(await createSharedVault(two, { key: Buffer.alloc(32, 8) }).get(id), undefined);
  const kept = await two.getBuffer(`likeness:vault:${id}`);
  assert.equal(kept?.includes('face'), false);
});

test('a photo nobody wiped is gone when its life is over', { skip }, async () => {
  const vault = createSharedVault(one, { key, lifetime: 30 * MINUTE });
  const id = await vault.put(Buffer.from('a face'));
  await server.age(29 * MINUTE);
  assert.ok(await vault.get(id));
  await server.age(MINUTE);
  assert.equal(await vault.get(id), undefined);
  assert.equal(await one.exists(`likeness:vault:${id}`), 0);
});

test('what one process learns of a member the others know, and forget with it', { skip }, async () => {
  await server.empty();
  const [facts, others] = [openSharedFacts(one), openSharedFacts(two)];
  const [members, elsewhere] = [createMembers(facts), createMembers(others)];
  await members.consent(ann);
  await members.chooseLanguage(ann, 'de');
  assert.deepEqual([await elsewhere.hasConsented(ann), await elsewhere.language(ann)], [true, 'de']);
  await elsewhere.forget(ann);
  assert.deepEqual(await one.keys('*'), []);
  await facts.set('short-lived', 'yes', MINUTE);
  assert.equal(await others.get('short-lived'), 'yes');
  await server.age(MINUTE);
  assert.equal(await others.get('short-lived'), undefined);
  await others.set('kept', 1);
  await others.clear();
  assert.equal(await facts.has('kept'), false);
});

test('an event kept by one process is there for the next, and gone with its server', { skip }, async () => {
  await server.empty();
  const club = { platform: 'web', id: 'club' } as const;
  const terms = { title: 'Ball', prompt: 'smiling', limit: 2, blind: false, endsAt: 1 };
  const rest = { id: 'ball', server: club, address: {}, locale: 'en', entries: [], ballots: [], next: 1 };
  const [first, second] = [createEventStore(openSharedFacts(one)), createEventStore(openSharedFacts(two))];
  await first.put({ ...terms, ...rest });
  assert.deepEqual(await second.all(), [{ ...terms, ...rest }]);
  await second.drop({ ...terms, ...rest });
  assert.equal(await first.at(club), undefined);
  assert.deepEqual(await first.all(), []);
});
