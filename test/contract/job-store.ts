import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobDraft } from '../../src/jobs/job.js';
import type { JobStore } from '../../src/jobs/store.js';

/** A store to be tested, on a clock the test moves. */
export interface StoreUnderTest {
  readonly store: JobStore;
  advance(milliseconds: number): void | Promise<void>;
  /** The store as a process that starts after a crash of this one finds it; `store` is used no more. */
  reopen(): Promise<JobStore>;
  close(): Promise<void>;
}

const ROOMY = { perMember: 100, total: 1000 };
/** How long jobs are leased for: so long that the real clock, which a store may live by, does not matter. */
const LEASE = 10 * 60_000;
const DAY = 24 * 60 * 60_000;

/** A draft of a member's; two drafts with the same key are the same request. */
export function draft(member: string, key: string): JobDraft {
  return {
    key,
    member: { platform: 'web', id: member },
    place: { kind: 'direct', id: member },
    address: { session: member, key },
    locale: 'en',
    photos: [`photo-${key}`],
    parameters: { prompt: `request ${key}`, count: 4, strength: 80, seed: 1 },
    options: { prompt: `request ${key}`, count: 4 },
  };
}

/** Ends a waiting job as its owner does. */
async function drop(store: JobStore, id: string): Promise<void> {
  assert.equal(await store.cancel(id, 'owner', LEASE), 'held');
  assert.equal(await store.finish(id, 'owner', 'cancelled'), true);
}

