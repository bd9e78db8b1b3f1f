import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { pino } from 'pino';
import sharp from 'sharp';
import { composeChat } from '../../../src/compose/chat.js';
import { defaultLimits } from '../../../src/config.js';
import { LikenessError } from '../../../src/errors.js';
import { FakeBrowser } from '../../fakes/browser.js';
import { createTestEngine } from '../../fakes/engine.js';
import { plainJpeg, plainPng } from '../../fakes/photos.js';
import { testPresets } from '../../fakes/presets.js';
import { inTheMorning } from '../../fakes/standing-clock.js';

const photo = await plainJpeg();
const log = pino({ level: 'silent' });

/** The whole program but the engine, and someone who has agreed. */
async function open(context: TestContext, limits: Partial<typeof defaultLimits> = {}) {
  const engine = createTestEngine();
  const config = { host: '127.0.0.1', port: 0, limits: { ...defaultLimits, ...limits } };
  const chat = composeChat({ config, engine, presets: testPresets, log, now: inTheMorning });
  await chat.start();
  context.after(async () => {
    engine.release();
    await chat.stop();
  });
  const browser = await FakeBrowser.open(chat.address);
  await browser.post('/api/consent');
  return { chat, engine, browser };
}

test('a photo and a few words come back as an album of that many portraits', async (context) => {
  const { engine, browser } = await open(context);
  const key = await browser.send({
    text: 'smiling style:pencil sketch angle:left count:3 seed:5',
    photos: [photo, photo],
  });
  const album = await browser.answer(key, 'album');
  assert.equal(album.pictures.length, 3);
  const [request] = engine.requests;
  assert.equal(request?.prompt, 'smiling, looking left, pencil sketch');
  assert.deepEqual([request?.count, request?.seed, request?.strength, request?.photos.length], [3, 5, 80, 2]);
  assert.equal((await sharp(request?.photos[0]).metadata()).format, 'jpeg');
  assert.equal(album.line, '/portrait smiling style:pencil sketch angle:left count:3 strength:80');
  assert.equal(album.seed, 5);
  assert.equal(album.caption, 'smiling, pencil sketch, left · Your 3 portraits · AI-generated');
});

test('pictures are served to their owner only, as JPEG to look at and PNG to keep', async (context) => {
  const { chat, browser } = await open(context);
  const album = await browser.answer(await browser.send({ text: 'smiling', photos: [photo] }), 'album');
  const [picture] = album.pictures;
  assert.ok(picture);
  const preview = await browser.get(picture.preview);
  assert.equal(preview.headers.get('content-type'), 'image/jpeg');
  assert.equal((await sharp(await preview.arrayBuffer()).metadata()).width, 64);
  const file = await browser.get(picture.file);
  assert.match(file.headers.get('content-disposition') ?? '', /attachment; filename="portrait-smiling-\d+-1\.png"/);
  const stranger = await FakeBrowser.open(chat.address);
  assert.equal((await stranger.get(picture.file)).status, 404);
  assert.equal((await browser.get(picture.file.replace('0.png', '9.png'))).status, 404);
  const zip = await browser.get(album.zip);
  assert.match(zip.headers.get('content-disposition') ?? '', /attachment; filename="portrait-smiling-\d+\.zip"/);
  assert.equal((await stranger.get(album.zip)).status, 404);
  await browser.post(album.zip.replace('album.zip', 'delete'));
  assert.equal((await browser.get(album.zip)).status, 404, 'a deleted album is gone');
});

test('the first portrait asks for consent; after it the same message goes through', async (context) => {
  const { chat, engine } = await open(context);
  const browser = await FakeBrowser.open(chat.address);
  const key = await browser.send({ text: 'smiling', photos: [photo] });
  assert.match((await browser.answer(key, 'consent')).text, /kept encrypted[^]*30 minutes at most/);
  assert.equal(engine.requests.length, 0);
  await browser.post('/api/consent');
  await browser.send({ text: 'smiling', photos: [photo], key, resent: true });
  await browser.answer(key, 'album');
  const kinds = (await browser.messages()).map(({ kind }) => kind);
  assert.deepEqual(kinds, ['member', 'text', 'album']);
});

