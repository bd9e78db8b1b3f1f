import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test, type TestContext } from 'node:test';
import { pino } from 'pino';
import { composeChat } from '../../../src/compose/chat.js';
import { createTestEngine } from '../../fakes/engine.js';
import { plainJpeg } from '../../fakes/photos.js';
import { testPresets } from '../../fakes/presets.js';
import { FakeMember } from '../../fakes/telegram/member.js';
import { FakeTelegram } from '../../fakes/telegram/server.js';
import { SPEED } from '../../fakes/telegram/timing.js';

const photo = await plainJpeg();

/** The whole program but the engine, at the pace Telegram asks for. */
async function open(context: TestContext) {
  const fake = await FakeTelegram.start({ speed: SPEED });
  const engine = createTestEngine();
  const lines: string[] = [];
  const write = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const chat = composeChat({
    config: { host: '127.0.0.1', port: 0, telegram: fake.connection },
    engine,
    presets: testPresets,
    log: pino({ level: 'trace' }, write),
  });
  await chat.start();
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= chat.stop());
  context.after(async () => {
    engine.release();
    await stop();
    await fake.stop();
  });
  /** Resolves when it is so; each look lets the program and Telegram talk to each other. */
  const until = async (requested: () => boolean): Promise<void> => {
    while (!requested()) await fetch(`${fake.apiRoot}/anything`);
  };
  return { fake, engine, stop, lines, until, ann: new FakeMember(fake) };
}

test('a photo with a caption: consent is asked for once, and an album comes in place of the status', async (context) => {
  const { engine, lines, until, ann, fake } = await open(context);
  await ann.say('smiling style:neon count:3 seed:5', { photos: [photo] });
  await until(() => ann.seen().length === 1);
  assert.match(ann.seen()[0]?.text ?? '', /^Before the first album/);
  await ann.press('I agree');
  await until(() => ann.seen().at(-1)?.text?.startsWith('/portrait') ?? false);
  const album = ann.lastAlbum();
  assert.match(album?.caption ?? '', /^smiling, neon · Your 3 portraits · AI-generated/);
  assert.equal(album?.messages.length, 3);
  assert.deepEqual([engine.requests.length, engine.requests[0]?.prompt], [1, 'smiling, neon']);
  assert.equal(ann.seen().length, 1 + 3 + 1, 'what was agreed to, the album, its buttons');
  await ann.press('More');
  await until(() => engine.requests.length === 2);
  assert.notEqual(engine.requests[1]?.seed, 5);
  assert.doesNotMatch(lines.join(''), new RegExp(fake.token.split(':')[1] ?? ''));
});

test('Cancel stops a running album, pressed by its owner only', async (context) => {
  const { engine, until, ann, fake } = await open(context);
  engine.hold();
  await ann.say('smiling', { photos: [photo] });
  await until(() => ann.seen().length === 1);
  await ann.press('I agree');
  await engine.halfWay();
  await until(() => ann.seen().length === 2);
  const bob = new FakeMember(fake);
  assert.match((await bob.press('Cancel', { chat: ann.chat })) ?? '', /^Only the person/);
  await ann.press('Cancel');
  await until(() => ann.seen().at(-1)?.text?.startsWith('Cancelled') ?? false);
  assert.equal(ann.lastAlbum(), undefined);
});

test('stopping delivers what is being made', async (context) => {
  const { engine, stop, until, ann } = await open(context);
  engine.hold();
  await ann.say('smiling count:1', { photos: [photo] });
  await until(() => ann.seen().length === 1);
  await ann.press('I agree');
  await engine.halfWay();
  const stopped = stop();
  engine.release();
  await stopped;
  assert.equal(ann.lastAlbum()?.messages.length, 1);
});

test('a video beside the photos of an album: made of the photos, and the video is named, also where it was asked what to make', async (context) => {
  const { engine, until, ann } = await open(context);
  await ann.say('smiling count:1', { photos: [photo] });
  await until(() => ann.seen().length === 1);
  await ann.press('I agree');
  await until(() => ann.seen().at(-1)?.text?.startsWith('/portrait') ?? false);
  const both = { photos: [photo, Uint8Array.of(0)], files: [undefined, 'my trip.mp4'] };
  await ann.say('smiling', both);
  const named = () =>
    ann.seen().filter(({ text }) => text?.includes('I can only use photos. Left out: “my trip.mp4”.'));
  await until(() => named().length === 1);
  assert.equal(engine.requests.at(-1)?.photos.length, 1);
  await ann.say('', both);
  await until(() => ann.seen().at(-1)?.text?.startsWith('What shall I make of this?') ?? false);
  await ann.say('sad count:1');
  await until(() => named().length === 2);
});
