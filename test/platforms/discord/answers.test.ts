import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AlbumPicture } from '../../../src/chat/picture.js';
import type { AlbumMessage, Reply } from '../../../src/chat/reply.js';
import { encodePreview, pictureFileOf } from '../../../src/media/album.js';
import { readyFile } from '../../../src/media/picture-file.js';
import { connectBot, type ConnectedBot } from '../../fakes/discord/bot.js';
import { textOf } from '../../fakes/discord/messages.js';
import type { DiscordUser, SlashValues } from '../../fakes/discord/user.js';
import { plainAlbum } from '../../fakes/host.js';
import { noise } from '../../fakes/photos.js';

const UPLOAD = { bytes: Uint8Array.of(1, 2, 3) };
const FIFTEEN_MINUTES = 15 * 60_000;
const MEBIBYTE = 2 ** 20;
const ALBUM = plainAlbum('f81d4fae-7dec-11d0-a765-00a0c91e6bf6', 2);

/** The way to answer somebody's request for portraits. */
async function request(bot: ConnectedBot, user: DiscordUser, values: SlashValues = {}): Promise<Reply> {
  user.slash('portrait', { photo: UPLOAD, prompt: 'smiling', ...values });
  return bot.platform.reply((await bot.host.next()).address);
}

/** An album of pictures that compress badly. */
async function noisyAlbum(count: number): Promise<AlbumMessage> {
  const drawn = Array.from({ length: count }, async (_, index): Promise<AlbumPicture> => {
    const image = noise(index + 1, 256);
    const preview = await encodePreview(image);
    return {
      preview,
      file: pictureFileOf(image),
      name: `portrait-7-${index + 1}`,
      description: `Portrait ${index + 1}`,
    };
  });
  return { ...ALBUM, pictures: await Promise.all(drawn) };
}

test('what is asked for in public is seen by everyone, its refusals by the asker alone', async (context) => {
  const bot = await connectBot(context);
  const [ann, bob] = [bot.discord.user(), bot.discord.user()];
  const reply = await request(bot, ann, { public: true });
  await reply.status({ jobId: ALBUM.jobId, text: 'Painting.', cancellable: true });
  await bob.sees((message) => textOf(message) === 'Painting.');
  await reply.album(ALBUM);
  await reply.album(ALBUM);
  assert.deepEqual(
    bob.visible().map(({ files, onlyFor }) => [files.length, onlyFor]),
    [[2, undefined]],
  );
  assert.ok(!(await bob.lastAlbum()).buttons.some(({ label }) => label === 'Publish'));
  bob.press(await bob.lastAlbum(), 'Delete');
  await bob.sees(({ content }) => /Only the person who asked/.test(content));
  const refused = await request(bot, ann, { public: true });
  await refused.refuse('Too many.');
  await ann.sees((message) => textOf(message) === 'Too many.');
  assert.ok(bob.visible().every((message) => textOf(message) !== 'Too many.' && !message.thinking));
});

for (const [how, ahead] of [
  ['ahead of', 20 * 60_000],
  ['behind', -20 * 60_000],
] as const) {
  test(`a machine whose clock is ${how} Discord’s answers where it was asked, and later by a direct message`, async (context) => {
    const bot = await connectBot(context, { ahead });
    const ann = bot.discord.user();
    const soon = await request(bot, ann);
    await soon.album(ALBUM);
    const late = await request(bot, ann);
    bot.discord.clock.advance(FIFTEEN_MINUTES);
    await late.album(plainAlbum('0c9d9a5e-7dec-11d0-a765-00a0c91e6bf6', 2));
    const channels = ann.visible().flatMap(({ files, channel }) => (files.length > 0 ? [channel] : []));
    assert.deepEqual(
      channels.map((channel) => channel === bot.discord.channel.id),
      [true, false],
    );
    assert.equal(bot.discord.rest.invalidAnswers, 0, 'no token is tried that is dead');
  });
}