const huge = await plainPng(9000, 9000);
/** What people do wrong, and the one sentence each hears. */
const mistakes: readonly (readonly [name: string, text: string, photos: readonly Uint8Array[], sentence: RegExp])[] = [
  ['no photo', 'smiling', [], /^I need a photo to work from/],
  ['five photos', 'smiling', [photo, photo, photo, photo, photo], /^That is 5 photos; please send at most 4/],
  ['text renamed to .jpg', 'smiling', [Buffer.from('hello there')], /^I could not read that file as a picture/],
  ['a GIF', 'smiling', [Buffer.from('GIF89a....')], /^GIF pictures are not supported/],
  ['half a JPEG', 'smiling', [photo.subarray(0, photo.length / 2)], /^That picture is damaged/],
  ['a bomb', 'smiling', [huge], /^That picture is too large: 9000 × 9000/],
  ['no words', '/portrait', [photo], /^Tell me in a few words/],
  ['far too many words', 'word '.repeat(1000), [photo], /^That description is too long: \d+ characters/],
  ['count 0', 'smiling count:0', [photo], /^1 to 10 portraits, please/],
  ['count 100', 'smiling count:100', [photo], /^1 to 10 portraits, please/],
  ['strength 200', 'smiling strength:200', [photo], /^The strength goes from 0 to 100/],
  ['a seed that is none', 'smiling seed:lucky', [photo], /^The seed must be a whole number/],
  ['an unknown style', 'smiling style:cubism', [photo], /^“cubism” is not a style I know\. I know: pencil sketch/],
  ['an unknown command', '/dance', [], /^There is no command \/dance/],
];

for (const [name, text, photos, sentence] of mistakes) {
  test(`${name}: one clear sentence, and nothing reaches the engine`, async (context) => {
    const { engine, browser } = await open(context);
    const refusal = await browser.answer(await browser.send({ text, photos }), 'refusal');
    assert.match(refusal.text, sentence);
    assert.equal(engine.requests.length, 0);
  });
}

for (const [code, sentence] of [
  ['no-face', /^I found no face/],
  ['several-faces', /^I see several faces/],
] as const) {
  test(`${code}: what the engine refuses is said in one sentence`, async (context) => {
    const { engine, browser } = await open(context);
    engine.failNext(new LikenessError(code));
    const notice = await browser.answer(await browser.send({ text: 'smiling', photos: [photo] }), 'notice');
    assert.match(notice.text, sentence);
  });
}

test('more requests than one person may have are refused', async (context) => {
  const { engine, browser } = await open(context);
  engine.hold();
  for (let index = 0; index < 5; index++) {
    await browser.answer(await browser.send({ text: 'smiling', photos: [photo] }), 'status');
  }
  const refusal = await browser.answer(await browser.send({ text: 'smiling', photos: [photo] }), 'refusal');
  assert.match(refusal.text, /You already have 5 requests waiting/);
});

test('place in line, cancel while waiting, cancel while running', async (context) => {
  const { chat, engine, browser } = await open(context);
  engine.hold();
  const running = await browser.send({ text: 'smiling', photos: [photo] });
  await engine.halfWay();
  const other = await FakeBrowser.open(chat.address);
  await other.post('/api/consent');
  const waiting = await other.send({ text: 'sad', photos: [photo] });
  const status = await other.answer(waiting, 'status');
  assert.match(status.text, /1 request is ahead of yours/);
  const queue = await other.answer(await other.send({ text: '/queue' }), 'text');
  assert.match(queue.text, /2 requests in the queue[^]*“sad” is number 2/);
  assert.doesNotMatch(queue.text, /smiling/);

  const { jobId } = await browser.answer(running, 'status');
  await other.post(`/api/jobs/${jobId}/cancel`);
  await other.post(`/api/jobs/${status.jobId}/cancel`);
  assert.match((await other.answer(waiting, 'notice')).text, /^Cancelled/);
  assert.ok(
    (await browser.messages()).some(({ kind }) => kind === 'status'),
    'a stranger cannot cancel',
  );
  await browser.post(`/api/jobs/${jobId}/cancel`);
  assert.match((await browser.answer(running, 'notice')).text, /^Cancelled/);
});

