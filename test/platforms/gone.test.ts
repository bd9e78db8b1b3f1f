import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectBot } from '../fakes/discord/bot.js';
import { ListeningHost } from '../fakes/host.js';
import { FakeMember } from '../fakes/telegram/member.js';
import { openTelegram } from './telegram/open.js';

test('Discord: a server that cannot be reached for a while is not gone, one that removes the bot is', async (context) => {
  const { discord, host } = await connectBot(context);
  const { guild } = discord;
  discord.hideServer();
  discord.user('direct').slash('help');
  await host.next();
  assert.equal(host.unreadGone, 0);
  discord.removeBot();
  assert.deepEqual(await host.nextGone(), { server: { platform: 'discord', id: guild } });
});

test('Telegram: a group that takes the bot out is a server, told of or found out when writing', async (context) => {
  const host = new ListeningHost();
  const { fake, platform, close } = await openTelegram(host);
  context.after(close);
  const ann = new FakeMember(fake);
  const [first, second] = [-1_000_000_000_001, -1_000_000_000_002].map((id) => fake.world.addChat(id, 'group'));
  assert.ok(first && second);
  await ann.block(first);
  assert.deepEqual(await host.nextGone(), { server: { platform: 'telegram', id: String(first.id) } });
  await ann.say('/help', { chat: second });
  const { address } = await host.next();
  second.blocked = true;
  await platform.reply(address).say('This can be done.');
  assert.deepEqual(await host.nextGone(), { server: { platform: 'telegram', id: String(second.id) } });
});

test('Telegram: a member who blocked the bot meanwhile is found out when they are answered', async (context) => {
  const host = new ListeningHost();
  const { fake, platform, close } = await openTelegram(host);
  context.after(close);
  const ann = new FakeMember(fake);
  await ann.say('/help');
  const { address, member } = await host.next();
  ann.chat.blocked = true;
  await platform.reply(address).refuse('Attach a photo.');
  assert.deepEqual(await host.nextGone(), { member });
});

test('Telegram: a member who lets the bot in again is not gone', async (context) => {
  const host = new ListeningHost();
  const { fake, close } = await openTelegram(host);
  context.after(close);
  const ann = new FakeMember(fake);
  await ann.block(ann.chat, false);
  await ann.say('/help');
  await host.next();
  assert.equal(host.unreadGone, 0);
});

test('Telegram: a group that becomes a supergroup is the same server under another id', async (context) => {
  const host = new ListeningHost();
  const { fake, close } = await openTelegram(host);
  context.after(close);
  const ann = new FakeMember(fake);
  const group = fake.world.addChat(-4001, 'group');
  const message = fake.world.post(group, ann.user, {});
  const heard = host.happening();
  await fake.updates.add({ message: { ...message, migrate_to_chat_id: -1_001_234_567_890 } });
  await heard;
  const server = (id: string) => ({ platform: 'telegram', id }) as const;
  assert.deepEqual(host.moves, [{ from: server('-4001'), to: server('-1001234567890') }]);
});
