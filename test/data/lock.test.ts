import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createLock } from '../../src/data/lock.js';
import { type RedisServer, skipWithoutRedis, startRedis } from '../redis-server.js';

const MINUTE = 60_000;
const skip = skipWithoutRedis;

let server: RedisServer;
before(async () => {
  if (skip === false) server = await startRedis();
});
after(() => server?.stop());

test('one of several processes has the lock, until it passes it or dies', { skip }, async (context) => {
  const [one, other] = [await server.connect(), await server.connect()];
  context.after(() => {
    one.disconnect();
    other.disconnect();
  });
  const [first, second] = [createLock(one, 'polling'), createLock(other, 'polling')];
  assert.equal(await first.hold(MINUTE), true);
  assert.equal(await second.hold(MINUTE), false);
  assert.equal(await first.hold(MINUTE), true, 'who has it keeps it');
  await second.pass();
  assert.equal(await second.hold(MINUTE), false, 'nobody passes what is somebody else’s');
  assert.equal(await createLock(other, 'something else').hold(MINUTE), true);
  await first.pass();
  assert.equal(await second.hold(MINUTE), true);
  await server.age(MINUTE);
  assert.equal(await first.hold(MINUTE), true, 'the second said nothing for too long');
});
