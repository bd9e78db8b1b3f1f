import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { test, type TestContext } from 'node:test';
import { composeChat } from '../../src/compose/chat.js';
import { createLog } from '../../src/operations/log.js';
import { FakeDiscord } from '../fakes/discord/discord.js';
import { textOf } from '../fakes/discord/messages.js';
import type { DiscordUser } from '../fakes/discord/user.js';
import { createTestEngine } from '../fakes/engine.js';
import { plainJpeg } from '../fakes/photos.js';
import { testPresets } from '../fakes/presets.js';
import { FakeMember } from '../fakes/telegram/member.js';
import { FakeTelegram } from '../fakes/telegram/server.js';
import { SPEED } from '../fakes/telegram/timing.js';
import { temporaryFolder } from '../temporary-folder.js';

const photo = { bytes: await plainJpeg() };
const MANAGE_SERVER = '32';

/** The whole program but the engine on both bots, its log kept, its data in a folder. */
async function open(context: TestContext) {
  const discord = await FakeDiscord.open(Date.now());
  const telegram = await FakeTelegram.start({ speed: SPEED });
  const engine = createTestEngine();
  const data = temporaryFolder();
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const chat = composeChat({
    config: {
      host: '127.0.0.1',
      port: 0,
      data,
      discord: { token: discord.token, ...discord.endpoints },
      telegram: telegram.connection,
    },
    engine,
    presets: testPresets,
    log: createLog({ level: 'trace', secrets: [discord.token, telegram.token], destination }),
  });
  await chat.start();
  let running = true;
  const stop = async (): Promise<void> => {
    if (!running) return;
    running = false;
    engine.release();
    await chat.stop();
    await Promise.all([discord.close(), telegram.stop()]);
  };
  context.after(stop);
  const audit = (): string => {
    const folder = join(data, 'audit');
    return readdirSync(folder)
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .join('');
  };
  /** Resolves when it is so; each look lets the program and Telegram talk to each other. */
  const until = async (requested: () => boolean): Promise<void> => {
    while (!requested()) await fetch(`${telegram.apiRoot}/anything`);
  };
  return { discord, telegram, engine, lines, audit, until, stop };
}

/** Someone on Discord who has agreed and got an album. */
async function settle(user: DiscordUser): Promise<void> {
  user.slash('portrait', { photo, prompt: 'sad unicorn', count: 1 });
  const question = await user.sees(({ buttons }) => buttons.some(({ label }) => label === 'Read and agree'));
  user.submit(await user.form(user.press(question, 'Read and agree')), { message: question });
  await user.lastAlbum();
}

const refused = (user: DiscordUser, sentence: RegExp) => user.sees((message) => sentence.test(textOf(message)));

test('neither the log nor the record holds a token, a link, a word or an id of a whole conversation', async (context) => {
  const { discord, telegram, engine, lines, audit, until, stop } = await open(context);
  const ann = discord.user('guild', 'en-US', { permissions: MANAGE_SERVER });
  await settle(ann);
  ann.slash('settings', { 'blocked-words': 'zeppelin' });
  await refused(ann, /^Done\./);
  ann.slash('portrait', { photo, prompt: 'a zeppelin over unicorn land' });
  await refused(ann, /does not allow “zeppelin”/);
  ann.slash('portrait', { photo: { bytes: Buffer.from('hello') }, prompt: 'unicorn' });
  await refused(ann, /^I could not read/);
  engine.failNext(
    new Error(`cannot fetch https://cdn.discordapp.com/attachments/1/2/unicorn.jpg?ex=1 with ${discord.token}`),
  );
  ann.slash('portrait', { photo, prompt: 'unicorn' });
  await refused(ann, /^Something went wrong/);

  const bob = new FakeMember(telegram);
  await bob.say('unicorn', { photos: [photo.bytes] });
  await until(() => bob.seen().some(({ reply_markup: markup }) => markup !== undefined));
  await bob.press('I agree');
  await until(() => bob.lastAlbum() !== undefined);
  engine.failNext(new Error(`${telegram.apiRoot}/file/bot${telegram.token}/photos/file_1.jpg is unicorn`));
  await bob.say('unicorn', { photos: [photo.bytes] });
  await until(() => bob.seen().some(({ text }) => text?.includes('Something went wrong')));
  await stop();

  const record = audit();
  for (const kept of [lines.join(''), record]) {
    assert.ok(kept.length > 0);
    for (const secret of [discord.token, telegram.token, telegram.token.split(':')[1] ?? '']) {
      assert.ok(!kept.includes(secret));
    }
    assert.doesNotMatch(kept, /https?:\/\/[^"\s]*(?:attachments|file)/);
    for (const id of [ann.id, String(bob.user.id), discord.guild]) assert.ok(!kept.includes(`"${id}"`));
  }
  assert.doesNotMatch(record, /unicorn/);
  assert.match(record, /"command":"portrait","outcome":"refused","reason":"word-blocked","word":"zeppelin"/);
  assert.match(record, /"event":"album"[^\n]*"outcome":"done"/);
  assert.equal(record.split('\n').filter((line) => line.includes('"outcome":"failed"')).length, 2);
});

test('a server that removes the bot leaves no settings, no waiting job and no photo behind', async (context) => {
  const { discord, engine, audit, until, stop } = await open(context);
  const ann = discord.user('guild', 'en-US', { permissions: MANAGE_SERVER });
  await settle(ann);
  ann.slash('settings', { 'largest-count': 2 });
  await refused(ann, /\nlargest-count: 2\n/);
  ann.slash('portrait', { photo, prompt: 'smiling', count: 3 });
  await refused(ann, /^This server allows at most 2 portraits/);
  engine.hold();
  ann.slash('portrait', { photo, prompt: 'smiling', count: 2 });
  await engine.halfWay();
  discord.removeBot();
  await until(() => audit().includes('"outcome":"cancelled"'));
  const cyd = discord.user('direct');
  cyd.slash('queue');
  await refused(cyd, /^Nobody is waiting/);
  await stop();
});
