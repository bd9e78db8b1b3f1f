import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import sharp from 'sharp';
import { composeChat } from '../../src/compose/chat.js';
import { createLog } from '../../src/operations/log.js';
import { FakeDiscord } from '../fakes/discord/discord.js';
import { type ShownMessage, textOf } from '../fakes/discord/messages.js';
import type { DiscordUser } from '../fakes/discord/user.js';
import { createTestEngine } from '../fakes/engine.js';
import { plainJpeg } from '../fakes/photos.js';
import { testPresets } from '../fakes/presets.js';
import { FakeMember } from '../fakes/telegram/member.js';
import { FakeTelegram } from '../fakes/telegram/server.js';
import { SPEED } from '../fakes/telegram/timing.js';
import type { FakeMessage } from '../fakes/telegram/world.js';
import { temporaryFolder } from '../temporary-folder.js';

const photo = { bytes: await plainJpeg() };
const MANAGE_SERVER = '32';

/** The whole program but the engine on both bots, its data in a folder; it can be started again on that. */
async function open(context: TestContext) {
  const discord = await FakeDiscord.open(Date.now());
  const telegram = await FakeTelegram.start({ speed: SPEED });
  const data = temporaryFolder();
  const begin = async () => {
    const config = {
      host: '127.0.0.1',
      port: 0,
      data,
      discord: { token: discord.token, ...discord.endpoints },
      telegram: telegram.connection,
    };
    const engine = createTestEngine();
    const log = createLog({ level: 'silent', secrets: [] });
    const chat = composeChat({ config, engine, presets: testPresets, log });
    await chat.start();
    return chat;
  };
  let chat = await begin();
  context.after(async () => {
    await chat.stop();
    await Promise.all([discord.close(), telegram.stop()]);
  });
  const restart = async (): Promise<void> => {
    await chat.stop();
    chat = await begin();
  };
  /** Resolves when it is so; each look lets the program and Telegram talk to each other. */
  const until = async (requested: () => boolean): Promise<void> => {
    while (!requested()) await fetch(`${telegram.apiRoot}/anything`);
  };
  return { discord, telegram, restart, until };
}

const asksToAgree = ({ reply_markup: markup }: FakeMessage): boolean =>
  markup?.inline_keyboard.flat().some(({ text }) => text === 'I agree') === true;

const says = (sentence: RegExp) => (message: ShownMessage) => sentence.test(textOf(message));

/** Someone on Discord who enters, agreeing on the way. */
async function enter(user: DiscordUser, name: string): Promise<void> {
  user.slash('event join', { photo, agree: true, name });
  const question = await user.sees(({ buttons }) => buttons.some(({ label }) => label === 'Read and agree'));
  user.submit(await user.form(user.press(question, 'Read and agree')), { message: question });
  await user.sees(says(/It is your entry in the event now/));
}

test('a whole event on Discord, with a restart in the middle', async (context) => {
  const { discord, restart } = await open(context);
  const moderator = discord.user('guild', 'en-US', { permissions: MANAGE_SERVER });
  const [ann, bob, cat] = [discord.user(), discord.user(), discord.user()];
  moderator.slash('event create', { title: 'Sketches', style: 'pencil sketch', hours: 24 });
  await moderator.sees(says(/^Done: “Sketches” is open/));
  const post = await ann.sees(says(/Entries: 0 of 100/));
  assert.equal(discord.world.threads.get(post.id), 'Sketches');
  ann.slash('event end');
  await ann.sees(says(/^Only those who may manage/));
  await enter(ann, 'Ann');
  await enter(bob, 'Bob');

  await restart();
  await enter(cat, 'Cat');
  const again = await ann.sees(says(/Entries: 3 of 100/));
  assert.equal(again.id, post.id, 'the one post is edited in place');
  for (const user of [ann, cat]) {
    user.slash('event vote', { number: 2 });
    await user.sees(says(/^Your vote is for number 2/));
  }
  bob.slash('event vote', { number: 2 });
  await bob.sees(says(/^That is your own entry/));
  moderator.slash('event end');
  await moderator.sees(says(/^“Sketches” is over/));
  const told = await ann.sees(says(/🏆 No\. 2 · Bob, with 2 votes/));
  assert.equal(told.files.length, 1);
  bob.slash('event avatar', { frame: 'gold' });
  const { files } = await bob.sees(says(/^Your avatar/));
  assert.equal(files.length, 1);
  bob.slash('event join', { photo, agree: true });
  await bob.sees(says(/^The event is over/));
});

test('a whole event in a group on Telegram, with a restart in the middle', async (context) => {
  const { telegram, restart, until } = await open(context);
  const group = telegram.world.addChat(-1_001_234_567_890, 'group');
  const [ann, cat] = [new FakeMember(telegram), new FakeMember(telegram)];
  group.admins.add(cat.user.id);
  const seen = (sentence: RegExp) =>
    [...group.messages.values()].find(({ text = '', caption = '' }) => sentence.test(text) || sentence.test(caption));
  const hears = (sentence: RegExp): Promise<void> => until(() => seen(sentence) !== undefined);
  await cat.say('/event create title:Sketches style:pencil sketch entries:5', { chat: group });
  await hears(/Entries: 0 of 5/);
  const post = seen(/Entries: 0 of 5/)?.message_id ?? 0;
  await until(() => group.pinned.includes(post));
  await ann.say('/event join agree:yes name:Аня', { chat: group, photos: [photo.bytes] });
  await until(() => [...group.messages.values()].some(asksToAgree));
  await ann.press('I agree', { chat: group });
  await hears(/Entries: 1 of 5/);
  await restart();
  await cat.say('/event vote number:1', { chat: group });
  await hears(/Entries: 1 of 5 · Votes: 1/);
  assert.match(group.messages.get(post)?.text ?? '', /Votes: 1/, 'the one post is edited in place');
  await cat.say('/event end', { chat: group });
  await hears(/🏆 No\. 1 · Аня, with 1 vote/);
  assert.ok(seen(/🏆 No\. 1/)?.photo, 'the contact sheet');
  await ann.say('/event avatar', { chat: group });
  await hears(/^Your avatar/);
  const picture = (seen(/^Your avatar/)?.photo as { file_id: string }[] | undefined)?.[0];
  const { width, height } = await sharp(telegram.world.files.get(picture?.file_id ?? '')?.bytes).metadata();
  assert.deepEqual([width, height], [512, 512]);
});