test('a message that arrives twice makes one album', async (context) => {
  const { engine, browser } = await open(context);
  const key = await browser.send({ text: 'smiling', photos: [photo] });
  await browser.send({ text: 'smiling', photos: [photo], key });
  await browser.send({ text: 'smiling', photos: [photo], key, resent: true });
  await browser.answer(key, 'album');
  await browser.answer(await browser.send({ text: '/help' }), 'text');
  assert.equal(engine.requests.length, 1);
});

test('/styles and /help answer in words', async (context) => {
  const { browser } = await open(context);
  const ask = async (text: string) => (await browser.answer(await browser.send({ text }), 'text')).text;
  assert.match(await ask('/styles'), /Styles: pencil sketch, watercolour, neon/);
  assert.match(await ask('/help'), /\/portrait – [^]*\/privacy – /);
});

test('who has used up their quota is told when to come again, and /quota shows it before', async (context) => {
  const { browser } = await open(context, { memberPerDay: 1 });
  const ask = async (text: string) => (await browser.answer(await browser.send({ text }), 'text')).text;
  assert.match(await ask('/quota'), /today: 0 of 1 albums[^]*0 of 5 requests/);
  await browser.answer(await browser.send({ text: 'smiling', photos: [photo] }), 'album');
  assert.match(await ask('/quota'), /today: 1 of 1 albums/);
  const refusal = await browser.answer(await browser.send({ text: 'smiling', photos: [photo] }), 'refusal');
  assert.match(refusal.text, /1 albums today[^]*try again in 14 hours/);
});

test('who opted out is not portrayed until they take it back', async (context) => {
  const { engine, browser } = await open(context);
  const ask = async (text: string) => (await browser.answer(await browser.send({ text }), 'text')).text;
  assert.match(await ask('/privacy opt-out:yes'), /I will not portray you/);
  const refusal = await browser.answer(await browser.send({ text: 'smiling', photos: [photo] }), 'refusal');
  assert.match(refusal.text, /opted out of portraits/);
  assert.equal(engine.requests.length, 0);
  assert.match(await ask('/privacy opt-out:no'), /may portray you again/);
  await browser.answer(await browser.send({ text: 'smiling', photos: [photo] }), 'album');
});

test('a language is chosen, refused and left to the app again', async (context) => {
  const { browser } = await open(context);
  const key = await browser.send({ text: '/language tlh' });
  assert.match((await browser.answer(key, 'refusal')).text, /do not know the language “tlh”[^]*en \(English\)/);
  const ask = async (text: string) => (await browser.answer(await browser.send({ text }), 'text')).text;
  assert.match(await ask('/language en'), /I answer in English/);
  assert.match(await ask('/language'), /I answer in English/);
  assert.match(await ask('/language auto'), /follow your app/);
});

test('forgetting cancels, deletes the conversation and takes consent back', async (context) => {
  const { engine, browser } = await open(context);
  await browser.answer(await browser.send({ text: 'smiling', photos: [photo] }), 'album');
  engine.hold();
  await browser.send({ text: 'sad', photos: [photo] });
  await engine.halfWay();
  const { buttons } = await browser.answer(await browser.send({ text: '/privacy forget' }), 'text');
  const key = await browser.send({ text: buttons?.[0]?.line ?? '' });
  assert.match((await browser.answer(key, 'text')).text, /^Done: your requests are cancelled/);
  engine.release();
  const again = await browser.send({ text: 'smiling', photos: [photo] });
  await browser.answer(again, 'consent');
  assert.ok((await browser.messages()).every(({ kind }) => kind !== 'album'));
});

test('a cleared conversation keeps only what is under way', async (context) => {
  const { engine, browser } = await open(context);
  await browser.answer(await browser.send({ text: '/help' }), 'text');
  engine.hold();
  const key = await browser.send({ text: 'smiling', photos: [photo] });
  await engine.halfWay();
  await browser.post('/api/clear');
  const kinds = (await browser.messages()).map((message) => [message.kind, message.key === key]);
  assert.deepEqual(kinds, [
    ['member', true],
    ['status', true],
  ]);
  engine.release();
  await browser.answer(key, 'album');
});

