import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { defaultCommand } from '../../../commands/index.js';
import type { AlbumMessage } from '../../../src/chat/reply.js';
import { LikenessError } from '../../../src/errors.js';
import { readyFile } from '../../../src/media/picture-file.js';
import { toAttachment } from '../../../src/platforms/discord/attachment.js';
import { connectBot, MAX_TEST_PHOTO } from '../../fakes/discord/bot.js';
import { manyStyles, testPresets } from '../../fakes/presets.js';

const PHOTO = Uint8Array.from({ length: 100 }, (_, index) => index);
const UPLOAD = { bytes: PHOTO };
const FIFTEEN_MINUTES = 15 * 60_000;

const ALBUM: AlbumMessage = {
  jobId: 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
  caption: 'Your 2 portraits · seed 7 · AI-generated',
  notes: [],
  pictures: [1, 2].map((number) => ({
    name: `portrait-7-${number}`,
    description: `Portrait ${number}`,
    preview: Uint8Array.of(number, 1),
    file: readyFile(Uint8Array.of(number, 2, 3)),
  })),
  options: { prompt: 'smiling', style: 'neon', count: 2, strength: 80, seed: 7 },
};

test('commands are registered once, and again only when they changed', async (context) => {
  const { discord, restart } = await connectBot(context);
  const names = discord.world.registered.map(({ name }) => name);
  assert.ok(names.includes('portrait') && names.includes('Make portraits'));
  await restart();
  assert.equal(discord.world.registrations, 1);
  await restart({ commands: [defaultCommand] });
  assert.equal(discord.world.registrations, 2);
  assert.deepEqual(
    discord.world.registered.map(({ name }) => name),
    ['portrait', 'Make portraits'],
  );
});

test('a request is acknowledged, for the asker alone, before the host hears of it', async (context) => {
  const { discord, host } = await connectBot(context);
  const ann = discord.user();
  const interaction = ann.slash('portrait', { photo: UPLOAD, prompt: 'smiling' });
  const { member, place } = await host.next();
  assert.ok(interaction.acknowledged);
  assert.deepEqual(member, { platform: 'discord', id: ann.id });
  assert.deepEqual(place, { kind: 'group', id: discord.channel.id, server: discord.guild });
  const [thinking] = ann.visible();
  assert.ok(thinking?.thinking);
  assert.equal(thinking.onlyFor, ann.id);
});

test('styles are completed while they are typed', async (context) => {
  const { discord } = await connectBot(context);
  assert.deepEqual(await discord.user().complete('portrait', 'style', 'PEN'), ['pencil sketch']);
  assert.equal((await discord.user().complete('portrait', 'expression', '')).length, 2);
  assert.deepEqual(await discord.user().complete('portrait', 'accessory', 'wear'), ['santa hat', 'glasses']);
  assert.deepEqual(await discord.user().complete('portrait', 'backdrop', 'sn'), ['snow']);
  assert.deepEqual(await discord.user().complete('portrait', 'light', ''), ['red light']);
});

test('Discord takes 25 choices: of more styles the first are shown, and the rest found by typing or written as words', async (context) => {
  const presets = { ...testPresets, styles: manyStyles(37) };
  const { discord, host } = await connectBot(context, { presets });
  const ann = discord.user();
  const first = presets.styles.slice(0, 25).map(({ name }) => name);
  assert.deepEqual(await ann.complete('portrait', 'style', ''), first);
  assert.deepEqual(await ann.complete('portrait', 'style', 'style 37'), ['style 37']);
  const form = await ann.describe(ann.post('', [UPLOAD]));
  assert.deepEqual(form.fields.find(({ customId }) => customId === 'style')?.values, first);
  ann.submit(form, { text: 'style 37' });
  assert.deepEqual((await host.next()).options, { prompt: 'style 37' });
});

test('“Make portraits” takes one’s own photos only', async (context) => {
  const { discord, host } = await connectBot(context);
  const [ann, bob] = [discord.user(), discord.user()];
  const message = ann.post('sad style:neon', [UPLOAD]);
  bob.menu('Make portraits', message);
  const refusal = await bob.sees(({ content }) => content !== '');
  assert.match(refusal.content, /only from photos that you posted yourself/);
  ann.menu('Make portraits', message);
  const { member, options, attachments } = await host.next();
  assert.equal(member.id, ann.id);
  assert.deepEqual(options, { prompt: 'sad', style: 'neon' });
  assert.deepEqual(await attachments[0]?.read(), PHOTO);
});

test('“Make portraits” takes every file of a message: the command tells which are photos', async (context) => {
  const { discord, host } = await connectBot(context);
  const ann = discord.user();
  const notes = { bytes: Buffer.from('shopping'), filename: 'notes.txt', type: 'text/plain' };
  ann.menu('Make portraits', ann.post('sad', [notes, UPLOAD]));
  const { attachments } = await host.next();
  assert.deepEqual(
    attachments.map(({ name, type }) => [name, type]),
    [
      ['notes.txt', 'text/plain'],
      ['photo.jpg', 'image/jpeg'],
    ],
  );
});

