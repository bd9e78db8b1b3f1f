import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LikenessError } from '../../pipeline/errors.js';
import { createEstimator } from '../../src/jobs/estimate.js';
import type { JobDraft } from '../../src/jobs/job.js';
import { createJobs } from '../../src/jobs/jobs.js';
import { createMemoryStore } from '../../src/jobs/memory.js';
import { createStatusBoard } from '../../src/jobs/status-board.js';
import { createWorker } from '../../src/jobs/worker.js';
import type { ChatPlatform, PlatformName } from '../../src/platforms/platform.js';
import { createMemoryVault } from '../../src/vault/memory.js';
import { draft } from '../contract/job-store.js';
import { createTestEngine } from '../fakes/engine.js';
import { createRecordingPlatform } from '../fakes/platform.js';

/** Everything between a command and a platform, with a test engine. */
function world() {
  const platform = createRecordingPlatform();
  const platforms = new Map<PlatformName, ChatPlatform>([['web', platform]]);
  const engine = createTestEngine();
  const vault = createMemoryVault();
  const store = createMemoryStore();
  const estimator = createEstimator();
  const errors: unknown[] = [];
  const board = createStatusBoard({ store, platforms, estimator });
  const onError = (error: unknown) => void errors.push(error);
  const worker = createWorker({ store, engine, vault, board, estimator, onError });
  const jobs = createJobs({ store, worker, board, vault, estimator });
  const wish = (member: string, key: string): JobDraft => ({
    ...draft(member, key),
    photos: [vault.put(Uint8Array.of(1, 2, 3))],
  });
  return { platform, engine, vault, worker, jobs, errors, wish };
}

test('a job is made, delivered once, and its photo is wiped', async () => {
  const { platform, engine, vault, worker, jobs, wish } = world();
  const wished = wish('ann', 'a');
  const photo = vault.get(wished.photos[0] ?? '');
  await jobs.submit(wished);
  const shown = await platform.until(wished.address, 'album');
  await worker.drain();
  assert.ok(shown.kind === 'album');
  assert.equal(shown.album.pictures.length, 4);
  assert.match(shown.album.caption, /4 portraits · seed 1 · AI-generated/);
  assert.equal(shown.album.options['seed'], 1);
  assert.deepEqual(engine.requests[0]?.photos, [Uint8Array.of(1, 2, 3)]);
  assert.deepEqual(photo, Uint8Array.of(0, 0, 0));
  assert.equal(vault.size, 0);
  assert.equal(platform.shown(wished.address).filter(({ kind }) => kind === 'album').length, 1);
});

test('words the model does not know are named', async () => {
  const { platform, jobs, wish } = world();
  const wished = wish('ann', 'a');
  await jobs.submit({ ...wished, parameters: { ...wished.parameters, prompt: 'smiling xyzzy' } });
  const shown = await platform.until(wished.address, 'album');
  assert.ok(shown.kind === 'album');
  assert.match(shown.album.notes.join(), /does not know the word “xyzzy”/);
});

test('a picture without a face says so and carries no likeness', async () => {
  const { platform, jobs, wish } = world();
  const wished = wish('ann', 'a');
  await jobs.submit({ ...wished, parameters: { ...wished.parameters, prompt: 'faceless' } });
  const shown = await platform.until(wished.address, 'album');
  assert.ok(shown.kind === 'album');
  assert.match(shown.album.notes.join(), /In 4 of them I find no face/);
  assert.deepEqual(
    shown.album.pictures.map(({ similarity }) => similarity),
    [undefined, undefined, undefined, undefined],
  );
});

test('a waiting job knows its place, and is cancelled without ever reaching the engine', async () => {
  const { platform, engine, vault, worker, jobs, wish } = world();
  engine.hold();
  const [first, second] = [wish('ann', 'a'), wish('bob', 'b')];
  await jobs.submit(first);
  await engine.halfWay();
  const { job } = await jobs.submit(second);
  const status = await platform.until(second.address, 'status');
  assert.ok(status.kind === 'status' && status.view.cancellable);
  assert.match(status.view.text, /1 request is before yours/);
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
  const { platform, engine, worker, jobs, errors, wish } = world();
  engine.hold();
  const [first, second] = [wish('ann', 'a'), wish('bob', 'b')];
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
  const { engine, jobs, platform, wish } = world();
  engine.hold();
  const wished = wish('ann', 'a');
  const { job } = await jobs.submit(wished);
  const stranger = { platform: 'web', id: 'bob' } as const;
  await assert.rejects(jobs.cancel(job.id, stranger), { code: 'job-unknown' });
  await assert.rejects(jobs.cancel('no such job', stranger), { code: 'job-unknown' });
  assert.deepEqual((await jobs.overview(stranger)).own, []);
  engine.release();
  await platform.until(wished.address, 'album');
});

test('what the pipeline refuses is told in its sentence, anything else in a general one', async () => {
  const { platform, engine, vault, worker, jobs, errors, wish } = world();
  const told = async (key: string, error: unknown) => {
    engine.failNext(error);
    const wished = wish('ann', key);
    await jobs.submit(wished);
    const end = await platform.until(wished.address, 'end');
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
  const { platform, vault, jobs, wish } = world();
  const wished = wish('ann', 'a');
  vault.wipe(wished.photos);
  await jobs.submit(wished);
  const end = await platform.until(wished.address, 'end');
  assert.ok(end.kind === 'end');
  assert.match(end.text, /Your photo was wiped/);
});

test('draining delivers what is being made and starts nothing more', async () => {
  const { platform, engine, worker, jobs, wish } = world();
  engine.hold();
  const [first, second] = [wish('ann', 'a'), wish('bob', 'b')];
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
  const { platform, engine, vault, worker, jobs, wish } = world();
  engine.hold();
  const [running, waiting, other] = [wish('ann', 'a'), wish('ann', 'b'), wish('bob', 'c')];
  for (const wished of [running, waiting, other]) await jobs.submit(wished);
  await engine.halfWay();
  await jobs.forget(running.member);
  await platform.until(waiting.address, 'end');
  engine.release();
  await platform.until(other.address, 'album');
  await worker.drain();
  assert.deepEqual(platform.shown(running.address).at(-1)?.kind, 'end');
  assert.equal(vault.size, 0);
});