test('a public album that took longer than its interaction comes in the same message', async (context) => {
  const bot = await connectBot(context);
  const [ann, bob] = [bot.discord.user(), bot.discord.user()];
  const reply = await request(bot, ann, { public: true });
  await reply.status({ jobId: ALBUM.jobId, text: 'Painting.', cancellable: true });
  bot.discord.clock.advance(FIFTEEN_MINUTES);
  await reply.album(ALBUM);
  await reply.album(ALBUM);
  assert.deepEqual(
    bob.visible().map(({ files }) => files.length),
    [2],
  );
});

test('consent for a public request is asked for in private, and the album is public', async (context) => {
  const bot = await connectBot(context);
  const [ann, bob] = [bot.discord.user(), bot.discord.user()];
  await (await request(bot, ann, { public: true })).askConsent('Do you agree?');
  const message = await ann.sees(({ buttons }) => buttons.length > 0);
  assert.deepEqual(bob.visible(), []);
  ann.submit(await ann.form(ann.press(message, 'Read and agree')), { message });
  await bot.platform.reply((await bot.host.next()).address).album(ALBUM);
  assert.equal((await bob.lastAlbum()).files.length, 2);
});

test('what is wanted of a photo without words can be described in a form, which remembers the photo', async (context) => {
  const { discord, host } = await connectBot(context);
  const ann = discord.user();
  const photo = ann.post('', [UPLOAD]);
  const form = await ann.describe(photo);
  assert.deepEqual(
    form.fields.map(({ label }) => label),
    ['What to make', 'Style', 'Expression', 'Accessory', 'Backdrop'],
  );
  ann.submit(form, { message: photo, text: 'looking left', chosen: { style: 'neon', accessory: 'santa hat' } });
  const { command, options, attachments } = await host.next();
  assert.equal(command, 'portrait');
  assert.deepEqual(options, { prompt: 'looking left', style: 'neon', accessory: 'santa hat' });
  assert.deepEqual(await attachments[0]?.read(), UPLOAD.bytes);
  const late = await ann.describe(photo);
  discord.clock.advance(FIFTEEN_MINUTES);
  ann.submit(late, { message: photo, text: 'smiling' });
  await ann.sees(({ content }) => /no longer know your photo/.test(content));
  assert.equal(host.unread, 0);
});

test('an album is made as small as the place allows, and again where Discord finds it too large', async (context) => {
  const bot = await connectBot(context);
  const { discord } = bot;
  const album = await noisyAlbum(2);
  discord.channel.fileLimit = 30_000;
  const ann = discord.user();
  const reply = await request(bot, ann);
  await reply.album(album);
  assert.ok((await ann.lastAlbum()).files.every(({ size }) => size <= 30_000));
  discord.channel.fileLimit = 8 * MEBIBYTE;
  const second = await request(bot, ann);
  discord.channel.fileLimit = 70_000;
  await second.album({ ...album, jobId: 'job-2' });
  const { files } = await ann.lastAlbum();
  assert.ok(
    files.every(({ size }) => size > 30_000 && size <= 70_000),
    files.map(({ size }) => size).join(),
  );
});

test('As files sends as many messages as the pictures need', async (context) => {
  const bot = await connectBot(context);
  const ann = bot.discord.user();
  const large = plainAlbum(ALBUM.jobId, 10);
  const pictures = large.pictures.map((picture) => ({
    ...picture,
    file: readyFile(new Uint8Array(6 * MEBIBYTE).fill(7)),
  }));
  await (await request(bot, ann)).album({ ...large, pictures });
  ann.press(await ann.lastAlbum(), 'As files');
  const counts = (): number[] =>
    ann.visible().flatMap(({ files }) => (files[0]?.filename.endsWith('.png') ? [files.length] : []));
  await bot.discord.until(() => (counts().reduce((sum, count) => sum + count, 0) === 10 ? true : undefined));
  assert.deepEqual(counts(), [4, 4, 2]);
});

