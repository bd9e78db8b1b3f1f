import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobDraft } from '../../src/jobs/job.js';
import type { JobStore } from '../../src/jobs/store.js';

/** A store to be tested, on a clock the test moves. */
export interface StoreUnderTest {
  readonly store: JobStore;
  advance(milliseconds: number): void;
  /** The store as a process that starts after a crash of this one finds it; `store` is used no more. */
  reopen(): Promise<JobStore>;
  close(): Promise<void>;
}

const ROOMY = { perMember: 100, total: 1000 };

/** A draft of a member's; two drafts with the same key are the same wish. */
export function draft(member: string, key: string): JobDraft {
  return {
    key,
    member: { platform: 'web', id: member },
    place: { kind: 'direct', id: member },
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
    assert.deepEqual(await store.find(draft('ann', 'a')), first.job);
    assert.equal(await store.find(draft('ann', 'b')), undefined);
    assert.deepEqual((await store.get(first.job.id))?.parameters, draft('ann', 'a').parameters);
  });

  withStore('an ended job still recognises its draft', async ({ store }) => {
    const { job } = await store.enqueue(draft('ann', 'a'), ROOMY);
    await store.lease('worker', 1000);
    await store.finish(job.id, 'worker', 'done');
    assert.equal((await store.enqueue(draft('ann', 'a'), ROOMY)).created, false);
  });

  withStore('a member has at most so many jobs, running ones counted, others unhindered', async ({ store }) => {
    await store.enqueue(draft('ann', 'a'), { ...ROOMY, perMember: 2 });
    await store.lease('worker', 1000);
    await store.enqueue(draft('ann', 'b'), { ...ROOMY, perMember: 2 });
    await assert.rejects(store.enqueue(draft('ann', 'c'), { ...ROOMY, perMember: 2 }), {
      code: 'queue-full',
      data: { count: 2 },
    });
    await store.enqueue(draft('bob', 'd'), { ...ROOMY, perMember: 2 });
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

  withStore('all members together have at most so many jobs', async ({ store }) => {
    const tight = { ...ROOMY, total: 2 };
    await store.enqueue(draft('ann', 'a'), tight);
    await store.enqueue(draft('bob', 'b'), tight);
    await assert.rejects(store.enqueue(draft('cid', 'c'), tight), { code: 'line-full', data: { count: 2 } });
    assert.equal((await store.enqueue(draft('ann', 'a'), tight)).created, false, 'a known wish is no new one');
  });

  withStore('what was accepted is there after a crash, in its order', async ({ store, reopen }) => {
    for (const key of ['a1', 'a2']) await store.enqueue(draft('ann', key), ROOMY);
    const { job } = await store.enqueue(draft('bob', 'b1'), ROOMY);
    const after = await reopen();
    assert.deepEqual(
      (await after.active()).waiting.map(({ key }) => key),
      ['a1', 'b1', 'a2'],
    );
    assert.deepEqual(await after.get(job.id), job);
    assert.equal((await after.enqueue(draft('bob', 'b1'), ROOMY)).created, false);
  });

  withStore('a job whose worker crashed is handed out again, and counts its attempts', async (under) => {
    const { job } = await under.store.enqueue(draft('ann', 'a'), ROOMY);
    assert.equal((await under.store.lease('one', 1000))?.attempts, 1);
    const after = await under.reopen();
    assert.equal(await after.lease('two', 1000), undefined);
    under.advance(1000);
    const again = await after.lease('two', 1000);
    assert.deepEqual([again?.id, again?.state, again?.attempts], [job.id, 'running', 2]);
  });

  withStore('recovery ends every lease at once', async ({ store, reopen }) => {
    const { job } = await store.enqueue(draft('ann', 'a'), ROOMY);
    await store.lease('one', 1_000_000);
    const after = await reopen();
    await after.recover();
    assert.equal((await after.lease('two', 1000))?.id, job.id);
    assert.equal(await after.finish(job.id, 'one', 'done'), false);
  });

  withStore('a crash between telling and recording is known', async (under) => {
    const { job } = await under.store.enqueue(draft('ann', 'a'), ROOMY);
    await under.store.lease('one', 1000);
    assert.equal(await under.store.deliver(job.id, 'one', { end: 'failed', text: 'Sorry.' }), true);
    assert.equal(await under.store.cancel(job.id), 'gone');
    assert.equal((await under.store.active()).running.length, 1);
    const after = await under.reopen();
    under.advance(1000);
    const again = await after.lease('two', 1000);
    assert.equal(again?.state, 'delivering');
    assert.deepEqual(again?.ending, { end: 'failed', text: 'Sorry.' });
    assert.equal(await after.deliver(job.id, 'one', { end: 'done' }), false);
    assert.equal(await after.finish(job.id, 'two', 'failed'), true);
    assert.equal((await after.get(job.id))?.state, 'failed');
  });

  withStore('a job to be tried again waits for its time and lets others pass', async ({ store, advance }) => {
    const { job } = await store.enqueue(draft('ann', 'a'), ROOMY);
    await store.lease('worker', 1000);
    assert.equal(await store.retry(job.id, 'stranger', 500), false);
    assert.equal(await store.retry(job.id, 'worker', 500), true);
    assert.equal(await store.lease('worker', 1000), undefined);
    const other = await store.enqueue(draft('bob', 'b'), ROOMY);
    assert.equal((await store.lease('worker', 1000))?.id, other.job.id);
    advance(500);
    const again = await store.lease('another', 1000);
    assert.deepEqual([again?.id, again?.attempts], [job.id, 2]);
  });

  withStore('waiting jobs that are too old are handed out by age, running ones are not', async ({ store, advance }) => {
    await store.enqueue(draft('ann', 'a'), ROOMY);
    const old = await store.enqueue(draft('ann', 'b'), ROOMY);
    await store.lease('worker', 10_000);
    advance(1000);
    await store.enqueue(draft('ann', 'c'), ROOMY);
    assert.equal((await store.leaseOverdue('sweeper', 1000, old.job.acceptedAt))?.id, old.job.id);
    assert.equal(await store.leaseOverdue('sweeper', 1000, old.job.acceptedAt), undefined);
  });

  withStore('of a forgotten member nothing is kept once their jobs have ended', async ({ store }) => {
    const [ended, running, other] = [draft('ann', 'a'), draft('ann', 'b'), draft('bob', 'c')];
    const { job } = await store.enqueue(ended, ROOMY);
    await store.cancel(job.id);
    const { job: busy } = await store.enqueue(running, ROOMY);
    await store.lease('worker', 1000);
    const { job: kept } = await store.enqueue(other, ROOMY);
    await store.cancel(kept.id);
    await store.forget(ended.member);
    assert.equal(await store.get(job.id), undefined);
    assert.equal((await store.get(busy.id))?.state, 'running');
    assert.equal(await store.finish(busy.id, 'worker', 'cancelled'), true);
    assert.equal(await store.get(busy.id), undefined);
    assert.equal((await store.get(kept.id))?.state, 'cancelled');
  });
}
