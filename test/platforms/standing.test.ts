import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commands, defaultCommand } from '../../commands/index.js';
import { createWebPlatform } from '../../src/platforms/web/platform.js';
import { FakeBrowser } from '../fakes/browser.js';
import { connectBot } from '../fakes/discord/bot.js';
import { ListeningHost } from '../fakes/host.js';
import { testPresets } from '../fakes/presets.js';
import { webParts } from '../fakes/web-parts.js';
import { FakeMember } from '../fakes/telegram/member.js';
import { openTelegram } from './telegram/open.js';

const MANAGE_SERVER = '32';

test('Discord: the server, the roles and the right to manage it come with the request', async (context) => {
  const { discord, host } = await connectBot(context);
  discord.user('guild', 'en-US', { permissions: MANAGE_SERVER, roles: [discord.role] }).slash('help');
  const admin = await host.next();
  assert.deepEqual(admin.place, { kind: 'group', id: discord.channel.id, server: discord.guild });
  assert.ok(admin.standing.roles?.includes(discord.role));
  assert.equal(await admin.standing.mayAdminister(), true);
  discord.user().slash('help');
  const member = await host.next();
  assert.ok(!member.standing.roles?.includes(discord.role));
  assert.equal(await member.standing.mayAdminister(), false);
  discord.user('direct').slash('help');
  const direct = await host.next();
  assert.equal(direct.place.server, undefined);
  assert.equal(await direct.standing.mayAdminister(), false);
});

test('Telegram: a group is the server, and who administers it is asked of Telegram', async (context) => {
  const host = new ListeningHost();
  const { fake, close } = await openTelegram(host);
  context.after(close);
  const chat = fake.world.addChat(-1_002_000_000_001, 'group');
  const [ann, bob] = [new FakeMember(fake), new FakeMember(fake)];
  chat.admins.add(ann.user.id);
  const wishOf = async (member: FakeMember, where = chat) => {
    await member.say('/help', { chat: where });
    return host.next();
  };
  const request = await wishOf(ann);
  assert.deepEqual(request.place, { kind: 'group', id: String(chat.id), server: String(chat.id) });
  assert.equal(request.standing.roles, undefined);
  assert.equal(await request.standing.mayAdminister(), true);
  assert.equal(await (await wishOf(bob)).standing.mayAdminister(), false);
  const direct = await wishOf(ann, ann.chat);
  assert.equal(direct.place.server, undefined);
  assert.equal(await direct.standing.mayAdminister(), false);
});

test('web: whoever is at this machine administers it, but nobody who comes through a proxy', async (context) => {
  const host = new ListeningHost();
  const options = { commands, defaultCommand, presets: testPresets, maxPhotoBytes: 1000 };
  const platform = createWebPlatform({ ...webParts(), host: '127.0.0.1', port: 0, ...options });
  await platform.start(host);
  context.after(() => platform.stop());
  const browser = await FakeBrowser.open(platform.address);
  await browser.send({ text: '/help' });
  assert.equal(await (await host.next()).standing.mayAdminister(), true);
  const body = new FormData();
  body.set('key', crypto.randomUUID());
  body.set('text', '/help');
  await browser.post('/api/messages', { body, headers: { 'x-forwarded-for': '203.0.113.9' } });
  assert.equal(await (await host.next()).standing.mayAdminister(), false);
});

test('web: who came through a proxy that says nothing of itself, as nginx does unless told to, could pause everything', async (context) => {
  const host = new ListeningHost();
  const publicUrls = ['https://portraits.example'];
  const options = { commands, defaultCommand, presets: testPresets, maxPhotoBytes: 1000, publicUrls };
  const platform = createWebPlatform({ ...webParts(), host: '127.0.0.1', port: 0, ...options });
  await platform.start(host);
  context.after(() => platform.stop());
  const browser = await FakeBrowser.open(platform.address);
  const { port } = new URL(platform.address);
  const says = async (origin: string): Promise<boolean> => {
    const body = new FormData();
    body.set('key', crypto.randomUUID());
    body.set('text', '/moderate pause');
    assert.equal((await browser.post('/api/messages', { body, headers: { origin } })).status, 202);
    return (await host.next()).standing.mayAdminister();
  };
  assert.equal(await says('https://portraits.example'), false);
  assert.equal(await says(`http://127.0.0.1:${port}`), true);
});

test('a language there are no texts in is left open', async (context) => {
  const { discord, host } = await connectBot(context);
  discord.user('guild', 'nl').slash('help');
  assert.equal((await host.next()).locale, undefined);
});
