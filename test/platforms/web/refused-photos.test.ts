import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { composeChat } from '../../../src/compose/chat.js';
import { defaultLimits } from '../../../src/config.js';
import { FakeBrowser } from '../../fakes/browser.js';
import { createTestEngine } from '../../fakes/engine.js';
import { plainJpeg } from '../../fakes/photos.js';
import { testPresets } from '../../fakes/presets.js';
import { inTheMorning } from '../../fakes/standing-clock.js';

test('who sends what is no photo again and again has to wait until the next hour, and nobody else has', async (context) => {
  const config = { host: '127.0.0.1', port: 0, limits: { ...defaultLimits } };
  const log = pino({ level: 'silent' });
  const chat = composeChat({ config, engine: createTestEngine(), presets: testPresets, log, now: inTheMorning });
  await chat.start();
  context.after(() => chat.stop());
  const [browser, photo] = [await FakeBrowser.open(chat.address), await plainJpeg()];
  await browser.post('/api/consent');
  const no = [Buffer.from('hello there')];
  for (let count = 0; count < 20; count++) {
    const refusal = await browser.answer(await browser.send({ text: 'smiling', photos: no }), 'refusal');
    assert.match(refusal.text, /^I could not read that file/);
  }
  const { text } = await browser.answer(await browser.send({ text: 'smiling', photos: [photo] }), 'refusal');
  assert.equal(text, 'Too many of your photos could not be used. Please try again in 45 minutes.');
  const other = await FakeBrowser.open(chat.address);
  await other.post('/api/consent');
  await other.answer(await other.send({ text: 'smiling', photos: [photo] }), 'album');
});

test('files beside a photo are left out and named, by their first letters where a name is long; alone they are refused', async (context) => {
  const log = pino({ level: 'silent' });
  const engine = createTestEngine();
  const chat = composeChat({ config: { host: '127.0.0.1', port: 0 }, engine, presets: testPresets, log });
  await chat.start();
  context.after(() => chat.stop());
  const [browser, photo] = [await FakeBrowser.open(chat.address), await plainJpeg()];
  await browser.post('/api/consent');
  const pdf = (name: string) => new File(['%PDF-1.7'], name, { type: 'application/pdf' });
  const files = [pdf('cv.pdf'), pdf(`${'a'.repeat(50)}.pdf`), pdf('1.pdf'), pdf('2.pdf'), pdf('3.pdf')];
  const { notes } = await browser.answer(await browser.send({ text: 'smiling', photos: [photo], files }), 'album');
  const cut = `${'a'.repeat(39)}…`;
  assert.deepEqual(notes, [`I can only use photos. Left out: “cv.pdf”, “${cut}”, “1.pdf”, “2.pdf”, “…”.`]);
  assert.equal(engine.requests[0]?.photos.length, 1);
  const { text } = await browser.answer(await browser.send({ text: 'smiling', files: files.slice(0, 2) }), 'refusal');
  assert.match(text, /^PDF pictures are not supported/);
});

test('one damaged photo of several: it was not said which', async (context) => {
  const log = pino({ level: 'silent' });
  const config = { host: '127.0.0.1', port: 0 };
  const chat = composeChat({ config, engine: createTestEngine(), presets: testPresets, log });
  await chat.start();
  context.after(() => chat.stop());
  const [browser, photo] = [await FakeBrowser.open(chat.address), await plainJpeg()];
  await browser.post('/api/consent');
  const half = photo.slice(0, photo.length >> 1);
  const refusal = async (...photos: Uint8Array[]): Promise<string> =>
    (await browser.answer(await browser.send({ text: 'smiling', photos }), 'refusal')).text;
  assert.match(await refusal(photo, half), /^Photo 2: That picture is damaged/);
  assert.match(await refusal(new Uint8Array(), photo, half), /^Photo 1: I could not read that file/);
  assert.match(await refusal(half), /^That picture is damaged/);
});
