import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { pino } from 'pino';
import { composeChat } from '../../../src/compose/chat.js';
import type { HistoryView } from '../../../src/platforms/web/history-routes.js';
import { FakeBrowser } from '../../fakes/browser.js';
import { createTestEngine } from '../../fakes/engine.js';
import { plainJpeg } from '../../fakes/photos.js';
import { testPresets } from '../../fakes/presets.js';
import { temporaryFolder } from '../../temporary-folder.js';

const photo = await plainJpeg();
const log = pino({ level: 'silent' });
const DAY = 24 * 60 * 60_000;

/** A program on a data folder that lets albums be kept for so many days. */
async function start(context: TestContext, data: string, { days = 30, now = Date.now() } = {}) {
  const config = { host: '127.0.0.1', port: 0, data, history: { days } };
  const chat = composeChat({ config, engine: createTestEngine(), presets: testPresets, log, now: () => now });
  await chat.start();
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= chat.stop());
  context.after(stop);
  return { address: chat.address, stop };
}

async function turn(browser: FakeBrowser, on: 'yes' | 'no'): Promise<void> {
  const body = new FormData();
  body.set('on', on);
  await browser.post('/api/history', { body });
}

const history = async (browser: FakeBrowser): Promise<HistoryView> =>
  (await browser.get('/api/history')).json() as Promise<HistoryView>;

async function makeAlbum(browser: FakeBrowser, text = 'neon count:2') {
  return browser.answer(await browser.send({ text, photos: [photo] }), 'album');
}

/** The same, and waits until it is kept. */
async function keepAlbum(browser: FakeBrowser) {
  const { told } = await browser.listen('albums');
  const album = await makeAlbum(browser);
  await told;
  return album;
}

/** Someone who agreed and keeps albums. */
async function keeper(address: string): Promise<FakeBrowser> {
  const browser = await FakeBrowser.open(address);
  await browser.post('/api/consent');
  await turn(browser, 'yes');
  return browser;
}

test('albums were lost by a restart: who wants it keeps them, encrypted, for this browser alone', async (context) => {
  const data = temporaryFolder();
  const first = await start(context, data);
  const browser = await keeper(first.address);
  const album = await makeAlbum(browser);
  await first.stop();
  const stored = readdirSync(join(data, 'albums')).map((name) => readFileSync(join(data, 'albums', name)));
  assert.equal(stored.length, 5, 'words, and two encodings of two pictures');
  for (const bytes of stored) assert.doesNotMatch(bytes.toString('latin1'), /neon|JFIF|PNG/);

  const second = await start(context, data);
  const again = browser.at(second.address);
  const { on, albums } = await history(again);
  assert.deepEqual([on, albums.length], [true, 1]);
  const [kept] = albums;
  assert.ok(kept?.kind === 'album');
  assert.deepEqual([kept.caption, kept.line, kept.pictures], [album.caption, album.line, album.pictures]);
  for (const { preview, file, own } of kept.pictures) {
    for (const address of [preview, file, own?.avatar ?? '']) assert.equal((await again.get(address)).status, 200);
  }
  assert.equal((await again.get(kept.zip)).status, 200);
  const stranger = await FakeBrowser.open(second.address);
  assert.deepEqual((await history(stranger)).albums, []);
  assert.equal((await stranger.get(kept.pictures[0]?.file ?? '')).status, 404);
});

test('nothing is kept unless that is turned on; off, forgetting and deleting delete it', async (context) => {
  const data = temporaryFolder();
  const { address } = await start(context, data);
  const files = (): number => readdirSync(join(data, 'albums')).length;
  const browser = await FakeBrowser.open(address);
  await browser.post('/api/consent');
  await makeAlbum(browser);
  assert.deepEqual(await history(browser), { on: false, days: 30, albums: [] });

  await turn(browser, 'yes');
  const album = await keepAlbum(browser);
  const [picture] = album.pictures;
  await browser.post(picture?.own?.remove ?? '');
  assert.deepEqual(
    (await history(browser)).albums.map((kept) => kept.kind === 'album' && kept.pictures.length),
    [1],
  );
  assert.equal(files(), 3);
  await browser.post(album.zip.replace('album.zip', 'delete'));
  assert.equal(files(), 0);

  await keepAlbum(browser);
  assert.equal(files(), 5);
  await turn(browser, 'no');
  assert.deepEqual([files(), (await history(browser)).on], [0, false]);

  await turn(browser, 'yes');
  await keepAlbum(browser);
  assert.equal(files(), 5);
  await browser.answer(await browser.send({ text: '/privacy forget sure' }), 'text');
  assert.deepEqual([files(), (await history(browser)).on], [0, false]);
});

test('albums are kept for as many days as are configured, and for nobody where that is none', async (context) => {
  const data = temporaryFolder();
  const now = Date.now();
  const first = await start(context, data, { days: 3, now: now - 4 * DAY });
  const browser = await keeper(first.address);
  await keepAlbum(browser);
  await first.stop();
  const second = await start(context, data, { days: 3, now });
  assert.deepEqual(await history(browser.at(second.address)), { on: true, days: 3, albums: [] });
  assert.deepEqual(readdirSync(join(data, 'albums')), []);
  await second.stop();
  const third = await start(context, data, { days: 0 });
  const nobody = browser.at(third.address);
  await turn(nobody, 'yes');
  assert.deepEqual(await history(nobody), { on: false, days: 0, albums: [] });
});

test('a browser that keeps albums was forgotten when it was closed: its cookie lasts as long as they do', async (context) => {
  const { address } = await start(context, temporaryFolder());
  const browser = await keeper(address);
  const lasting = (await browser.get('/api/setup')).headers.get('set-cookie') ?? '';
  assert.match(lasting, /Max-Age=2592000/);
  const other = await FakeBrowser.open(address);
  assert.doesNotMatch((await other.get('/api/setup')).headers.get('set-cookie') ?? '', /Max-Age/);
});
