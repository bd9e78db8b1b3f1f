import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, beforeEach, test, type TestContext } from 'node:test';
import { LEASE } from '../../src/jobs/ending.js';
import { ended, likeness, startLikeness } from '../cli/likeness.js';
import { launch, type Program, startProgram } from '../crash/program.js';
import { FakeBrowser } from '../fakes/browser.js';
import { plainJpeg } from '../fakes/photos.js';
import { type ProgramSettings } from '../fixtures/program-messages.js';
import { type RedisServer, skipWithoutRedis as skip, startRedis } from '../redis-server.js';
import { temporaryFolder } from '../temporary-folder.js';

const photo = await plainJpeg();

let server: RedisServer;
before(async () => {
  if (skip === false) server = await startRedis();
});
after(() => server?.stop());
beforeEach(() => server?.empty());

/** How processes are started that share one Redis and one key. */
function around(context: TestContext) {
  const data = join(temporaryFolder(), 'data');
  const start = (role: ProgramSettings['role'] & string, more: Partial<ProgramSettings> = {}): Promise<Program> =>
    startProgram(context, { data, role, redis: { url: server.url }, ...more });
  return { data, start };
}

async function openAgreed(address: string): Promise<FakeBrowser> {
  const browser = await FakeBrowser.open(address);
  await browser.post('/api/consent');
  return browser;
}

const albumsOf = async (browser: FakeBrowser): Promise<number> =>
  (await browser.messages()).filter(({ kind }) => kind === 'album').length;

/** Nothing of photos and albums is in Redis any more. */
async function assertWiped(): Promise<void> {
  const redis = await server.connect();
  assert.deepEqual(await redis.keys('likeness:vault:*'), []);
  redis.disconnect();
}

test('what is asked for in the chat process is made in a worker process and delivered', { skip }, async (context) => {
  const { start } = around(context);
  const chat = await start('chat');
  const ann = await openAgreed(chat.address);
  const first = await ann.send({ text: 'smiling seed:7', photos: [photo] });
  await ann.answer(first, 'status');
  const worker = await start('worker');
  const album = await ann.answer(first, 'album');
  assert.match(album.caption, /Your 4 portraits/);
  assert.equal((await ann.get(album.pictures[0]?.file ?? '')).status, 200);
  const second = await ann.send({ text: 'smiling seed:8 count:2', photos: [photo] });
  assert.match((await ann.answer(second, 'album')).caption, /Your 2 portraits/);
  await worker.stop();
  await chat.stop();
  await assertWiped();
});

test('progress and Cancel pass between the processes', { skip }, async (context) => {
  const { start } = around(context);
  const [chat, worker] = [await start('chat'), await start('worker', { hold: true })];
  const ann = await openAgreed(chat.address);
  await ann.send({ text: 'smiling', photos: [photo] });
  await worker.halfWay;
  const messages = await ann.until((all) => all.some((each) => each.kind === 'status' && each.progress !== undefined));
  const status = messages.find(({ kind }) => kind === 'status');
  assert.ok(status?.kind === 'status');
  await ann.post(`/api/jobs/${status.jobId}/cancel`);
  await ann.until((all) => all.some((each) => each.kind === 'notice' && /Cancelled/.test(each.text)));
  await worker.stop();
  await chat.stop();
  await assertWiped();
});

test('when a worker is killed another one makes its job, and the album comes once', { skip }, async (context) => {
  const { start } = around(context);
  const [chat, first] = [await start('chat'), await start('worker', { hold: true })];
  const ann = await openAgreed(chat.address);
  const key = await ann.send({ text: 'smiling seed:7', photos: [photo] });
  await first.halfWay;
  await first.kill();
  await server.age(LEASE);
  const second = await start('worker');
  assert.match((await ann.answer(key, 'album')).caption, /Your 4 portraits/);
  await ann.send({ text: '/help' });
  assert.equal(await albumsOf(ann), 1);
  await second.stop();
  await chat.stop();
  await assertWiped();
});

