import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commands } from '../../../commands/index.js';
import { linksTo } from '../../../src/platforms/discord/command-links.js';
import { connectBot } from '../../fakes/discord/bot.js';
import { textOf } from '../../fakes/discord/messages.js';
import { plainAlbum } from '../../fakes/host.js';
import { manyStyles, testPresets } from '../../fakes/presets.js';
import { NO_SAMPLES } from '../../../src/media/samples.js';

const PHOTO = Uint8Array.from({ length: 100 }, (_, index) => index);
const UPLOAD = { bytes: PHOTO };
const SHEET = Uint8Array.of(0xff, 0xd8, 7);

/** Samples of which every sheet is the same picture. */
const samples = { ...NO_SAMPLES, sheet: async () => SHEET };

test('direct messages were not heard: a photo with words is answered by an album where it was sent', async (context) => {
  const { discord, platform, host } = await connectBot(context);
  const ann = discord.user('direct');
  ann.post('smiling style:neon', [UPLOAD]);
  const { member, place, options, attachments, address } = await host.next();
  assert.deepEqual([member.id, place.kind, options], [ann.id, 'direct', { prompt: 'smiling', style: 'neon' }]);
  assert.deepEqual(await attachments[0]?.read(), PHOTO);
  const reply = platform.reply(JSON.parse(JSON.stringify(address)));
  await reply.status({ jobId: 'job-1', text: 'Painting.', progress: 0.4, cancellable: true });
  await reply.album(plainAlbum('job-1', 2));
  const seen = ann.visible().filter(({ author }) => author !== ann.id);
  assert.deepEqual(
    seen.map(({ files, onlyFor }) => [files.length, onlyFor]),
    [[2, undefined]],
    'one message: the status became the album',
  );
  ann.press(seen[0] ?? assert.fail('no album'), 'More');
  assert.deepEqual(await (await host.next()).attachments[0]?.read(), PHOTO);
});

test('words alone in a direct message are answered, and deleted with everything else', async (context) => {
  const { discord, platform, host } = await connectBot(context);
  const ann = discord.user('direct');
  ann.post('hello');
  const { address, member } = await host.next();
  await platform.reply(address).refuse('I need a photo to work from.');
  await ann.sees((message) => textOf(message) === 'I need a photo to work from.');
  await platform.forget(member);
  assert.ok(ann.visible().every(({ author }) => author === ann.id));
});

test('a message that arrives twice is taken once', async (context) => {
  const { discord, host } = await connectBot(context);
  const ann = discord.user('direct');
  const { id } = ann.post('smiling', [UPLOAD]);
  assert.equal((await host.next()).key, id);
  ann.redeliver({ id });
  ann.slash('help');
  assert.equal((await host.next()).command, 'help');
});

test('a photo without words is answered by every style in pictures, and one choice makes the album', async (context) => {
  const presets = { ...testPresets, styles: manyStyles(37) };
  const { discord, host } = await connectBot(context, { presets, samples });
  const asks = [
    () => discord.user().slash('portrait', { photo: UPLOAD, count: 2 }).user,
    () => discord.user('direct').post('', [UPLOAD]).author,
  ];
  for (const ask of asks) {
    const user = ask();
    const picker = await discord.until(() =>
      [...discord.world.messages.values()].find(
        ({ menus, onlyFor, channel }) =>
          menus.length > 0 && (onlyFor === user || discord.world.channels.get(channel)?.recipient === user),
      ),
    );
    const [file] = picker.files;
    assert.deepEqual(file && discord.cdn.bytes(file), SHEET);
    assert.deepEqual(
      picker.menus.flatMap(({ values }) => values),
      presets.styles.map(({ name }) => name),
    );
    assert.equal(host.unread, 0);
  }
  const ann = discord.user();
  ann.menu('Make portraits', ann.post('', [UPLOAD]));
  const picker = await ann.sees(({ menus }) => menus.length > 0);
  for (const style of ['style 3', 'style 30']) {
    ann.choose(picker, style);
    const { options, attachments } = await host.next();
    assert.deepEqual(options, { style });
    assert.deepEqual(await attachments[0]?.read(), PHOTO);
  }
  const form = await ann.form(ann.press(picker, 'Describe it'));
  ann.submit(form, { message: picker, text: 'smiling', chosen: { expression: 'sad' } });
  assert.deepEqual((await host.next()).options, { prompt: 'smiling', expression: 'sad' });
});

