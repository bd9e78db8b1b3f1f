import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LikenessError } from '../../src/errors.js';
import { guardEngine, type OutputCheck } from '../../src/safety/output-check.js';
import { world } from './world.js';

test('a job is made, delivered once, and its photo is wiped', async () => {
  const { platform, engine, vault, worker, jobs, request } = world();
  const requested = await request('ann', 'a');
  await jobs.submit(requested);
  const shown = await platform.until(requested.address, 'album');
  await worker.drain();
  assert.ok(shown.kind === 'album');
  assert.equal(shown.album.pictures.length, 4);
  assert.match(shown.album.caption, /^request a · Your 4 portraits · AI-generated/);
  assert.equal(shown.album.options['seed'], 1);
  assert.deepEqual(engine.requests[0]?.photos, [Uint8Array.of(1, 2, 3)]);
  assert.equal(vault.size, 0);
  assert.equal(platform.shown(requested.address).filter(({ kind }) => kind === 'album').length, 1);
});

test('words the model does not know are named', async () => {
  const { platform, jobs, request } = world();
  const requested = await request('ann', 'a');
  await jobs.submit({ ...requested, parameters: { ...requested.parameters, prompt: 'smiling xyzzy' } });
  const shown = await platform.until(requested.address, 'album');
  assert.ok(shown.kind === 'album');
  assert.match(shown.album.notes.join(), /does not know the word “xyzzy”/);
});

test('an album of fewer pictures than were asked for says so', async () => {
  const { platform, engine, startWorker, jobs, worker, request } = world();
  await worker.drain();
  const pictures = new Set<number>();
  const check: OutputCheck = ({ image }) => (pictures.add(image.data[0] ?? 0).size > 2 ? 'someone-else' : undefined);
  const guarded = startWorker({ engine: guardEngine(engine, { check }) });
  const requested = await request('ann', 'a');
  await jobs.submit(requested);
  guarded.wake();
  const shown = await platform.until(requested.address, 'album');
  assert.ok(shown.kind === 'album');
  assert.equal(shown.album.pictures.length, 2);
  assert.match(shown.album.notes.join(), /^2 of 4 turned out well\. Press More for others\.$/);
  await guarded.drain();
});

test('where the output check fails no picture leaves, and the member is told', async () => {
  const { platform, engine, startWorker, jobs, worker, request } = world();
  await worker.drain();
  const check: OutputCheck = async () => Promise.reject(new Error('the detector is broken'));
  const guarded = startWorker({ engine: guardEngine(engine, { check }) });
  const requested = await request('ann', 'a');
  await jobs.submit(requested);
  guarded.wake();
  const end = await platform.until(requested.address, 'end');
  assert.ok(end.kind === 'end');
  assert.match(end.text, /^I could not check your portraits/);
  assert.equal(
    platform.shown(requested.address).some(({ kind }) => kind === 'album'),
    false,
  );
  await guarded.drain();
});

test('a waiting job knows its place, and is cancelled without ever reaching the engine', async () => {
  const { platform, engine, vault, worker, jobs, request } = world();
  engine.hold();
  const [first, second] = [await request('ann', 'a'), await request('bob', 'b')];
  await jobs.submit(first);
  await engine.halfWay();
  const { job } = await jobs.submit(second);
  const status = await platform.until(second.address, 'status');
  assert.ok(status.kind === 'status' && status.view.cancellable);
  assert.match(status.view.text, /1 request is ahead of yours/);
  assert.deepEqual(
    (await jobs.overview(second.member)).own.map(({ ahead, running }) => [ahead, running]),
    [[1, false]],
  );
  await jobs.cancel(job.id, second.member);
  assert.equal((await platform.until(second.address, 'end')).kind, 'end');
  assert.equal(vault.size, 1);
  engine.release();
  await platform.until(first.address, 'album');
  await worker.drain();
  assert.equal(engine.requests.length, 1);
});

test('a running job is cancelled between two steps, and the next one starts', async () => {
  const { platform, engine, worker, jobs, errors, request } = world();
  engine.hold();
  const [first, second] = [await request('ann', 'a'), await request('bob', 'b')];
  const { job } = await jobs.submit(first);
  await jobs.submit(second);
  await engine.halfWay();
  engine.hold();
  await jobs.cancel(job.id, first.member);
  const end = await platform.until(first.address, 'end');
  assert.ok(end.kind === 'end');
  assert.match(end.text, /Cancelled/);
  engine.release();
  await platform.until(second.address, 'album');
  await worker.drain();
  assert.deepEqual(errors, []);
  assert.equal(
    platform.shown(first.address).some(({ kind }) => kind === 'album'),
    false,
  );
});

test('only the owner can cancel, and nobody learns that a job is there', async () => {
  const { engine, jobs, platform, request } = world();
  engine.hold();
  const requested = await request('ann', 'a');
  const { job } = await jobs.submit(requested);
  const stranger = { platform: 'web', id: 'bob' } as const;
  await assert.rejects(jobs.cancel(job.id, stranger), { code: 'job-unknown' });
  await assert.rejects(jobs.cancel('no such job', stranger), { code: 'job-unknown' });
  assert.deepEqual((await jobs.overview(stranger)).own, []);
  engine.release();
  await platform.until(requested.address, 'album');
});