test('stopping delivers what is being made and refuses what comes', async (context) => {
  const { chat, engine, browser } = await open(context);
  engine.hold();
  const key = await browser.send({ text: 'smiling', photos: [photo] });
  await engine.halfWay();
  const album = browser.answer(key, 'album');
  const page = assert.rejects(
    browser.until(() => false),
    /the events ended/,
  );
  const stopped = chat.stop();
  const late = await browser.answer(await browser.send({ text: 'sad', photos: [photo] }), 'refusal');
  assert.match(late.text, /being stopped/);
  engine.release();
  const { pictures } = await album;
  assert.equal(pictures.length, 4);
  for (const { preview } of pictures)
    assert.equal((await browser.get(preview)).status, 200, 'the open page gets its pictures');
  await page;
  await stopped;
});

test('a port that is taken is said in one sentence', async (context) => {
  const { chat } = await open(context);
  const port = Number(new URL(chat.address).port);
  const second = composeChat({
    config: { host: '127.0.0.1', port },
    engine: createTestEngine(),
    presets: testPresets,
    log,
  });
  await assert.rejects(second.start(), { code: 'port-in-use', data: { host: '127.0.0.1', port } });
});

test('however many pages come and go, nothing of them is left', async (context) => {
  const { browser } = await open(context);
  const warnings: Error[] = [];
  const hear = (warning: Error): void => void warnings.push(warning);
  process.on('warning', hear);
  context.after(() => process.off('warning', hear));
  const many = Array.from({ length: 24 }, () => browser.messages());
  await Promise.all(many);
  await browser.messages();
  assert.deepEqual(warnings, []);
});

test('the post of an event begins a report of one of its entries', async (context) => {
  const { browser } = await open(context);
  await browser.send({ text: '/event create title:Ball prompt:smiling' });
  await browser.send({ text: '/event join agree:yes name:Ann', photos: [photo] });
  const messages = await browser.until((shown) => shown.some((message) => message.kind === 'text' && message.begin));
  const begins = messages.flatMap((message) => (message.kind === 'text' && message.begin ? [message.begin] : []));
  assert.deepEqual(begins, [{ label: 'Report an entry', line: '/event report number:' }]);
});

test('those who are new share what newcomers may ask for, and are told how long to wait', async (context) => {
  const { chat, browser } = await open(context);
  await browser.answer(await browser.send({ text: '/settings newcomers:1' }), 'text');
  await browser.answer(await browser.send({ text: 'smiling', photos: [photo] }), 'album');
  const other = await FakeBrowser.open(chat.address);
  await other.post('/api/consent');
  const refusal = await other.answer(await other.send({ text: 'smiling', photos: [photo] }), 'refusal');
  assert.match(refusal.text, /^Members new here have asked for 1 albums this hour[^]*in 45 minutes/);
  const shown = await other.answer(await other.send({ text: '/quota' }), 'text');
  assert.match(shown.text, /\nEveryone new here, this hour: 1 of 1 albums/);
});

test('at the machine all portraits can be paused: what waits in line waits on, and is made afterwards', async (context) => {
  const { engine, browser } = await open(context);
  engine.hold();
  const running = await browser.send({ text: 'smiling', photos: [photo] });
  await engine.halfWay();
  const waiting = await browser.send({ text: 'sad', photos: [photo] });
  await browser.until((messages) => messages.some(({ kind, key }) => kind === 'status' && key === waiting));
  await browser.answer(await browser.send({ text: '/moderate pause' }), 'text');
  engine.release();
  await browser.answer(running, 'album');
  await browser.until((messages) =>
    messages.some((message) => message.kind === 'status' && message.text.startsWith('Paused by whoever runs me')),
  );
  const refusal = await browser.answer(await browser.send({ text: 'smiling', photos: [photo] }), 'refusal');
  assert.match(refusal.text, /^Portraits are paused/);
  assert.equal(engine.requests.length, 1);
  await browser.answer(await browser.send({ text: '/moderate resume' }), 'text');
  assert.equal((await browser.answer(waiting, 'album')).pictures.length, 4);
});
