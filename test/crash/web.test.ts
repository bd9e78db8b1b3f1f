import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { FakeBrowser } from '../fakes/browser.js';
import { plainJpeg } from '../fakes/photos.js';
import { type ProgramSettings } from '../fixtures/program-messages.js';
import { temporaryFolder } from '../temporary-folder.js';
import { launch, type Program, startProgram } from './program.js';

const photo = await plainJpeg();

async function openAgreed(address: string): Promise<FakeBrowser> {
  const browser = await FakeBrowser.open(address);
  await browser.post('/api/consent');
  return browser;
}

/** A first run whose albums stop half-way, and how to start the program anew where its pages expect it. */
async function begin(context: TestContext) {
  const data = join(temporaryFolder(), 'data');
  const first = await startProgram(context, { data, hold: true });
  const port = Number(new URL(first.address).port);
  const restart = (more: Partial<ProgramSettings> = {}): Promise<Program> =>
    startProgram(context, { data, port, ...more });
  const ann = await openAgreed(first.address);
  return { data, first, restart, ann };
}

async function albumsOf(browser: FakeBrowser): Promise<number> {
  return (await browser.messages()).filter(({ kind }) => kind === 'album').length;
}

test('killed while one job is running and another is queued: each is delivered, once, and nothing is left', async (context) => {
  const { data, first, restart, ann } = await begin(context);
  const bob = await openAgreed(first.address);
  const running = await ann.send({ text: 'smiling seed:7', photos: [photo] });
  await first.halfWay;
  const queued = await bob.send({ text: 'sad seed:8 count:2', photos: [photo] });
  await bob.answer(queued, 'status');
  assert.equal(readdirSync(join(data, 'vault')).length, 2);
  await first.kill();

  const second = await restart();
  const album = await ann.answer(running, 'album');
  assert.match(album.caption, /Your 4 portraits/);
  assert.match((await bob.answer(queued, 'album')).caption, /Your 2 portraits/);
  const [picture] = album.pictures;
  assert.equal((await ann.get(picture?.preview ?? '')).status, 200);
  for (const browser of [ann, bob]) await browser.send({ text: '/help' });
  assert.deepEqual([await albumsOf(ann), await albumsOf(bob)], [1, 1]);
  await second.stop();
  assert.deepEqual(readdirSync(join(data, 'vault')), []);

  const third = await restart();
  assert.equal((await ann.get('/api/setup')).status, 200, 'the browser is known by its signed cookie');
  assert.deepEqual(await ann.messages(), [], 'nothing is owed to it any more');
  await third.stop();
});

test('killed twice with the same job under way: it is delivered after the third start', async (context) => {
  const { first, restart, ann } = await begin(context);
  const key = await ann.send({ text: 'smiling', photos: [photo] });
  await first.halfWay;
  await first.kill();
  const second = await restart({ hold: true });
  await second.halfWay;
  await second.kill();
  const third = await restart();
  await ann.answer(key, 'album');
  assert.equal(await albumsOf(ann), 1);
  await third.stop();
});

test('killed between showing the album and recording it: the next run shows it, once', async (context) => {
  const { data, first, restart, ann } = await begin(context);
  const key = await ann.send({ text: 'smiling seed:7', photos: [photo] });
  await first.halfWay;
  await first.kill();
  const second = await restart({ hold: true, dies: 'with the album shown' });
  second.release();
  await second.ended;
  const third = await restart();
  const album = await ann.answer(key, 'album');
  assert.match(album.caption, /Your 4 portraits/);
  await ann.send({ text: '/help' });
  assert.equal(await albumsOf(ann), 1);
  await third.stop();
  assert.deepEqual(readdirSync(join(data, 'vault')), []);
});

test('told to end while one job is running: it is delivered, what waits is delivered by the next run', async (context) => {
  const { first, restart, ann } = await begin(context);
  const bob = await openAgreed(first.address);
  const running = await ann.send({ text: 'smiling', photos: [photo] });
  await first.halfWay;
  const queued = await bob.send({ text: 'sad', photos: [photo] });
  await bob.answer(queued, 'status');
  const delivered = ann.answer(running, 'album');
  await first.terminate();
  first.release();
  await delivered;
  await first.ended;
  const second = await restart();
  await bob.answer(queued, 'album');
  await second.stop();
});

test('killed while a picture is downloaded: the next run owes nothing and says so', async (context) => {
  const { first, restart, ann } = await begin(context);
  first.release();
  const { pictures } = await ann.answer(await ann.send({ text: 'smiling', photos: [photo] }), 'album');
  const file = pictures[0]?.file ?? '';
  const downloading = await ann.get(file);
  await first.kill();
  await downloading.arrayBuffer().catch(() => undefined);
  const second = await restart();
  assert.equal((await ann.get(file)).status, 404);
  assert.deepEqual(await ann.messages(), []);
  const anew = await openAgreed(second.address);
  await anew.answer(await anew.send({ text: 'smiling', photos: [photo] }), 'album');
  await second.stop();
});

test('consent is remembered, and a second copy on the same folder is refused', async (context) => {
  const { data, first, restart, ann } = await begin(context);
  await ann.send({ text: 'smiling', photos: [photo] });
  await first.halfWay;
  const rival = launch({ data });
  const complaints: string[] = [];
  rival.stderr?.on('data', (chunk: Buffer) => complaints.push(chunk.toString()));
  const [code] = await once(rival, 'close');
  assert.notEqual(code, 0);
  assert.match(complaints.join(''), /data-in-use/);
  await first.kill();

  const second = await restart();
  await ann.until((messages) => messages.some(({ kind }) => kind === 'album'));
  await ann.answer(await ann.send({ text: 'sad', photos: [photo] }), 'album');
  await second.stop();
});