test('what the pipeline refuses is told in its sentence, anything else in a general one', async () => {
  const { platform, engine, vault, worker, jobs, errors, request } = world();
  const told = async (key: string, error: unknown) => {
    engine.failNext(error);
    const requested = await request('ann', key);
    await jobs.submit(requested);
    const end = await platform.until(requested.address, 'end');
    return end.kind === 'end' ? end.text : '';
  };
  assert.match(await told('a', new LikenessError('no-face')), /I found no face/);
  const secret = await told('b', new Error('/home/operator/secret'));
  assert.match(secret, /Something went wrong/);
  assert.doesNotMatch(secret, /secret/);
  assert.equal(errors.length, 2);
  await worker.drain();
  assert.equal(vault.size, 0);
});

test('a job whose photo expired in line says so', async () => {
  const { platform, vault, jobs, request } = world();
  const requested = await request('ann', 'a');
  await vault.wipe(requested.photos);
  await jobs.submit(requested);
  const end = await platform.until(requested.address, 'end');
  assert.ok(end.kind === 'end');
  assert.match(end.text, /Your photo was wiped/);
});

test('draining delivers what is being made and starts nothing more', async () => {
  const { platform, engine, worker, jobs, request } = world();
  engine.hold();
  const [first, second] = [await request('ann', 'a'), await request('bob', 'b')];
  await jobs.submit(first);
  await engine.halfWay();
  await jobs.submit(second);
  const drained = worker.drain();
  engine.release();
  await drained;
  assert.equal(platform.shown(first.address).at(-1)?.kind, 'album');
  assert.equal(
    platform.shown(second.address).some(({ kind }) => kind === 'album'),
    false,
  );
});

test('forgetting a member cancels all of their jobs and nobody else’s', async () => {
  const { platform, engine, vault, worker, jobs, request } = world();
  engine.hold();
  const [running, waiting, other] = [await request('ann', 'a'), await request('ann', 'b'), await request('bob', 'c')];
  for (const requested of [running, waiting, other]) await jobs.submit(requested);
  await engine.halfWay();
  await jobs.forget(running.member);
  await platform.until(waiting.address, 'end');
  engine.release();
  await platform.until(other.address, 'album');
  await worker.drain();
  assert.deepEqual(platform.shown(running.address).at(-1)?.kind, 'end');
  assert.equal(vault.size, 0);
});

test('leaving a server cancels what was asked for there, its photos included, and nothing else', async () => {
  const { platform, engine, vault, store, worker, jobs, request } = world();
  engine.hold();
  const there = { kind: 'group', id: 'general', server: 'club' } as const;
  const [running, waiting] = [await request('ann', 'a'), await request('bob', 'b')].map((requested) => ({
    ...requested,
    place: there,
  }));
  const [alone, other] = [await request('ann', 'c'), await request('bob', 'd')];
  assert.ok(running && waiting);
  const requests = [running, waiting, alone, { ...other, place: { ...there, server: 'another' } }];
  for (const requested of requests) await jobs.submit(requested);
  await engine.halfWay();
  await jobs.leave({ platform: 'telegram', id: 'club' });
  assert.equal((await store.active()).waiting.length, 3);
  await jobs.leave({ platform: 'web', id: 'club' });
  await platform.until(running.address, 'end');
  assert.equal((await platform.until(waiting.address, 'end')).kind, 'end');
  assert.equal((await vault.get(waiting.photos[0] ?? '')) ?? 'wiped', 'wiped');
  engine.release();
  await Promise.all([alone, other].map(({ address }) => platform.until(address, 'album')));
  await worker.drain();
  assert.equal(vault.size, 0);
});

test('a redelivered request is no second one and counts once; a refused one does not count', async () => {
  const { jobs, limits, engine, worker, request } = world();
  engine.hold();
  const requested = await request('ann', 'a');
  assert.equal((await jobs.submit(requested)).created, true);
  assert.equal((await jobs.submit(requested)).created, false);
  for (const key of ['b', 'c', 'd', 'e']) await jobs.submit(await request('ann', key));
  await assert.rejects(jobs.submit(await request('ann', 'f')), { code: 'too-many-queued' });
  const [hour] = await limits.usage(requested);
  assert.equal(hour?.used, 5);
  engine.release();
  await worker.drain();
});

test('what is kept of a forgotten member’s ended jobs is deleted', async () => {
  const { platform, jobs, store, worker, request } = world();
  const requested = await request('ann', 'a');
  const { job } = await jobs.submit(requested);
  await platform.until(requested.address, 'album');
  await worker.drain();
  assert.ok(await store.get(job.id));
  await jobs.forget(requested.member);
  assert.equal(await store.get(job.id), undefined);
});
