import assert from 'node:assert/strict';
import { after, before, mock, test } from 'node:test';
import { openRedis, type Redis } from '../../src/data/redis.js';
import { LikenessError } from '../../src/errors.js';
import { createBullmqStore } from '../../src/jobs/bullmq/store.js';
import { draft, testJobStore } from '../contract/job-store.js';
import { type RedisServer, skipWithoutRedis, startRedis } from '../redis-server.js';

const ROOMY = { perMember: 100, total: 100 };
const LEASE = 600_000;
const skip = skipWithoutRedis;

let server: RedisServer;
before(async () => {
  if (skip === false) server = await startRedis();
});
after(() => server?.stop());

/** A store at the server, and how to let go of both. */
async function connect() {
  const redis = await server.connect();
  const store = createBullmqStore(redis);
  const close = async (): Promise<void> => {
    await store.close();
    redis.disconnect();
  };
  return { redis, store, close };
}

testJobStore(
  'BullMQ store',
  async () => {
    await server.empty();
    mock.timers.enable({ apis: ['Date'], now: Date.now() });
    const processes = [await connect()];
    return {
      store: processes[0]!.store,
      async advance(milliseconds) {
        mock.timers.tick(milliseconds);
        await server.age(milliseconds);
      },
      async reopen() {
        const process = await connect();
        processes.push(process);
        return process.store;
      },
      async close() {
        mock.timers.reset();
        for (const { close } of processes) await close();
      },
    };
  },
  { skip },
);

test(
  'what was accepted outlives a crash of Redis, and what is asked for meanwhile waits for it',
  { skip },
  async () => {
    await server.empty();
    const { store, close } = await connect();
    const { job } = await store.enqueue(draft('ann', 'a'), ROOMY);
    await server.kill();
    const meanwhile = store.enqueue(draft('bob', 'b'), ROOMY);
    await server.start();
    assert.ok((await meanwhile).created);
    assert.deepEqual(await store.get(job.id), job);
    assert.deepEqual(
      (await store.active()).waiting.map(({ key }) => key),
      ['a', 'b'],
    );
    await close();
  },
);

test('room that was made for a job that never came is given back', { skip }, async () => {
  await server.empty();
  const { redis, store, close } = await connect();
  const tight = { ...ROOMY, total: 1 };
  const lost = { owner: 'nobody', round: 0, sequence: 1 };
  const keep = (ends: number) => redis.hset('likeness:portraits:rooms', 'lost', JSON.stringify({ ...lost, ends }));
  await keep(Date.now() + 1_000_000);
  await assert.rejects(store.enqueue(draft('ann', 'a'), tight), { code: 'queue-full' });
  await keep(1);
  assert.ok((await store.enqueue(draft('ann', 'a'), tight)).created);
  await close();
});

test('what a worker hands over is nobody’s until somebody delivers it, and no worker’s again', { skip }, async () => {
  await server.empty();
  const { store, close } = await connect();
  const { job } = await store.enqueue(draft('ann', 'a'), ROOMY);
  const ending = { end: 'done', album: 'id in the vault' } as const;
  assert.equal(await store.leaseMade('chat', LEASE), undefined);
  await store.lease('worker', LEASE);
  assert.equal(await store.handOver(job.id, 'stranger', ending), false);
  assert.equal(await store.handOver(job.id, 'worker', ending), true);
  assert.equal(await store.lease('another', LEASE), undefined);
  assert.equal(await store.cancel(job.id, 'canceller', LEASE), 'gone');
  const made = await store.leaseMade('chat', LEASE);
  assert.deepEqual([made?.id, made?.state, made?.ending], [job.id, 'delivering', ending]);
  assert.equal(await store.leaseMade('rival', LEASE), undefined);
  assert.equal(await store.beginDelivery(job.id, 'chat', ending), true);
  await server.age(LEASE);
  assert.equal(await store.lease('another', LEASE), undefined);
  assert.equal((await store.leaseMade('next', LEASE))?.id, job.id);
  assert.equal(await store.finish(job.id, 'chat', 'done'), false);
  assert.equal(await store.finish(job.id, 'next', 'done'), true);
  assert.equal((await store.get(job.id))?.state, 'done');
  assert.equal(await store.leaseMade('next', LEASE), undefined);
  await close();
});

test(
  'the answer of an accepted request is lost on its way: the request made again is as new as before',
  { skip },
  async () => {
    await server.empty();
    const { redis, close } = await connect();
    // ioredis sends again what was not answered when the connection went.
    const twice = new Proxy(redis, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (name !== 'eval') return value;
        return async (...given: Parameters<Redis['eval']>) => {
          if (String(given[0]).includes("'rooms', id, cjson")) await target.eval(...given);
          return target.eval(...given);
        };
      },
    });
    const store = createBullmqStore(twice);
    const { job, created } = await store.enqueue(draft('ann', 'a'), ROOMY);
    assert.equal(created, true);
    assert.equal((await store.enqueue(draft('ann', 'a'), ROOMY)).created, false);
    assert.equal((await store.active()).waiting[0]?.id, job.id);
    await store.close();
    await close();
  },
);

test('a Redis that wants another password, or one at all, says so, and is not called silent', { skip }, async () => {
  const own = await startRedis();
  const redis = await own.connect();
  await redis.config('SET', 'requirepass', 'right');
  const refused = async (url: string, problem: string) =>
    assert.rejects(openRedis({ url, onError: () => undefined }), (error) => {
      assert.ok(error instanceof LikenessError);
      assert.deepEqual([error.code, error.data['problem']], ['redis-refused', problem]);
      return true;
    });
  await refused(own.url, 'NOAUTH');
  await refused(`${own.url}?password=wrong`, 'WRONGPASS');
  redis.disconnect();
  await own.stop();
});

test('nothing in Redis names a forgotten member or their request', { skip }, async () => {
  await server.empty();
  const { redis, store, close } = await connect();
  const { job } = await store.enqueue(draft('ann-of-web', 'a'), ROOMY);
  await store.lease('worker', 1_000_000);
  await store.forget(job.member);
  await store.finish(job.id, 'worker', 'done');
  assert.equal(await store.get(job.id), undefined);
  const kept = await redis.keys('*');
  const dumps = await Promise.all(kept.map((key) => redis.dumpBuffer(key)));
  assert.doesNotMatch(kept.join('\n') + dumps.map(String).join('\n'), /ann-of-web|request a/);
  await close();
});

test('a Redis that does not answer is one clear error, without the password', async () => {
  const url = 'redis://someone:secret@127.0.0.1:1/0';
  await assert.rejects(openRedis({ url, onError: () => undefined }), (error) => {
    assert.ok(error instanceof LikenessError);
    assert.deepEqual([error.code, error.data], ['redis-unreachable', { address: 'redis://127.0.0.1:1/0' }]);
    return true;
  });
});
