import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReceivedRequest } from '../../src/chat/host.js';
import { createPending, createSharedPending, type Pending } from '../../src/data/pending.js';
import { IN_MEMORY, openDatabase } from '../../src/data/database.js';
import { createInterrupted } from '../../src/host/interrupted.js';
import { createRecordingPlatform } from '../fakes/platform.js';
import { skipWithoutRedis as skip, startRedis } from '../redis-server.js';

test('a full disk kept a killed program from starting: whom it owes an answer is told when there is room', async () => {
  const left: ReceivedRequest = { key: 'k', member: { platform: 'web', id: 'ann' }, address: { key: 'k' } };
  let full = true;
  const ended: string[] = [];
  const pending: Pending<ReceivedRequest> = {
    begin: async () => undefined,
    end: async (key) => void ended.push(key),
    async takeLapsed() {
      if (full) throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
      return [{ key: 'web:k', value: left }];
    },
  };
  const platform = createRecordingPlatform();
  const errors: unknown[] = [];
  const interrupted = createInterrupted({
    pending,
    platforms: new Map([['web', platform]]),
    isAccepted: async () => false,
    languageOf: async () => 'en',
    onError: (error) => void errors.push(error),
  });
  await interrupted.tell();
  assert.equal(errors.length, 1);
  assert.deepEqual(platform.shown(left.address), []);
  full = false;
  await interrupted.tell();
  assert.match(JSON.stringify(platform.shown(left.address)), /interrupted before/);
  assert.equal(errors.length, 1);
  assert.deepEqual(ended, ['web:k']);
});

test('a program that was killed before it had told anybody leaves them to the next, which tells each once', async () => {
  const database = openDatabase(IN_MEMORY);
  const begin = createPending<string>(database);
  for (const who of ['ann', 'bob']) await begin.begin(who, `answer ${who}`);
  const killed = createPending<string>(database);
  assert.equal((await killed.takeLapsed()).length, 2);
  assert.deepEqual(await killed.takeLapsed(), [], 'what it took it has');
  await killed.end('ann');
  const next = createPending<string>(database);
  assert.deepEqual(await next.takeLapsed(), [{ key: 'bob', value: 'answer bob' }]);
  await next.end('bob');
  assert.deepEqual(await createPending<string>(database).takeLapsed(), []);
});

test(
  'around a Redis one of several programs tells whom a killed one owes an answer, and another where it is killed too',
  { skip },
  async (context) => {
    const server = await startRedis();
    context.after(() => server.stop());
    const redis = await server.connect();
    context.after(() => redis.disconnect());
    const program = () => createSharedPending<string>(redis);
    const killed = program();
    await killed.begin('ann', 'answer ann');
    assert.deepEqual(await program().takeLapsed(), [], 'whoever began it may be at work');
    await server.age(30_000);
    const taken = await Promise.all([program().takeLapsed(), program().takeLapsed()]);
    assert.deepEqual(taken.flat(), [{ key: 'ann', value: 'answer ann' }]);
    await server.age(30_000);
    const last = program();
    assert.equal((await last.takeLapsed()).length, 1);
    await last.end('ann');
    await server.age(30_000);
    assert.deepEqual(await program().takeLapsed(), []);
  },
);