test('after a quarter of an hour the album comes as a direct message, once', async (context) => {
  const { discord, platform, host } = await connectBot(context);
  const ann = discord.user();
  ann.slash('portrait', { photo: UPLOAD, prompt: 'smiling' });
  const reply = platform.reply((await host.next()).address);
  discord.clock.advance(FIFTEEN_MINUTES);
  await reply.status({ jobId: ALBUM.jobId, text: 'Painting.', cancellable: true });
  await reply.album(ALBUM);
  await reply.album(ALBUM);
  const albums = ann.visible().filter(({ files }) => files.length > 0);
  assert.equal(albums.length, 1);
  assert.notEqual(albums[0]?.channel, discord.channel.id);
  assert.equal(discord.rest.invalidAnswers, 0);
});

test('with closed direct messages the owner is called, and the files are theirs alone', async (context) => {
  const { discord, platform, host } = await connectBot(context);
  const [ann, bob] = [discord.user(), discord.user()];
  ann.slash('portrait', { photo: UPLOAD, prompt: 'smiling' });
  const reply = platform.reply((await host.next()).address);
  discord.world.closed.add(ann.id);
  discord.clock.advance(FIFTEEN_MINUTES);
  await reply.album(ALBUM);
  const call = await bob.sees(({ mentions }) => mentions.includes(ann.id));
  assert.equal(call.files.length, 0);
  bob.press(call, 'As files');
  assert.match((await bob.sees(({ onlyFor }) => onlyFor === bob.id)).content, /Only the person who asked/);
  ann.press(call, 'As files');
  const { files, onlyFor } = await ann.lastAlbum();
  assert.equal(onlyFor, ann.id);
  assert.deepEqual(
    files.map((file) => [file.filename, [...discord.cdn.bytes(file)]]),
    [1, 2].map((number) => [`portrait-7-${number}.png`, [number, 2, 3]]),
  );
});

test('Publish shows the very pictures to everyone; only the owner can delete them', async (context) => {
  const { discord, platform, host } = await connectBot(context);
  const [ann, bob] = [discord.user(), discord.user()];
  ann.slash('portrait', { photo: UPLOAD, prompt: 'smiling' });
  await platform.reply((await host.next()).address).album(ALBUM);
  assert.deepEqual(bob.visible(), []);
  ann.press(await ann.lastAlbum(), 'Publish');
  const published = await bob.lastAlbum();
  assert.deepEqual(
    published.files.map((file) => [...discord.cdn.bytes(file)]),
    [
      [1, 1],
      [2, 1],
    ],
  );
  assert.deepEqual(published.mentions, []);
  bob.press(published, 'Delete');
  await bob.sees(({ content }) => /Only the person who asked/.test(content));
  assert.ok(bob.visible().some(({ id }) => id === published.id));
  ann.press(published, 'Delete');
  await discord.until(() => (bob.visible().some(({ id }) => id === published.id) ? undefined : true));
});

test('More asked for the photo each time, though its address was still known: one press makes another album', async (context) => {
  const { discord, platform, host } = await connectBot(context);
  const ann = discord.user();
  ann.slash('portrait', { photo: UPLOAD, prompt: 'smiling' });
  const first = await host.next();
  await platform.reply(first.address).album(ALBUM);
  const message = await ann.lastAlbum();
  for (let press = 0; press < 2; press++) {
    ann.press(message, 'More');
    const { key, options, attachments } = await host.next();
    assert.notEqual(key, first.key);
    assert.deepEqual(options, { prompt: 'smiling', style: 'neon', count: '2', strength: '80' });
    assert.deepEqual(await attachments[0]?.read(), PHOTO);
  }
});

test('More and Change work after a restart: they ask for the photo and remember the words', async (context) => {
  const { discord, platform, host, restart } = await connectBot(context);
  const ann = discord.user();
  ann.slash('portrait', { photo: UPLOAD, prompt: 'smiling' });
  await platform.reply((await host.next()).address).album(ALBUM);
  await restart();
  const message = await ann.lastAlbum();
  for (const label of ['More', 'Change']) {
    const modal = await ann.form(ann.press(message, label));
    assert.equal(modal.fields[0]?.value, '/portrait smiling style:neon count:2 strength:80');
    ann.submit(modal, { message, uploads: [UPLOAD] });
    const { command, options, attachments } = await host.next();
    assert.equal(command, 'portrait');
    assert.deepEqual(options, { prompt: 'smiling', style: 'neon', count: '2', strength: '80' });
    assert.deepEqual(await attachments[0]?.read(), PHOTO);
  }
});

