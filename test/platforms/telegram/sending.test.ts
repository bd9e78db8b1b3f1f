import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { inspect } from 'node:util';
import { Keyv } from 'keyv';
import type { AlbumMessage } from '../../../src/chat/reply.js';
import { readyFile } from '../../../src/media/picture-file.js';
import { createTelegramPlatform } from '../../../src/platforms/telegram/platform.js';
import { testBotOptions } from '../../fakes/bot-options.js';
import { ListeningHost, plainAlbum } from '../../fakes/host.js';
import { plainPng } from '../../fakes/photos.js';
import { FakeMember } from '../../fakes/telegram/member.js';
import { FakeTelegram } from '../../fakes/telegram/server.js';
import { openTelegram } from './open.js';

async function open(context: TestContext) {
  const host = new ListeningHost();
  const gone: unknown[] = [];
  const facts = new Keyv<string>();
  const telegram = await openTelegram(host, { facts, onGone: (failure) => void gone.push(failure) });
  context.after(() => telegram.close());
  const ann = new FakeMember(telegram.fake);
  await ann.say('/portrait smiling', { photos: [Uint8Array.of(0xff, 0xd8, 0xff)] });
  const { address } = await host.next();
  return { ...telegram, host, facts, gone, ann, address, reply: telegram.platform.reply(address) };
}

const withPreviews = (preview: Uint8Array): AlbumMessage => {
  const album = plainAlbum('job-1');
  return { ...album, pictures: album.pictures.map((picture) => ({ ...picture, preview })) };
};

test('too many messages: the bot waits as long as Telegram says, and every message arrives in order', async (context) => {
  const { reply, ann, waits } = await open(context);
  await Promise.all(['one', 'two', 'three', 'four'].map((text) => reply.say(text)));
  assert.deepEqual(
    ann.seen().map(({ text }) => text),
    ['one', 'two', 'three', 'four'],
  );
  assert.ok(waits.length >= 3);
  assert.ok(waits.every((milliseconds) => milliseconds >= 1000));
});

test('twenty messages a minute to a group, and no more', async (context) => {
  const { fake, host, ann, platform } = await open(context);
  const group = fake.world.addChat(-1004503599627003, 'group');
  await ann.say('/help', { chat: group });
  const reply = platform.reply((await host.next()).address);
  const begun = fake.world.now;
  for (let count = 0; count < 25; count++) await reply.say(`message ${count}`);
  assert.equal(ann.seen(group).length, 25);
  assert.ok(fake.world.now - begun >= 60_000);
});

test('a member who blocked the bot is no error; the next answer simply reaches nobody', async (context) => {
  const { reply, ann, gone } = await open(context);
  ann.chat.blocked = true;
  await reply.acknowledge();
  await reply.say('Hello?');
  await reply.status({ jobId: 'job-1', text: 'Painting.', cancellable: true });
  await reply.album(plainAlbum('job-1'));
  await reply.conclude('job-1', 'Cancelled.');
  assert.ok(gone.length >= 4);
});

test('a group that became a supergroup is followed', async (context) => {
  const { fake, host, ann, platform } = await open(context);
  const group = fake.world.addChat(-2001, 'group');
  await ann.say('/help', { chat: group });
  const reply = platform.reply((await host.next()).address);
  const moved = fake.world.addChat(-1004503599627004, 'group');
  group.movedTo = moved.id;
  await reply.say('Here I am.');
  await reply.album(plainAlbum('job-1'));
  assert.deepEqual(ann.seen(moved)[0]?.text, 'Here I am.');
  assert.equal(ann.lastAlbum(moved)?.messages.length, 4);
});

test('a caption is cut by characters, between two of them', async (context) => {
  const { reply, ann } = await open(context);
  const family = '👩‍👩‍👧';
  const album = plainAlbum('job-1');
  await reply.album({ ...album, caption: family.repeat(300) });
  const caption = ann.lastAlbum()?.caption ?? '';
  assert.ok(caption.length <= 1024 && caption.length > 1000, String(caption.length));
  assert.match(caption, new RegExp(`^(${family})+…$`, 'u'));
});

