import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { drawAvatar } from '../../../src/media/avatar.js';
import { readyFile } from '../../../src/media/picture-file.js';
import { connectBot } from '../../fakes/discord/bot.js';
import type { ShownMessage } from '../../fakes/discord/messages.js';
import { plainAlbum } from '../../fakes/host.js';
import { plainPng } from '../../fakes/photos.js';

const UPLOAD = { bytes: Uint8Array.of(1, 2, 3) };
const JOB = 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6';

/** Somebody with an album of three, of which they chose the second picture. */
async function chosen(context: TestContext) {
  const bot = await connectBot(context);
  const [ann, bob] = [bot.discord.user(), bot.discord.user()];
  ann.slash('portrait', { photo: UPLOAD, prompt: 'smiling' });
  const album = plainAlbum(JOB, 3);
  const file = await plainPng(64, 64);
  const pictures = album.pictures.map((picture) => ({ ...picture, file: readyFile(Uint8Array.from(file)) }));
  await bot.platform.reply((await bot.host.next()).address).album({ ...album, pictures });
  const has = (label: string) => (message: ShownMessage) => message.buttons.some((button) => button.label === label);
  const choose = async (number: number) => {
    const message = await ann.lastAlbum();
    const [menu] = message.menus;
    ann.choose(message, menu?.values.find((value) => value.startsWith(`${number}.`)) ?? '');
    return ann.sees(has(`Delete ${number}`));
  };
  return { ...bot, ann, bob, choose, message: await choose(2) };
}

const names = ({ files }: ShownMessage): string[] => files.map(({ filename }) => filename);

test('one picture of an album is published, sent as a file and as an avatar', async (context) => {
  const { discord, ann, bob, message } = await chosen(context);
  ann.press(message, 'Publish 2');
  assert.deepEqual(names(await bob.lastAlbum()), ['portrait-7-2.jpg']);
  ann.press(message, '2 as file');
  await discord.until(() => ann.visible().find((shown) => names(shown).join() === 'portrait-7-2.png'));
  ann.press(message, '2 as avatar');
  const sent = await discord.until(() =>
    ann.visible().find((shown) => names(shown).join() === 'portrait-7-2-avatar.png'),
  );
  assert.equal(sent.onlyFor, ann.id);
  assert.equal(sent.files[0]?.size ?? 0, (await drawAvatar(await plainPng(64, 64))).length);
});

test('one picture of an album is deleted, the others stay and can be chosen', async (context) => {
  const { discord, ann, message, choose } = await chosen(context);
  ann.press(message, 'Delete 2');
  const rest = await discord.until(() => ann.visible().find((shown) => shown.files.length === 2));
  assert.deepEqual(names(rest), ['portrait-7-1.jpg', 'portrait-7-3.jpg']);
  assert.equal(rest.menus[0]?.values.length, 2);
  assert.ok(!rest.buttons.some(({ label }) => label === 'Delete 2'));
  ann.press(await choose(1), 'Delete 1');
  await discord.until(() => ann.visible().find((shown) => shown.files.length === 1));
  ann.press(await choose(3), 'Delete 3');
  await discord.until(() => (ann.visible().every(({ files }) => files.length === 0) ? true : undefined));
});

test('nobody else chooses a picture of an album that everyone sees', async (context) => {
  const { host, platform, ann, bob } = await chosen(context);
  ann.slash('portrait', { photo: UPLOAD, prompt: 'smiling', public: true });
  await platform.reply((await host.next()).address).album(plainAlbum('a2'));
  const shown = await bob.lastAlbum();
  bob.choose(shown, shown.menus[0]?.values[0] ?? '');
  await bob.sees(({ content }) => /Only the person who asked/.test(content));
});