test('what was made while the chat process was dead is delivered by the next one', { skip }, async (context) => {
  const { start } = around(context);
  const [chat, worker] = [await start('chat'), await start('worker', { hold: true })];
  const ann = await openAgreed(chat.address);
  const key = await ann.send({ text: 'smiling seed:7', photos: [photo] });
  await worker.halfWay;
  await chat.kill();
  await worker.stop();
  const next = await start('chat', { port: Number(new URL(chat.address).port) });
  assert.match((await ann.answer(key, 'album')).caption, /Your 4 portraits/);
  await next.stop();
  await assertWiped();
});

test(
  'killed with the album shown and its end not recorded: it is shown once by the next chat process',
  { skip },
  async (context) => {
    const { start } = around(context);
    const chat = await start('chat', { dies: 'with the album shown' });
    const ann = await openAgreed(chat.address);
    const key = await ann.send({ text: 'smiling seed:7', photos: [photo] });
    const worker = await start('worker');
    await chat.ended;
    await server.age(LEASE);
    const next = await start('chat', { port: Number(new URL(chat.address).port) });
    await ann.answer(key, 'album');
    await ann.send({ text: '/help' });
    assert.equal(await albumsOf(ann), 1);
    await worker.stop();
    await next.stop();
    await assertWiped();
  },
);

test('Redis crashes while an album is made: nothing is lost', { skip }, async (context) => {
  const { start } = around(context);
  const [chat, worker] = [await start('chat'), await start('worker', { hold: true })];
  const ann = await openAgreed(chat.address);
  const key = await ann.send({ text: 'smiling seed:7', photos: [photo] });
  await worker.halfWay;
  await server.kill();
  worker.release();
  await server.start();
  assert.match((await ann.answer(key, 'album')).caption, /Your 4 portraits/);
  await worker.stop();
  await chat.stop();
  await assertWiped();
});

test(
  'one process does both over Redis, and delivers what it was making when told to stop',
  { skip },
  async (context) => {
    const { start } = around(context);
    const both = await start('all', { hold: true });
    const ann = await openAgreed(both.address);
    const key = await ann.send({ text: 'smiling', photos: [photo] });
    await both.halfWay;
    const delivered = ann.answer(key, 'album');
    await both.terminate();
    both.release();
    await delivered;
    await both.ended;
    await assertWiped();
  },
);

test('a process with another key is refused in one sentence', { skip }, async (context) => {
  const { start } = around(context);
  const chat = await start('chat');
  const rival = launch({ data: join(temporaryFolder(), 'data'), role: 'worker', redis: { url: server.url } });
  const complaints: string[] = [];
  rival.stderr?.on('data', (chunk: Buffer) => complaints.push(chunk.toString()));
  const [code] = await once(rival, 'close');
  assert.notEqual(code, 0);
  assert.match(complaints.join(''), /key-differs/);
  await chat.stop();
});

test('a worker of the command line says that it is ready, and stops when told to', { skip }, async () => {
  const worker = startLikeness(['serve', '--role', 'worker'], { REDIS_URL: server.url });
  const [said] = await once(worker.stdout ?? worker, 'data');
  assert.match(String(said), /making what the chats ask for/);
  const end = ended(worker);
  worker.kill('SIGTERM');
  assert.equal((await end).code, 0);
});

const refusals: readonly (readonly [string, readonly string[], RegExp, Readonly<Record<string, string>>])[] = [
  ['a role apart without Redis', ['--role', 'worker'], /role worker needs a Redis.*REDIS_URL/, {}],
  ['an unknown role', ['--role', 'cook'], /LIKENESS_ROLE/, {}],
  ['an address that is none of a Redis', [], /REDIS_URL.*redis:\/\//, { REDIS_URL: 'http://127.0.0.1' }],
  ['a Redis that does not answer', [], /redis:\/\/127\.0\.0\.1:1\b/, { REDIS_URL: 'redis://:secret@127.0.0.1:1' }],
];
for (const [title, given, sentence, env] of refusals) {
  test(`${title} is one sentence`, async () => {
    const { code, stderr } = await likeness(['serve', '--port', '0', ...given], {
      LIKENESS_LOG_LEVEL: 'silent',
      ...env,
    });
    assert.equal(code, 6);
    assert.match(stderr, sentence);
    assert.doesNotMatch(stderr, /secret/);
    assert.equal(stderr.trim().split('\n').length, 1);
  });
}