/** What every `JobStore` promises. */
export function testJobStore(
  name: string,
  open: () => Promise<StoreUnderTest>,
  { skip = false }: { readonly skip?: string | false } = {},
): void {
  const withStore = (title: string, run: (under: StoreUnderTest) => Promise<void>): void => {
    test(`${name}: ${title}`, { skip }, async () => {
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
    await store.lease('worker', LEASE);
    await store.finish(job.id, 'worker', 'done');
    assert.equal((await store.enqueue(draft('ann', 'a'), ROOMY)).created, false);
  });

  withStore('a member has at most so many jobs, running ones counted, others unhindered', async ({ store }) => {
    await store.enqueue(draft('ann', 'a'), { ...ROOMY, perMember: 2 });
    await store.lease('worker', LEASE);
    await store.enqueue(draft('ann', 'b'), { ...ROOMY, perMember: 2 });
    await assert.rejects(store.enqueue(draft('ann', 'c'), { ...ROOMY, perMember: 2 }), {
      code: 'too-many-queued',
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
    await store.lease('worker', LEASE);
    assert.deepEqual(
      (await store.active()).waiting.map(({ key }) => key),
      ['b1', 'a2', 'b2', 'a3'],
    );
    assert.equal((await store.lease('another', LEASE))?.key, 'b1');
  });

  withStore(
    'a member with ten jobs delays nobody’s first, also when nothing is running just then',
    async ({ store }) => {
      const serve = async (): Promise<string | undefined> => {
        const job = await store.lease('worker', LEASE);
        if (job) await store.finish(job.id, 'worker', 'done');
        return job?.key;
      };
      for (let request = 1; request <= 10; request++) await store.enqueue(draft('ann', `a${request}`), ROOMY);
      assert.deepEqual([await serve(), await serve()], ['a1', 'a2']);
      for (const key of ['b1', 'b2']) await store.enqueue(draft('bob', key), ROOMY);
      assert.equal(await serve(), 'b1');
      await store.enqueue(draft('cid', 'c1'), ROOMY);
      assert.deepEqual([await serve(), await serve(), await serve(), await serve()], ['c1', 'a3', 'b2', 'a4']);
    },
  );

  withStore('a leased job is nobody else’s until its lease runs out', async ({ store, advance }) => {
    const { job } = await store.enqueue(draft('ann', 'a'), ROOMY);
    assert.equal((await store.lease('one', LEASE))?.state, 'running');
    assert.equal(await store.lease('two', LEASE), undefined);
    await advance(0.9 * LEASE);
    assert.ok(await store.extend(job.id, 'one', LEASE));
    await advance(0.9 * LEASE);
    assert.equal(await store.lease('two', LEASE), undefined);
    await advance(0.2 * LEASE);
    assert.equal((await store.lease('two', LEASE))?.id, job.id);
    assert.equal(await store.extend(job.id, 'one', LEASE), undefined);
    assert.equal(await store.finish(job.id, 'one', 'done'), false);
    assert.equal(await store.finish(job.id, 'two', 'done'), true);
  });

  withStore(
    'a waiting job is whose who cancels it, to be ended; a running one is asked to stop, an ended one is gone',
    async ({ store }) => {
      const running = await store.enqueue(draft('ann', 'a'), ROOMY);
      const waiting = await store.enqueue(draft('ann', 'b'), ROOMY);
      await store.lease('worker', LEASE);
      assert.equal(await store.cancel(waiting.job.id, 'owner', LEASE), 'held');
      assert.equal(await store.lease('another', LEASE), undefined);
      assert.equal((await store.extend(waiting.job.id, 'owner', LEASE))?.cancelRequested, true);
      assert.equal(await store.finish(waiting.job.id, 'owner', 'cancelled'), true);
      assert.equal(await store.cancel(running.job.id, 'owner', LEASE), 'requested');
      assert.equal((await store.extend(running.job.id, 'worker', LEASE))?.cancelRequested, true);
      assert.equal(await store.finish(running.job.id, 'worker', 'cancelled'), true);
      assert.equal(await store.cancel(running.job.id, 'owner', LEASE), 'gone');
      assert.equal(await store.cancel('no such job', 'owner', LEASE), 'gone');
      assert.deepEqual(await store.active(), { running: [], waiting: [] });
    },
  );

  withStore('all members together have at most so many jobs', async ({ store }) => {
    const tight = { ...ROOMY, total: 2 };
    await store.enqueue(draft('ann', 'a'), tight);
    await store.enqueue(draft('bob', 'b'), tight);
    await assert.rejects(store.enqueue(draft('cid', 'c'), tight), { code: 'queue-full', data: { count: 2 } });
    assert.equal((await store.enqueue(draft('ann', 'a'), tight)).created, false, 'a known request is no new one');
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
    assert.equal((await under.store.lease('one', LEASE))?.attempts, 1);
    const after = await under.reopen();
    assert.equal(await after.lease('two', LEASE), undefined);
    await under.advance(LEASE);
    const again = await after.lease('two', LEASE);
    assert.deepEqual([again?.id, again?.state, again?.attempts], [job.id, 'running', 2]);
  });

  withStore('a crash between telling and recording is known', async (under) => {
    const { job } = await under.store.enqueue(draft('ann', 'a'), ROOMY);
    await under.store.lease('one', LEASE);
    assert.equal(await under.store.beginDelivery(job.id, 'one', { end: 'failed', text: 'Sorry.' }), true);
    assert.equal(await under.store.cancel(job.id, 'owner', LEASE), 'gone');
    assert.equal((await under.store.active()).running.length, 1);
    const after = await under.reopen();
    await under.advance(LEASE);
    const again = await after.lease('two', LEASE);
    assert.equal(again?.state, 'delivering');
    assert.deepEqual(again?.ending, { end: 'failed', text: 'Sorry.' });
    assert.equal(await after.beginDelivery(job.id, 'one', { end: 'done' }), false);
    assert.equal(await after.finish(job.id, 'two', 'failed'), true);
    assert.equal((await after.get(job.id))?.state, 'failed');
  });

  withStore('a job to be tried again waits for its time and lets others pass', async ({ store, advance }) => {
    const { job } = await store.enqueue(draft('ann', 'a'), ROOMY);
    await store.lease('worker', LEASE);
    assert.equal(await store.retry(job.id, 'stranger', 0.5 * LEASE), false);
    assert.equal(await store.retry(job.id, 'worker', 0.5 * LEASE), true);
    assert.equal(await store.lease('worker', LEASE), undefined);
    const other = await store.enqueue(draft('bob', 'b'), ROOMY);
    assert.equal((await store.lease('worker', LEASE))?.id, other.job.id);
    await advance(0.5 * LEASE);
    const again = await store.lease('another', LEASE);
    assert.deepEqual([again?.id, again?.attempts], [job.id, 2]);
  });

  withStore('waiting jobs that are too old are handed out by age, running ones are not', async ({ store, advance }) => {
    await store.enqueue(draft('ann', 'a'), ROOMY);
    const old = await store.enqueue(draft('ann', 'b'), ROOMY);
    await store.lease('worker', 2 * LEASE);
    await advance(LEASE);
    await store.enqueue(draft('ann', 'c'), ROOMY);
    assert.equal((await store.leaseOverdue('sweeper', LEASE, old.job.acceptedAt))?.id, old.job.id);
    assert.equal(await store.leaseOverdue('sweeper', LEASE, old.job.acceptedAt), undefined);
  });

  withStore('of a forgotten member nothing is kept once their jobs have ended', async ({ store }) => {
    const [ended, running, other] = [draft('ann', 'a'), draft('ann', 'b'), draft('bob', 'c')];
    const { job } = await store.enqueue(ended, ROOMY);
    await drop(store, job.id);
    const { job: busy } = await store.enqueue(running, ROOMY);
    await store.lease('worker', LEASE);
    const { job: kept } = await store.enqueue(other, ROOMY);
    await drop(store, kept.id);
    await store.forget(ended.member);
    assert.equal(await store.get(job.id), undefined);
    assert.equal((await store.get(busy.id))?.state, 'running');
    assert.equal(await store.finish(busy.id, 'worker', 'cancelled'), true);
    assert.equal(await store.get(busy.id), undefined);
    assert.equal((await store.get(kept.id))?.state, 'cancelled');
  });

  withStore('what happens at the same moment is counted all the same', async ({ store }) => {
    const same = await Promise.all(Array.from({ length: 5 }, () => store.enqueue(draft('ann', 'a'), ROOMY)));
    assert.equal(same.filter(({ created }) => created).length, 1);
    const tight = { ...ROOMY, perMember: 3 };
    const requests = ['b', 'c', 'd', 'e'].map((key) => store.enqueue(draft('ann', key), tight));
    const settled = await Promise.allSettled(requests);
    assert.equal(settled.filter(({ status }) => status === 'fulfilled').length, 2);
    const leased = await Promise.all(['one', 'two', 'three', 'four'].map((holder) => store.lease(holder, LEASE)));
    assert.equal(new Set(leased.flatMap((job) => job?.id ?? [])).size, 3);
    assert.equal((await store.active()).running.length, 3);
  });

  withStore('every platform has keys and members of its own', async ({ store }) => {
    const elsewhere = { ...draft('ann', 'a'), member: { platform: 'discord', id: 'ann' } } as const;
    const { job } = await store.enqueue(draft('ann', 'a'), { ...ROOMY, perMember: 1 });
    const { job: other, created } = await store.enqueue(elsewhere, { ...ROOMY, perMember: 1 });
    assert.ok(created);
    assert.notEqual(other.id, job.id);
    await drop(store, other.id);
    await store.forget(elsewhere.member);
    assert.equal(await store.get(other.id), undefined);
    assert.equal((await store.get(job.id))?.state, 'queued');
  });

  withStore(
    'a job that waits to be tried again can be cancelled, and grows too old as others do',
    async ({ store }) => {
      const { job } = await store.enqueue(draft('ann', 'a'), ROOMY);
      await store.lease('worker', LEASE);
      await store.retry(job.id, 'worker', LEASE);
      await drop(store, job.id);
      assert.equal((await store.get(job.id))?.state, 'cancelled');
      const { job: old } = await store.enqueue(draft('bob', 'b'), ROOMY);
      await store.lease('worker', LEASE);
      await store.retry(old.id, 'worker', LEASE);
      assert.equal((await store.leaseOverdue('sweeper', LEASE, old.acceptedAt))?.id, old.id);
    },
  );

  withStore('an ended job is remembered for a day', async ({ store, advance }) => {
    const end = async (key: string): Promise<string> => {
      const { job } = await store.enqueue(draft('ann', key), ROOMY);
      await drop(store, job.id);
      return job.id;
    };
    const first = await end('a');
    await advance(DAY - LEASE);
    await end('b');
    assert.equal((await store.get(first))?.state, 'cancelled');
    await advance(2 * LEASE);
    await end('c');
    assert.equal(await store.get(first), undefined);
  });

  withStore('an ended job is forgotten after its day though no other ever ends', async ({ store, advance }) => {
    const { job } = await store.enqueue(draft('ann', 'a'), ROOMY);
    await drop(store, job.id);
    await advance(DAY - LEASE);
    await store.dropOld();
    assert.equal((await store.get(job.id))?.state, 'cancelled');
    await advance(2 * LEASE);
    await store.dropOld();
    assert.equal(await store.get(job.id), undefined);
  });
}
