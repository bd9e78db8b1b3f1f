import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { pino } from 'pino';
import sharp from 'sharp';
import { composeChat } from '../../../src/compose/chat.js';
import { FakeDiscord } from '../../fakes/discord/discord.js';
import { type ShownMessage, textOf } from '../../fakes/discord/messages.js';
import { createTestEngine } from '../../fakes/engine.js';
import { plainJpeg } from '../../fakes/photos.js';
import { testPresets } from '../../fakes/presets.js';

const photo = { bytes: await plainJpeg() };

/** The whole program but the engine, with the web chat and Discord, and someone who has agreed. */
async function open(context: TestContext) {
  const discord = await FakeDiscord.open(Date.now());
  const engine = createTestEngine();
  const chat = composeChat({
    config: { host: '127.0.0.1', port: 0, discord: { token: discord.token, ...discord.endpoints } },
    engine,
    presets: testPresets,
    log: pino({ level: 'silent' }),
  });
  await chat.start();
  context.after(async () => {
    engine.release();
    await chat.stop();
    await discord.close();
  });
  const ann = discord.user();
  ann.slash('portrait', { photo, prompt: 'sad', count: 1 });
  const question = await ann.sees(({ buttons }) => buttons.some(({ label }) => label === 'Read and agree'));
  ann.submit(await ann.form(ann.press(question, 'Read and agree')), { message: question });
  await ann.lastAlbum();
  return { discord, engine, chat, ann };
}

test('consent, then a photo and a few words come back as one album in place of the status', async (context) => {
  const { discord, engine, ann } = await open(context);
  const before = ann.visible().length;
  ann.slash('portrait', { photo, photo2: photo, prompt: 'smiling', style: 'neon', count: 3, seed: 5 });
  const album = await ann.sees(({ files }) => files.length === 3);
  assert.equal(ann.visible().length, before + 1);
  assert.match(album.content, /^smiling, neon · Your 3 portraits · AI-generated\n/);
  assert.deepEqual(
    album.buttons.map(({ label }) => label),
    ['More', 'Change', 'Publish', 'As files', 'Delete'],
  );
  const request = engine.requests.at(-1);
  assert.deepEqual([request?.prompt, request?.photos.length, request?.seed], ['smiling, neon', 2, 5]);
  const [first] = album.files;
  assert.ok(first);
  assert.equal(first.description, 'Portrait 1: smiling, neon');
  assert.equal((await sharp(discord.cdn.bytes(first)).metadata()).format, 'jpeg');
  assert.equal(discord.rest.invalidAnswers, 0);
});

test('Cancel stops the one album of the one who presses', async (context) => {
  const { engine, ann } = await open(context);
  engine.hold();
  ann.slash('portrait', { photo, prompt: 'smiling' });
  await engine.halfWay();
  ann.press(await ann.sees(({ buttons }) => buttons.some(({ label }) => label === 'Cancel')), 'Cancel');
  const end = await ann.sees((message) => textOf(message) === 'Cancelled. Your photo is wiped here.');
  assert.deepEqual(end.buttons, []);
});

test('mistakes are answered in one sentence each, and never with the words of an exception', async (context) => {
  const { engine, ann } = await open(context);
  const refused = (sentence: RegExp): Promise<ShownMessage> => ann.sees((message) => sentence.test(textOf(message)));
  ann.slash('portrait', { photo: { bytes: Buffer.from('hello there') }, prompt: 'smiling' });
  await refused(/^I could not read that file as a picture/);
  ann.slash('portrait', { photo });
  await refused(/^What shall I make of this\?/);
  ann.menu('Make portraits', ann.post('smiling'));
  await refused(/^I need a photo to work from/);
  engine.failNext(new TypeError('secret.txt is not iterable'));
  ann.slash('portrait', { photo, prompt: 'smiling' });
  const end = await refused(/^Something went wrong/);
  assert.doesNotMatch(textOf(end), /secret/);
});

test('forget deletes what can still be seen and answers all the same', async (context) => {
  const { ann } = await open(context);
  ann.slash('privacy', { forget: true });
  const label = 'Delete everything';
  ann.press(await ann.sees(({ buttons }) => buttons.some((button) => button.label === label)), label);
  await ann.sees((message) => textOf(message).startsWith('Done: your requests are cancelled'));
  assert.equal(ann.visible().length, 1);
});

test('files forbidden in a channel: the album comes as a direct message, and where those are closed none is made', async (context) => {
  const { discord, engine, ann } = await open(context);
  discord.channel.mayAttach = false;
  const made = engine.requests.length;
  ann.slash('portrait', { photo, prompt: 'smiling', count: 1 });
  await ann.sees(({ channel, files }) => channel !== discord.channel.id && files.length > 0);
  assert.ok(ann.visible().some(({ content }) => /where you asked, so what I make for you comes here/.test(content)));
  discord.world.closed.add(ann.id);
  ann.slash('portrait', { photo, prompt: 'smiling', count: 1 });
  await ann.sees((message) => /I may not send photos in that chat/.test(textOf(message)));
  assert.equal(engine.requests.length, made + 1);
});

test('files beside a photo, in a message or in the options of a command: the album names them as they are written', async (context) => {
  const { engine, ann } = await open(context);
  const cv = { bytes: Buffer.from('%PDF-1.7'), filename: 'my *cv*.pdf', type: 'application/pdf' };
  ann.menu('Make portraits', ann.post('sad', [photo, cv]));
  await ann.sees(({ content }) => content.includes('I can only use photos. Left out: “my \\*cv\\*.pdf”.'));
  ann.slash('portrait', { photo: { ...cv, filename: '\u202e.pdf' }, photo2: photo, prompt: 'smiling', count: 1 });
  await ann.sees(({ content }) => content.includes('Left out: “.pdf”.'));
  assert.equal(engine.requests.at(-1)?.photos.length, 1);
});

test('files of which nothing can be made: it was asked what to make of them, and refused once that was chosen', async (context) => {
  const { ann } = await open(context);
  const notes = { name: 'notes.txt', bytes: Buffer.from('remember the milk'), type: 'text/plain' };
  ann.menu('Make portraits', ann.post('', [notes]));
  await ann.sees((message) => textOf(message).includes('I could not read that file as a picture'));
  ann.menu(
    'Make portraits',
    ann.post(
      '',
      Array.from({ length: 5 }, () => photo),
    ),
  );
  await ann.sees((message) => textOf(message).includes('That is 5 photos'));
});
