import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AlbumMessage } from '../../../src/chat/reply.js';
import { connectBot } from '../../fakes/discord/bot.js';
import { textOf } from '../../fakes/discord/messages.js';
import { plainAlbum } from '../../fakes/host.js';

/*
 * What other bots do wrong, and this one does not. Told of elsewhere: addresses given by users and links that lead astray
 * (`chat.test.ts`), commands that never change (`language.test.ts`), errors swallowed (`answers.test.ts`), exceptions in the
 * channel (`program.test.ts`), a line lost at a restart (`test/crash/`).
 */

const UPLOAD = { bytes: Uint8Array.of(1, 2, 3) };
const ALBUM = plainAlbum('f81d4fae-7dec-11d0-a765-00a0c91e6bf6', 2);

/** Whether no character was cut in two. */
const isWhole = (text: string): boolean => Buffer.from(text).toString() === text;

test('an id is never a number: it keeps all of its digits', async (context) => {
  const { discord, host } = await connectBot(context);
  const ann = discord.user();
  assert.notEqual(String(Number(ann.id)), ann.id);
  ann.slash('portrait', { photo: UPLOAD, prompt: 'smiling' });
  const { key, member, place, address } = await host.next();
  assert.deepEqual([member.id, address['user']], [ann.id, ann.id]);
  assert.deepEqual([place.id, address['channel']], [discord.channel.id, discord.channel.id]);
  assert.equal(typeof key, 'string');
});

test('Cancel is for whoever asked: no one else can, and they need not be an admin', async (context) => {
  const { discord, platform, host } = await connectBot(context);
  const [ann, admin] = [discord.user(), discord.user('guild', 'en-US', { permissions: String(2n ** 50n - 1n) })];
  ann.slash('portrait', { photo: UPLOAD, prompt: 'smiling', public: true });
  const { address, member } = await host.next();
  await platform.reply(address).status({ jobId: ALBUM.jobId, text: 'Painting.', cancellable: true });
  const status = await admin.sees((message) => textOf(message) === 'Painting.');
  admin.press(status, 'Cancel');
  await admin.sees(({ content }) => /Only the person who asked/.test(content));
  assert.deepEqual(host.cancelled, []);
  const pressed = ann.press(status, 'Cancel');
  await discord.until(() => (pressed.acknowledged ? true : undefined));
  // Stopping waits for what is under way.
  await platform.stop();
  assert.deepEqual(host.cancelled, [{ jobId: ALBUM.jobId, member }]);
});

test('no button of an album can be pressed by somebody else, but the one that is for them', async (context) => {
  const { discord, platform, host } = await connectBot(context);
  const [ann, bob] = [discord.user(), discord.user()];
  ann.slash('portrait', { photo: UPLOAD, prompt: 'smiling', public: true });
  await platform.reply((await host.next()).address).album(ALBUM);
  const album = await bob.lastAlbum();
  const owned = album.buttons.filter(({ label }) => label !== 'Report');
  assert.equal(owned.length, album.buttons.length - 1);
  for (const { label } of owned) {
    const before = bob.visible().length;
    bob.press(album, label);
    await discord.until(() => (bob.visible().length > before ? true : undefined));
    assert.match(bob.visible().at(-1)?.content ?? '', /Only the person who asked/, label);
  }
  assert.ok(bob.visible().some(({ id, files }) => id === album.id && files.length === 2));
  assert.equal(host.unread, 0);
});

test('long words are cut between characters, never within one', async (context) => {
  const { discord, platform, host } = await connectBot(context);
  const ann = discord.user();
  const family = '👩‍👩‍👧‍👦';
  const said = async (answer: 'say' | 'refuse'): Promise<string> => {
    ann.slash('help');
    await platform.reply((await host.next()).address)[answer](family.repeat(1000));
    return textOf(await ann.sees((message) => !message.thinking && textOf(message).includes(family)));
  };
  for (const text of [await said('say'), await said('refuse')]) {
    assert.equal(text.replaceAll(family, ''), '…');
    assert.ok(isWhole(text));
  }
  const wordy: AlbumMessage = { ...ALBUM, notes: [family.repeat(400)], options: { prompt: 'x'.repeat(300), seed: 7 } };
  ann.slash('portrait', { photo: UPLOAD, prompt: 'smiling' });
  await platform.reply((await host.next()).address).album(wordy);
  const { content } = await ann.lastAlbum();
  assert.ok(content.length <= 2000 && isWhole(content));
  assert.match(content, /\/portrait x{300} seed:7\n```$/);
});

test('however often the place in line changes, there is one message', async (context) => {
  const { discord, platform, host } = await connectBot(context);
  const ann = discord.user();
  ann.slash('portrait', { photo: UPLOAD, prompt: 'smiling' });
  const reply = platform.reply((await host.next()).address);
  for (const ahead of [3, 2, 1]) await reply.status({ jobId: ALBUM.jobId, text: `${ahead} before`, cancellable: true });
  assert.deepEqual(ann.visible().map(textOf), ['1 before']);
});

test('an album is files, not addresses, and answers are for the asker alone', async (context) => {
  const { discord, platform, host } = await connectBot(context);
  const [ann, bob] = [discord.user(), discord.user()];
  ann.slash('portrait', { photo: UPLOAD, prompt: 'smiling' });
  await platform.reply((await host.next()).address).album(ALBUM);
  const { embeds, files, content } = await ann.lastAlbum();
  assert.deepEqual(embeds, []);
  assert.doesNotMatch(content, /https?:/);
  assert.deepEqual(
    files.map((file) => discord.cdn.bytes(file)),
    ALBUM.pictures.map(({ preview }) => preview),
  );
  assert.deepEqual(bob.visible(), []);
});

test('nobody’s avatar is used: there is no entry on people, and no option that names one', async (context) => {
  const { discord } = await connectBot(context);
  const { registered } = discord.world;
  const [USER_ENTRY, USER_OPTION, MENTIONABLE] = [2, 6, 9];
  assert.ok(registered.every(({ type }) => type !== USER_ENTRY));
  const options = registered.flatMap((command) => (command['options'] ?? []) as readonly { readonly type: number }[]);
  assert.ok(options.length > 0 && options.every(({ type }) => type !== USER_OPTION && type !== MENTIONABLE));
});
