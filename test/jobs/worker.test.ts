import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AlbumMessage } from '../../src/chat/reply.js';
import { LikenessError } from '../../src/errors.js';
import { MAX_ATTEMPTS } from '../../src/jobs/worker.js';
import { MINUTE, world } from './world.js';

test('an engine that died is asked again after a pause, and the photo is still there', async () => {
  const { platform, engine, vault, worker, startWorker, jobs, errors, request, advance } = world();
  const requested = await request('ann', 'a');
  engine.failNext(new LikenessError('engine-failed'));
  await jobs.submit(requested);
  await worker.drain();
  assert.equal(platform.shown(requested.address).at(-1)?.kind, 'status');
  assert.equal(vault.size, 1);
  assert.equal(errors.length, 1);
  advance(MINUTE);
  assert.equal((await jobs.overview(requested.member)).waiting, 1);
  const next = startWorker();
  next.wake();
  await next.drain();
  assert.equal(platform.shown(requested.address).at(-1)?.kind, 'album');
  assert.equal(vault.size, 0);
});

test('an engine that dies each time is given up, in a sentence', async () => {
  const { platform, engine, vault, startWorker, store, errors, request, advance } = world();
  const requested = await request('ann', 'a');
  await store.enqueue(requested, { perMember: 5, total: 50 });
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    engine.failNext(new LikenessError('engine-failed'));
    const worker = startWorker();
    worker.wake();
    await worker.drain();
    advance(MINUTE);
  }
  const end = platform.shown(requested.address).at(-1);
  assert.ok(end?.kind === 'end');
  assert.match(end.text, /Something went wrong/);
  assert.equal(errors.length, MAX_ATTEMPTS);
  assert.equal(vault.size, 0);
});

test('several faces are refused with the offer to take the largest', async () => {
  const { platform, engine, vault, worker, jobs, request } = world();
  const requested = { ...(await request('ann', 'a')), options: { prompt: 'smiling', seed: 7 } };
  engine.failNext(new LikenessError('several-faces', { count: 2 }));
  await jobs.submit(requested);
  await worker.drain();
  const end = platform.shown(requested.address).at(-1);
  assert.ok(end?.kind === 'end');
  assert.match(end.text, /several faces/);
  assert.deepEqual(end.offer, { action: 'largest', options: { prompt: 'smiling', seed: 7, largest: 'yes' } });
  assert.equal(vault.size, 0);
});

test('a job that brings the program down each time is given up', async () => {
  const { platform, engine, startWorker, store, request, advance } = world();
  const requested = await request('ann', 'a');
  await store.enqueue(requested, { perMember: 5, total: 50 });
  for (let crash = 1; crash <= MAX_ATTEMPTS; crash++) {
    assert.ok(await store.lease(`crashed ${crash}`, MINUTE));
    advance(MINUTE);
  }
  const worker = startWorker();
  worker.wake();
  await worker.drain();
  assert.equal(platform.shown(requested.address).at(-1)?.kind, 'end');
  assert.equal(engine.requests.length, 0);
});

/** An album with the bytes of its files. */
async function withFiles(album: AlbumMessage) {
  const pictures = album.pictures.map(async (picture) => ({ ...picture, file: await picture.file.read() }));
  return { ...album, pictures: await Promise.all(pictures) };
}

test('after a crash between sending and recording the same album is sent under the same job', async () => {
  const { platform, vault, store, startWorker, request, advance } = world();
  const requested = await request('ann', 'a');
  const { job } = await store.enqueue(requested, { perMember: 5, total: 50 });
  const sent = new Promise<void>((resolve) => {
    const crashing = { ...store, finish: () => new Promise<boolean>(() => resolve()) };
    startWorker({ store: crashing }).wake();
  });
  await sent;
  assert.equal(vault.size, 1, 'the photo is kept until the end is recorded');
  advance(MINUTE);
  const worker = startWorker();
  worker.wake();
  await worker.drain();
  const albums = platform.shown(requested.address).flatMap((shown) => (shown.kind === 'album' ? [shown.album] : []));
  assert.deepEqual(
    albums.map(({ jobId }) => jobId),
    [job.id, job.id],
  );
  const [first, second] = await Promise.all(albums.map(withFiles));
  assert.deepEqual(first, second);
  assert.equal((await store.get(job.id))?.state, 'done');
  assert.equal(vault.size, 0);
});

test('after such a crash, and with the photo gone, the member is told that nobody knows', async () => {
  const { platform, vault, store, startWorker, request, advance } = world();
  const requested = await request('ann', 'a');
  const { job } = await store.enqueue(requested, { perMember: 5, total: 50 });
  await store.lease('crashed', MINUTE);
  await store.beginDelivery(job.id, 'crashed', { end: 'done' });
  await vault.wipe(requested.photos);
  advance(MINUTE);
  const worker = startWorker();
  worker.wake();
  await worker.drain();
  const end = platform.shown(requested.address).at(-1);
  assert.ok(end?.kind === 'end');
  assert.match(end.text, /may or may not have arrived/);
});

test('a closing sentence that a crash cut off is said again', async () => {
  const { platform, engine, store, startWorker, request, advance } = world();
  const requested = await request('ann', 'a');
  const { job } = await store.enqueue(requested, { perMember: 5, total: 50 });
  await store.lease('crashed', MINUTE);
  await store.beginDelivery(job.id, 'crashed', { end: 'failed', text: 'No face.' });
  advance(MINUTE);
  const worker = startWorker();
  worker.wake();
  await worker.drain();
  assert.deepEqual(platform.shown(requested.address).at(-1), { kind: 'end', text: 'No face.' });
  assert.equal(engine.requests.length, 0);
});

