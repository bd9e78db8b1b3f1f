import assert from 'node:assert/strict';
import { test } from 'node:test';
import { skipWithoutRedis, startRedis } from '../../redis-server.js';
import { examine, linesOf } from './examined.js';

test('a Redis that answers and loses nothing; then one that would', { skip: skipWithoutRedis }, async (context) => {
  const server = await startRedis();
  context.after(() => server.stop());
  const look = async () => linesOf(await examine(['redis'], { REDIS_URL: server.url }), 'redis');
  assert.match((await look()).join('\n'), /^ok: version \d+\.\d+\.\d+ answers$/);
  const redis = await server.connect();
  await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
  await redis.config('SET', 'appendonly', 'no');
  redis.disconnect();
  const [, evicts, forgets] = await look();
  assert.match(evicts ?? '', /^wrong: .*allkeys-lru.*noeviction$/);
  assert.match(forgets ?? '', /^wrong: .*appendonly yes$/);
});

test('a Redis that is not there is named without its password', async () => {
  const lines = linesOf(await examine(['redis'], { REDIS_URL: 'redis://bot:hunter2@127.0.0.1:1/0' }), 'redis');
  assert.match(lines.join(), /^wrong: Redis does not answer at redis:\/\/127\.0\.0\.1:1/);
  assert.doesNotMatch(lines.join(), /hunter2/);
});

test('without an address there is none, which is in order', async () => {
  assert.deepEqual(linesOf(await examine(['redis'], {}), 'redis'), ['ok: none, since REDIS_URL is not set']);
});