test('where pictures may not be shown the album goes into direct messages', async (context) => {
  const bot = await connectBot(context);
  const { discord } = bot;
  const ann = discord.user();
  const reply = await request(bot, ann);
  discord.channel.mayAttach = false;
  await reply.album(ALBUM);
  const { channel, files } = await ann.lastAlbum();
  assert.notEqual(channel, discord.channel.id);
  assert.equal(files.length, 2);
  await ann.sees(({ content }) => /in your direct messages/.test(content));
});

test('where pictures may not be shown and direct messages are closed, the owner can fetch them later', async (context) => {
  const bot = await connectBot(context);
  const { discord } = bot;
  const ann = discord.user();
  const reply = await request(bot, ann);
  discord.channel.mayAttach = false;
  discord.world.closed.add(ann.id);
  await reply.album(ALBUM);
  const call = await ann.sees(({ content }) => /I cannot post pictures here/.test(content));
  discord.channel.mayAttach = true;
  ann.press(call, 'As files');
  assert.equal((await ann.lastAlbum()).files.length, 2);
});

test('a bot without leave to speak, or thrown out in the middle of a job, harms nothing', async (context) => {
  const bot = await connectBot(context);
  const { discord } = bot;
  const ann = discord.user();
  const [silenced, homeless] = [await request(bot, ann), await request(bot, ann)];
  discord.world.closed.add(ann.id);
  discord.channel.maySend = false;
  discord.clock.advance(FIFTEEN_MINUTES);
  await silenced.album(ALBUM);
  assert.match(String(bot.errors.all[0]), /Missing Permissions/);
  discord.removeBot();
  await homeless.status({ jobId: 'job-2', text: 'Painting.', cancellable: true });
  await homeless.album({ ...ALBUM, jobId: 'job-2' });
  await homeless.conclude('job-3', 'Cancelled.');
  assert.match(String(bot.errors.all[1]), /Unknown Channel/);
});

test('a thread that was archived while an album for everyone was made: it was lost, and comes as a direct message', async (context) => {
  const bot = await connectBot(context);
  const ann = bot.discord.user();
  const reply = await request(bot, ann, { public: true });
  await reply.status({ jobId: ALBUM.jobId, text: 'Painting.', cancellable: true });
  bot.discord.clock.advance(FIFTEEN_MINUTES);
  bot.discord.channel.archived = true;
  await reply.status({ jobId: ALBUM.jobId, text: 'Enlarging.', cancellable: true });
  await reply.album(ALBUM);
  const { channel, files } = await ann.lastAlbum();
  assert.deepEqual([channel === bot.discord.channel.id, files.length], [false, 2]);
  assert.deepEqual(bot.errors.all, []);
});

test('an event’s post in a thread that was archived froze: it is posted anew, which opens the thread again', async (context) => {
  const { discord, host, platform } = await connectBot(context);
  discord.user().slash('help');
  const { address } = await host.next();
  const first = await platform.post(address, { text: 'Entries: 1' });
  discord.channel.archived = true;
  const second = await platform.post(address, { text: 'Entries: 2' }, first);
  assert.notEqual(second, first);
  assert.equal(await platform.post(address, { text: 'Entries: 3' }, second), second);
});

test('an offer is kept over a restart: it then asks for the photo', async (context) => {
  const bot = await connectBot(context);
  const ann = bot.discord.user();
  const options = { prompt: 'smiling', seed: 7, largest: 'yes' };
  await (await request(bot, ann)).conclude('job-1', 'Several faces.', { action: 'largest', options });
  await bot.restart();
  const message = await ann.sees(({ buttons }) => buttons.length > 0);
  const form = await ann.form(ann.press(message, 'Take the largest face'));
  assert.equal(form.fields[0]?.value, '/portrait smiling seed:7 largest:yes');
  ann.submit(form, { message, uploads: [UPLOAD] });
  assert.equal((await bot.host.next()).options['largest'], 'yes');
});