test('Cancel pressed before a crash holds after it', async () => {
  const { platform, engine, store, startWorker, request, advance } = world();
  const requested = await request('ann', 'a');
  const { job } = await store.enqueue(requested, { perMember: 5, total: 50 });
  await store.lease('crashed', MINUTE);
  await store.cancel(job.id, 'crashed', MINUTE);
  advance(MINUTE);
  const worker = startWorker();
  worker.wake();
  await worker.drain();
  const end = platform.shown(requested.address).at(-1);
  assert.ok(end?.kind === 'end');
  assert.match(end.text, /Cancelled/);
  assert.equal(engine.requests.length, 0);
});

test('Cancel of a waiting job, cut off by a crash before its member was told: they are told after it', async () => {
  const { platform, engine, vault, store, startWorker, request, advance } = world();
  const requested = await request('ann', 'a');
  const { job } = await store.enqueue(requested, { perMember: 5, total: 50 });
  assert.equal(await store.cancel(job.id, 'crashed', MINUTE), 'held');
  advance(MINUTE);
  const worker = startWorker();
  worker.wake();
  await worker.drain();
  const end = platform.shown(requested.address).at(-1);
  assert.ok(end?.kind === 'end');
  assert.match(end.text, /Cancelled/);
  assert.deepEqual([engine.requests.length, vault.size], [0, 0]);
});

test('who waited for so long that the photo is gone is told at once, whatever is being made', async () => {
  const { platform, engine, vault, worker, jobs, expiry, request, advance } = world();
  engine.hold();
  const [first, second] = [await request('ann', 'a'), await request('bob', 'b')];
  await jobs.submit(first);
  await engine.halfWay();
  await jobs.submit(second);
  await expiry.sweep();
  assert.equal(platform.shown(second.address).at(-1)?.kind, 'status');
  advance(30 * MINUTE);
  await expiry.sweep();
  const end = platform.shown(second.address).at(-1);
  assert.ok(end?.kind === 'end');
  assert.match(end.text, /Your photo was wiped/);
  assert.equal(vault.size, 1);
  engine.release();
  await worker.drain();
});

test('an album that could not be sent is logged, and its member told', async () => {
  const { platform, worker, jobs, errors, request } = world();
  const requested = await request('ann', 'a');
  const failure = new Error('the platform does not answer');
  platform.failNextAlbum(failure);
  await jobs.submit(requested);
  const end = await platform.until(requested.address, 'end');
  await worker.drain();
  assert.ok(end.kind === 'end');
  assert.match(end.text, /could not be sent/);
  assert.deepEqual(errors, [failure]);
});

test('a chat that its platform slows down holds nobody else up, and gets its album in the end', async () => {
  const { platform, worker, jobs, store, request } = world();
  const [slow, other] = [await request('ann', 'a'), await request('bob', 'b')];
  const release = platform.holdUp(slow.address);
  const { job } = await jobs.submit(slow);
  await jobs.submit(other);
  assert.equal((await platform.until(other.address, 'album')).kind, 'album');
  assert.ok(platform.shown(slow.address).every(({ kind }) => kind !== 'album'));
  const drained = worker.drain();
  release();
  await drained;
  assert.equal(platform.shown(slow.address).at(-1)?.kind, 'album');
  assert.equal((await store.get(job.id))?.state, 'done');
});

test('albums that no platform takes do not pile up in memory', async () => {
  const { platform, engine, worker, store, request } = world();
  const requested = await Promise.all(
    Array.from({ length: 20 }, (_, index) => request(`member ${index}`, `key ${index}`)),
  );
  const releases = requested.map(({ address }) => platform.holdUp(address));
  for (const each of requested) await store.enqueue(each, { perMember: 5, total: 50 });
  worker.wake();
  await platform.untilHeldUp(16);
  assert.equal(engine.requests.length, 16);
  releases.forEach((release) => release());
  for (const { address } of requested) await platform.until(address, 'album');
  assert.equal(engine.requests.length, 20);
  await worker.drain();
});

test('several jobs are worked on at a time where the engine can', async () => {
  const { platform, engine, store, startWorker, request } = world();
  const requested = [await request('ann', 'a'), await request('bob', 'b'), await request('cyd', 'c')];
  for (const each of requested) await store.enqueue(each, { perMember: 5, total: 50 });
  engine.hold();
  const worker = startWorker({ concurrency: 2 });
  worker.wake();
  await Promise.all(requested.slice(0, 2).map(({ address }) => platform.untilProgress(address)));
  assert.equal(engine.requests.length, 2);
  engine.release();
  await Promise.all(requested.map(({ address }) => platform.until(address, 'album')));
  await worker.drain();
});

test('a machine that slept makes no job twice', async () => {
  const { platform, engine, store, startWorker, request, advance } = world();
  const requested = await request('ann', 'a');
  await store.enqueue(requested, { perMember: 5, total: 50 });
  engine.hold();
  const worker = startWorker({ concurrency: 2 });
  worker.wake();
  await platform.untilProgress(requested.address);
  advance(MINUTE);
  worker.wake();
  engine.release();
  await worker.drain();
  assert.equal(engine.requests.length, 1);
  assert.equal(platform.shown(requested.address).filter(({ kind }) => kind === 'album').length, 1);
});
