import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobDraft } from '../../src/jobs/job.js';
import type { JobStore } from '../../src/jobs/store.js';

/** A store to be tested, on a clock the test moves. */
export interface StoreUnderTest {
  readonly store: JobStore;
  advance(milliseconds: number): void;
  close(): Promise<void>;
}

const ROOMY = { perMember: 100 };

/** A draft of a member's; two drafts with the same key are the same wish. */
export function draft(member: string, key: string): JobDraft {
  return {
    key,
    member: { platform: 'web', id: member },
    address: { session: member, key },
    locale: 'en',
    photos: [`photo-${key}`],
    parameters: { prompt: `wish ${key}`, count: 4, strength: 80, seed: 1 },
    options: { prompt: `wish ${key}`, count: 4 },
  };
}

/** What every `JobStore` promises. */
export function testJobStore(name: string, open: () => Promise<StoreUnderTest>): void {
  const withStore = (title: string, run: (under: StoreUnderTest) => Promise<void>): void => {
    test(`${name}: ${title}`, async () => {
      const under = await open();
      try {
        await run(under);
      } finally {
        await under.close();
      }
    });
  };

  withStore('a draft becomes a job once, however often it is handed in', async ({ store }) => {
    const first = await store.enqueue(draft('ann', 'a'), ROOMY);
    const second = await store.enqueue(draft('ann', 'a'), ROOMY);
    assert.deepEqual([first.created, second.created], [true, false]);
    assert.equal(second.job.id, first.job.id);
    assert.deepEqual((await store.get(first.job.id))?.parameters, draft('ann', 'a').parameters);
  });

  withStore('an ended job still recognises its draft', async ({ store }) => {
    const { job } = await store.enqueue(draft('ann', 'a'), ROOMY);
    await store.lease('worker', 1000);
    await store.finish(job.id, 'worker', 'done');
    assert.equal((await store.enqueue(draft('ann', 'a'), ROOMY)).created, false);
  });

  withStore('a member has at most so many jobs, running ones counted, others unhindered', async ({ store }) => {
    await store.enqueue(draft('ann', 'a'), { perMember: 2 });
    await store.lease('worker', 1000);
    await store.enqueue(draft('ann', 'b'), { perMember: 2 });
    await assert.rejects(store.enqueue(draft('ann', 'c'), { perMember: 2 }), {
      code: 'queue-full',
      data: { count: 2 },
    });
    await store.enqueue(draft('bob', 'd'), { perMember: 2 });
  });

  withStore('everyone is served before anyone is served twice', async ({ store }) => {
    for (const key of ['a1', 'a2', 'a3']) await store.enqueue(draft('ann', key), ROOMY);
    for (const key of ['b1', 'b2']) await store.enqueue(draft('bob', key), ROOMY);
    assert.deepEqual(
      (await store.active()).waiting.map(({ key }) => key),
      ['a1', 'b1', 'a2', 'b2', 'a3'],
    );
    await store.lease('worker', 1000);
    assert.deepEqual(
      (await store.active()).waiting.map(({ key }) => key),
      ['b1', 'a2', 'b2', 'a3'],
    );
    assert.equal((await store.lease('another', 1000))?.key, 'b1');
  });

  withStore('a leased job is nobody else’s until its lease runs out', async ({ store, advance }) => {
    const { job } = await store.enqueue(draft('ann', 'a'), ROOMY);
    assert.equal((await store.lease('one', 1000))?.state, 'running');
    assert.equal(await store.lease('two', 1000), undefined);
    advance(900);
    assert.ok(await store.extend(job.id, 'one', 1000));
    advance(900);
    assert.equal(await store.lease('two', 1000), undefined);
    advance(200);
    assert.equal((await store.lease('two', 1000))?.id, job.id);
    assert.equal(await store.extend(job.id, 'one', 1000), undefined);
    assert.equal(await store.finish(job.id, 'one', 'done'), false);
    assert.equal(await store.finish(job.id, 'two', 'done'), true);
  });

  withStore(
    'a waiting job is cancelled at once, a running one is asked to stop, an ended one is gone',
    async ({ store }) => {
      const running = await store.enqueue(draft('ann', 'a'), ROOMY);
      const waiting = await store.enqueue(draft('ann', 'b'), ROOMY);
      await store.lease('worker', 1000);
      assert.equal(await store.cancel(waiting.job.id), 'ended');
      assert.equal(await store.cancel(running.job.id), 'requested');
      assert.equal((await store.extend(running.job.id, 'worker', 1000))?.cancelRequested, true);
      assert.equal(await store.finish(running.job.id, 'worker', 'cancelled'), true);
      assert.equal(await store.cancel(running.job.id), 'gone');
      assert.equal(await store.cancel('no such job'), 'gone');
      assert.deepEqual(await store.active(), { running: [], waiting: [] });
    },
  );
}
