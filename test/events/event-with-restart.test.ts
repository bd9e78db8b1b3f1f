import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import sharp from 'sharp';
import { composeChat } from '../../src/compose/chat.js';
import { createLog } from '../../src/operations/log.js';
import { holdEventOnDiscord } from '../contract/discord-event.js';
import { FakeDiscord } from '../fakes/discord/discord.js';
import { createTestEngine } from '../fakes/engine.js';
import { plainJpeg } from '../fakes/photos.js';
import { testPresets } from '../fakes/presets.js';
import { FakeMember } from '../fakes/telegram/member.js';
import { FakeTelegram } from '../fakes/telegram/server.js';
import { SPEED } from '../fakes/telegram/timing.js';
import type { FakeMessage } from '../fakes/telegram/world.js';
import { temporaryFolder } from '../temporary-folder.js';

const photo = { bytes: await plainJpeg() };

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

test('a whole event on Discord, with a restart in the middle', async (context) => {
  const { discord, restart } = await open(context);
  await holdEventOnDiscord(discord, { photo, style: 'pencil sketch', restart });
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
