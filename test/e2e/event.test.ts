import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { loadManifest } from '../../pipeline/bundle.js';
import { createEngine } from '../../pipeline/engine/supervisor.js';
import { composeChat } from '../../src/compose/chat.js';
import { presetsOfBundle } from '../../src/compose/model.js';
import { openStorage } from '../../src/compose/storage.js';
import { packageRoot } from '../../src/config.js';
import { createLog } from '../../src/operations/log.js';
import { holdEventOnDiscord, says } from '../contract/discord-event.js';
import { FakeDiscord } from '../fakes/discord/discord.js';
import { eventsOn } from '../fakes/events.js';
import { facePhoto } from '../fakes/photos.js';
import { FakeMember, keysOf } from '../fakes/telegram/member.js';
import { FakeTelegram } from '../fakes/telegram/server.js';
import { SPEED } from '../fakes/telegram/timing.js';
import type { FakeMessage } from '../fakes/telegram/world.js';
import { temporaryFolder } from '../temporary-folder.js';
import type { Bots } from './served.js';

const photo = { bytes: facePhoto() };
const bundle = join(packageRoot, 'models', 'tiny');
/** One process of the embedded model, restarts included. */
const engine = createEngine({ bundle, threads: 2, limits: { memoryBytes: 2 ** 31, requestMs: 3_600_000 } });
const presets = presetsOfBundle(await loadManifest(bundle));
const DAY = 24 * 60 * 60_000;

/** The whole program on the bots given, its data in a folder; it can be started again on that, also a day later. */
async function open(context: TestContext, bots: Bots) {
  const data = temporaryFolder();
  const begin = async () => {
    const config = { host: '127.0.0.1', port: 0, data, bundle, ...bots };
    const log = createLog({ level: 'silent', secrets: [] });
    const chat = composeChat({ config, engine, presets, log });
    await chat.start();
    return chat;
  };
  let chat = await begin();
  context.after(() => chat.stop());
  const restart = async (): Promise<void> => {
    await chat.stop();
    chat = await begin();
  };
  /** What falls due more than a day from now is done while nothing runs; then the program starts again. */
  const dayLater = async (): Promise<void> => {
    await chat.stop();
    const storage = openStorage({ data });
    const { facts, portraits, store: jobs } = storage;
    await eventsOn(facts, { portraits, jobs, now: () => Date.now() + DAY + 60_000 }).sweep();
    await storage.close();
    chat = await begin();
  };
  return { restart, dayLater };
}

after(() => engine.close());

test('a whole event on Discord with the embedded model, with a restart in the middle', async (context) => {
  const discord = await FakeDiscord.open(Date.now());
  const { restart, dayLater } = await open(context, { discord: { token: discord.token, ...discord.endpoints } });
  context.after(() => discord.close());
  const { ann } = await holdEventOnDiscord(discord, { photo, style: 'watercolour', restart });
  await dayLater();
  ann.slash('event sheet');
  await ann.sees(says(/^There is no event here/));
});

/** A group on Telegram with the bot in it, and what is read there. */
function openGroup(telegram: FakeTelegram) {
  const group = telegram.world.addChat(-1_001_234_567_890, 'group');
  const find = (sentence: RegExp): FakeMessage | undefined =>
    [...group.messages.values()].findLast(
      ({ from, text, caption }) => from.is_bot && sentence.test(text ?? caption ?? ''),
    );
  const hears = (sentence: RegExp): Promise<FakeMessage> => telegram.until(() => find(sentence));
  /** Someone who enters, agreeing on the way. */
  const enter = async (member: FakeMember, name: string): Promise<void> => {
    const { messages } = await member.say(`/event join agree:yes name:${name}`, { chat: group, photos: [photo.bytes] });
    const question = await telegram.until(() => member.seen(group).find(isConsentFor(messages[0])));
    await member.press('I agree', { chat: group, on: question });
    await telegram.until(() => member.seen(group).find(isEntryOf(messages[0])));
  };
  return { group, hears, enter };
}

const answers = (message: FakeMessage, asked: FakeMessage | undefined): boolean =>
  message.reply_to_message !== undefined && message.reply_to_message.message_id === asked?.message_id;
const isConsentFor = (asked: FakeMessage | undefined) => (message: FakeMessage) =>
  answers(message, asked) && keysOf(message).some(({ text }) => text === 'I agree');
const isEntryOf = (asked: FakeMessage | undefined) => (message: FakeMessage) =>
  answers(message, asked) && /It is your entry in the event now/.test(message.text ?? '');

test('a whole event on Telegram with the embedded model, with a restart in the middle', async (context) => {
  const telegram = await FakeTelegram.start({ speed: SPEED });
  const { restart, dayLater } = await open(context, { telegram: telegram.connection });
  context.after(() => telegram.stop());
  const { group, hears, enter } = openGroup(telegram);
  const [moderator, ann, bob, cat] = [0, 1, 2, 3].map(() => new FakeMember(telegram));
  assert.ok(moderator && ann && bob && cat);
  group.admins.add(moderator.user.id);
  const write = (member: FakeMember, text: string) => member.say(text, { chat: group });
  await write(moderator, '/event create title:Sketches style:watercolour hours:24');
  const post = await hears(/Entries: 0 of 100/);
  await telegram.until(() => group.pinned.includes(post.message_id) || undefined);
  await write(ann, '/event end');
  await hears(/Only those who may manage/);
  await enter(ann, 'Ann');
  await enter(bob, 'Bob');

  await restart();
  await enter(cat, 'Cat');
  const again = await hears(/Entries: 3 of 100/);
  assert.equal(again.message_id, post.message_id, 'the one post is edited in place');
  assert.equal(new Set(telegram.fetched).size, 3, 'the photo of each of them is fetched');
  for (const member of [ann, cat]) await write(member, '/event vote number:2');
  await hears(/Votes: 2/);
  await write(bob, '/event vote number:2');
  await hears(/That is your own entry/);
  await write(moderator, '/event end');
  const told = await hears(/🏆 No\. 2 · Bob, with 2 votes/);
  assert.ok(told.photo, 'the contact sheet');
  await write(bob, '/event avatar frame:gold');
  assert.ok((await hears(/^Your avatar/)).photo);
  await bob.say('/event join agree:yes', { chat: group, photos: [photo.bytes] });
  await hears(/The event is over/);
  await dayLater();
  await write(ann, '/event sheet');
  await hears(/There is no event here/);
});