test('nobody but the asker chooses, and a choice whose photo is forgotten says so', async (context) => {
  const { discord, host } = await connectBot(context);
  const [ann, bob] = [discord.user('direct'), discord.user()];
  ann.post('', [UPLOAD]);
  const picker = await ann.sees(({ menus }) => menus.length > 0);
  bob.choose(picker, 'neon');
  await bob.sees(({ content }) => /Only the person who asked/.test(content));
  discord.clock.advance(15 * 60_000);
  ann.choose(picker, 'neon');
  await ann.sees(({ content }) => /no longer know your photo/.test(content));
  assert.equal(host.unread, 0);
});

test('a mention in a server is answered by how to ask, and the album of its photo is for the asker alone', async (context) => {
  const { discord, host } = await connectBot(context);
  const [ann, bob] = [discord.user(), discord.user()];
  const mention = `<@${discord.world.bot}>`;
  ann.post('not for the bot', [UPLOAD]);
  ann.post(`${mention} hello`);
  const how = await bob.sees(({ content }) => content.startsWith('Type </portrait:'));
  assert.match(how.content, /^Type <\/portrait:\d+> and add a photo of yourself/);
  assert.deepEqual(how.mentions, []);
  ann.post(`${mention} smiling`, [UPLOAD]);
  const offered = await bob.sees(({ buttons }) => buttons.length > 0);
  bob.press(offered, 'Make portraits');
  await bob.sees(({ content }) => /Only the person who asked/.test(content));
  ann.press(offered, 'Make portraits');
  const { member, options, attachments } = await host.next();
  assert.deepEqual([member.id, options], [ann.id, { prompt: 'smiling' }]);
  assert.deepEqual(await attachments[0]?.read(), PHOTO);
  assert.ok(ann.visible().some(({ thinking, onlyFor }) => thinking && onlyFor === ann.id));
  assert.equal(host.unread, 0);
});

test('a mention where the bot may not write harms nothing', async (context) => {
  const { discord, host, errors } = await connectBot(context);
  const ann = discord.user();
  discord.channel.maySend = false;
  ann.post(`<@${discord.world.bot}> hello`);
  ann.slash('help');
  assert.equal((await host.next()).command, 'help');
  assert.deepEqual(errors.all, []);
});

test('a server that adds the bot is greeted in its language, by a picture and a button for everyone', async (context) => {
  const { discord, host } = await connectBot(context, { samples });
  const channel = discord.addBot('de');
  const ann = discord.user(channel);
  const greeting = await ann.sees(({ files }) => files.length === 1);
  assert.match(textOf(greeting), /^Hallo! Aus einem Foto von dir/);
  const form = await ann.form(ann.press(greeting, 'Porträts machen'));
  ann.submit(form, { message: greeting, text: '', uploads: [UPLOAD], chosen: { style: 'neon' } });
  const { member, options, attachments } = await host.next();
  assert.deepEqual([member.id, options], [ann.id, { style: 'neon' }]);
  assert.deepEqual(await attachments[0]?.read(), PHOTO);
});

test('names of commands become what is pressed, with the action where there are several', async (context) => {
  const link = linksTo({ portrait: '11', event: '22' }, commands);
  assert.equal(
    link('/portrait, /event join with your photo, /event, /styles, a/portrait, /portraits, </portrait:9>'),
    '</portrait:11>, </event join:22> with your photo, /event, /styles, a/portrait, /portraits, </portrait:9>',
  );
  const { discord, platform, host, restart } = await connectBot(context);
  const ann = discord.user();
  for (const round of ['registered now', 'registered before']) {
    ann.slash('help');
    await platform.reply((await host.next()).address).say(`/styles ${round}`);
    await ann.sees(({ content }) => new RegExp(`^</styles:\\d+> ${round}$`).test(content));
    await restart();
  }
  assert.equal(discord.world.registrations, 1);
});