test('after consent the request goes on by itself', async (context) => {
  const { discord, platform, host } = await connectBot(context);
  const ann = discord.user();
  ann.slash('portrait', { photo: UPLOAD, prompt: 'smiling' });
  const first = await host.next();
  await platform.reply(first.address).askConsent('Do you agree?');
  const message = await ann.sees(({ buttons }) => buttons.length > 0);
  const modal = await ann.form(ann.press(message, 'Read and agree'));
  assert.match(modal.text, /30 minutes/);
  ann.submit(modal, { message });
  const second = await host.next();
  assert.deepEqual(host.agreed, [first.member]);
  assert.deepEqual(second.options, first.options);
  await platform.reply(second.address).say('Here it is.');
  assert.deepEqual(
    ann.visible().map(({ content, buttons }) => [content, buttons.length]),
    [['Here it is.', 0]],
  );
});

test('nothing is lost or done twice over a lost connection, op 7, op 9 and closing codes', async (context) => {
  const { discord, host } = await connectBot(context);
  const ann = discord.user();
  const losses = [
    () => discord.gateway.disconnect(0),
    () => discord.gateway.disconnect(4000),
    () => discord.gateway.askToReconnect(),
    () => discord.gateway.invalidate(true),
  ];
  for (const lose of losses) {
    const back = discord.gateway.connected();
    lose();
    const asked = ann.slash('help');
    await back;
    assert.equal((await host.next()).key, asked.id);
  }
  assert.deepEqual([discord.gateway.identified, discord.gateway.resumed], [1, losses.length]);
});

test('a connection that Discord closed for good is told to the operator', async (context) => {
  const { discord, errors } = await connectBot(context);
  discord.gateway.disconnect(4004);
  await errors.heard;
  assert.match(
    String(errors.all[0]),
    /closed the connection: 4004: it does not accept the token in DISCORD_TOKEN any more/,
  );
});

test('what goes wrong reaches the operator without tokens', async (context) => {
  const { discord, errors } = await connectBot(context);
  const { token } = discord.user().slash('help');
  discord.clock.advance(3001);
  await errors.heard;
  const shown = inspect(errors.all, { depth: 9, showHidden: true });
  assert.match(shown, /Unknown interaction/);
  assert.ok(!shown.includes(token) && !shown.includes(discord.token));
});

test('a limit that no header told of is waited for, and none is broken', async (context) => {
  const { discord, platform, host } = await connectBot(context);
  const ann = discord.user();
  ann.slash('help');
  const reply = platform.reply((await host.next()).address);
  discord.rest.buckets.refuseNext(1);
  const texts = Array.from({ length: 8 }, (_, index) => `Text ${index}`);
  await Promise.all(texts.map((text) => reply.say(text)));
  assert.equal(discord.rest.buckets.violations, 0);
  assert.equal(ann.visible().length, 1);
});

test('photos come from Discord’s own file server only, without redirects, within the limit', async (context) => {
  const { discord } = await connectBot(context);
  const { cdn, endpoints } = discord;
  const rules = { origins: endpoints.cdnOrigins, maxBytes: MAX_TEST_PHOTO };
  const ann = discord.user();
  const fetched = (file: { readonly url: string; readonly size?: number }) =>
    toAttachment({ name: 'photo.jpg', contentType: 'image/jpeg', size: 10, ...file }, rules).read();
  const refused = (code: string) => (error: unknown) => error instanceof LikenessError && error.code === code;
  const redirected = ann.upload(UPLOAD);
  cdn.plant(redirected, (response) => response.writeHead(302, { location: ann.upload(UPLOAD).url }).end());
  const endless = ann.upload(UPLOAD);
  cdn.plant(endless, (response) => response.writeHead(200).end(Buffer.alloc(MAX_TEST_PHOTO + 1)));
  const boasting = ann.upload(UPLOAD);
  cdn.plant(boasting, (response) => response.writeHead(200, { 'content-length': '999999' }).flushHeaders());
  const expired = ann.upload(UPLOAD);
  discord.clock.advance(2 * 24 * 60 * 60_000);
  assert.deepEqual(await fetched(ann.upload(UPLOAD)), PHOTO);
  const asked = cdn.requested.length;
  for (const url of [
    cdn.origin.replace('127.0.0.1', 'localhost'),
    cdn.origin.replace('http:', 'https:'),
    `${cdn.origin.replace('//', '//ann@')}/x`,
    `${endpoints.api}/gateway/bot`,
    'file:///etc/hostname',
    'no address',
  ]) {
    await assert.rejects(fetched({ url }), refused('photo-unreachable'), url);
  }
  await assert.rejects(fetched({ ...ann.upload(UPLOAD), size: MAX_TEST_PHOTO + 1 }), refused('file-too-large'));
  assert.equal(cdn.requested.length, asked);
  await assert.rejects(fetched(redirected), refused('photo-unreachable'));
  await assert.rejects(fetched(expired), refused('photo-unreachable'));
  await assert.rejects(fetched({ url: endless.url }), refused('file-too-large'));
  await assert.rejects(fetched({ url: boasting.url }), refused('file-too-large'));
});