test('photos heavier than Telegram takes come smaller; those with sides it refuses come as files, whole', async (context) => {
  const { reply, ann } = await open(context);
  const file = readyFile(await plainPng(600, 400));
  const heavy = withPreviews(new Uint8Array(11 * 1024 * 1024));
  await reply.album({ ...heavy, pictures: heavy.pictures.map((picture) => ({ ...picture, file })) });
  const shown = ann.lastAlbum()?.messages ?? [];
  assert.deepEqual([shown.length, shown.every(({ photo }) => photo !== undefined)], [4, true]);
  await reply.album({ ...withPreviews(await plainPng(9000, 1200)), jobId: 'job-2' });
  assert.ok(ann.lastAlbum()?.messages.every(({ document }) => document !== undefined));
});

test('an album whose end is unknown is never sent twice: Resend is offered, once', async (context) => {
  const { fake, reply, platform, facts, ann, address } = await open(context);
  fake.cutOff('sendMediaGroup', 'after');
  await reply.album(plainAlbum('job-1'));
  await platform.stop();
  const host = new ListeningHost();
  const restarted = await openTelegram(host, { facts }, fake);
  context.after(() => restarted.platform.stop());
  await restarted.platform.reply(address).album(plainAlbum('job-1'));
  const pictures = ann.seen().filter((message) => message.photo !== undefined);
  assert.equal(pictures.length, 4);
  assert.equal(ann.seen().filter(({ text }) => text?.startsWith('I was interrupted')).length, 1);
  await ann.press('Resend');
  assert.deepEqual((await host.next()).options, { prompt: 'smiling', seed: '7' });
});

test('a program that ended between sending and recording offers Resend after its restart', async (context) => {
  const { fake, platform, facts, ann, address } = await open(context);
  // The process dies while Telegram works: whatever happens after the call is never recorded.
  const dying = { get: facts.get.bind(facts), set: facts.set.bind(facts), delete: facts.delete.bind(facts) };
  facts.on('error', () => undefined);
  const record = dying.set;
  facts.set = async (key: string, value: unknown, ttl?: number) =>
    value === 'sent' || key.startsWith('telegram:sent:')
      ? Promise.reject(new Error('killed'))
      : record(key, value, ttl);
  await assert.rejects(platform.reply(address).album(plainAlbum('job-1')), /killed/);
  facts.set = record;
  await platform.stop();
  const restarted = await openTelegram(new ListeningHost(), { facts }, fake);
  context.after(() => restarted.platform.stop());
  await restarted.platform.reply(address).album(plainAlbum('job-1'));
  assert.equal(ann.seen().filter((message) => message.photo !== undefined).length, 4);
  assert.match(ann.seen().at(-1)?.text ?? '', /^I was interrupted/);
});

test('an edit that changes nothing, or comes too late, harms nothing', async (context) => {
  const { reply, ann } = await open(context);
  const view = { jobId: 'job-1', text: 'Painting.', progress: 0.5, cancellable: true };
  await reply.status(view);
  await reply.status(view);
  assert.equal(ann.seen().length, 1);
  ann.chat.messages.clear();
  await reply.status({ ...view, progress: 0.6 });
  assert.match(ann.seen()[0]?.text ?? '', /^Painting\.\n▰▰▰▰▰▰▱▱▱▱ 60 %$/);
});

test('a status that many changes overtook is edited with the newest only', async (context) => {
  const { reply, ann, fake } = await open(context);
  const progress = Array.from({ length: 50 }, (_, index) => index / 50);
  await Promise.all(
    progress.map((share) => reply.status({ jobId: 'job-1', text: 'P', progress: share, cancellable: true })),
  );
  assert.match(ann.seen()[0]?.text ?? '', /98 %$/);
  assert.ok(fake.calls.filter((method) => method === 'editMessageText').length <= 2);
});

for (const [what, code, address] of [
  ['a token Telegram does not know', 'chat-token-refused', undefined],
  ['an address nobody answers at', 'chat-unreachable', 'http://127.0.0.1:9'],
] as const) {
  test(`${what} is said in a sentence that does not hold the token`, async (context) => {
    const fake = await FakeTelegram.start();
    context.after(() => fake.stop());
    const token = '123456:AAanother-Secret_token';
    const platform = createTelegramPlatform({
      ...testBotOptions(),
      token,
      apiRoot: address ?? fake.apiRoot,
      wait: async () => undefined,
    });
    const error = await platform.start(new ListeningHost()).then(
      () => assert.fail('it started'),
      (failure: unknown) => failure,
    );
    assert.match(inspect(error, { depth: 9 }), new RegExp(code));
    assert.doesNotMatch(inspect(error, { depth: 9 }), /AAanother/);
    await platform.stop();
  });
}
