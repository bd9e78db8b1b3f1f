import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Keyv } from 'keyv';
import { commands } from '../../../commands/index.js';
import type { TelegramPlatformOptions } from '../../../src/platforms/telegram/platform.js';
import { ListeningHost } from '../../fakes/host.js';
import { plainJpeg } from '../../fakes/photos.js';
import { FakeMember } from '../../fakes/telegram/member.js';
import { FakeTelegram } from '../../fakes/telegram/server.js';
import { openTelegram } from './open.js';

const photo = await plainJpeg();

/** Asks for updates as another program with the same token would. */
async function pollElsewhere(fake: FakeTelegram): Promise<void> {
  await fetch(`${fake.apiRoot}/bot${fake.token}/getUpdates`, { method: 'POST', body: '{"offset":0,"timeout":0}' });
}

test('updates are confirmed by the next offset, and none is left when the bot has stopped', async () => {
  const host = new ListeningHost();
  const { fake, platform, close } = await openTelegram(host);
  await new FakeMember(fake).say('/help');
  await host.next();
  await platform.stop();
  assert.equal(fake.updates.unconfirmed, 0);
  await close();
});

test('Telegram is told to forget a wish only when it is recorded that there is one', async () => {
  const host = new ListeningHost();
  let record: (done: () => void) => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    host.begin = () => {
      resolve();
      return new Promise((recorded) => (record = recorded));
    };
  });
  const { fake, close } = await openTelegram(host);
  await new FakeMember(fake).say('/help');
  await begun;
  assert.equal(fake.updates.unconfirmed, 1);
  assert.equal(host.unread, 0, 'nothing is done before');
  record(() => undefined);
  assert.equal((await host.next()).command, 'help');
  while (fake.updates.unconfirmed > 0) await fetch(`${fake.apiRoot}/anything`);
  await close();
});

test('photos of an album are recorded before it is whole, and what nobody asked the bot for is not', async () => {
  const host = new ListeningHost();
  const { fake, close } = await openTelegram(host);
  const ann = new FakeMember(fake);
  await ann.say('smiling', { photos: [photo, photo] });
  await host.next();
  assert.equal(new Set(host.received.map(({ key }) => key)).size, 1);
  while (host.received.some(({ open }) => open)) await fetch(`${fake.apiRoot}/anything`);
  await close();
});

test('a stopping bot answers what it took, and leaves the rest at Telegram', async () => {
  const host = new ListeningHost();
  const { fake, platform, close } = await openTelegram(host);
  const ann = new FakeMember(fake);
  await platform.stopTaking?.();
  await ann.say('/help');
  await platform.reply({ chat: String(ann.user.id), user: String(ann.user.id) }).say('Still here.');
  assert.equal(fake.updates.unconfirmed, 1);
  assert.equal(host.unread, 0);
  await close();
});

test('a second program with the same token is reported, and the bot polls on', async () => {
  const host = new ListeningHost();
  const { fake, errors, close } = await openTelegram(host);
  const ann = new FakeMember(fake);
  await ann.say('/help');
  await host.next();
  const polls = () => fake.calls.filter((method) => method === 'getUpdates').length;
  const before = polls();
  while (polls() < before + 3) await pollElsewhere(fake);
  await ann.say('/queue');
  assert.equal((await host.next()).command, 'queue');
  assert.match(String(errors[0]), /409: Conflict/);
  assert.doesNotMatch(String(errors), /AAfake/);
  await close();
});

test('the commands are registered for private chats and for groups, and again only when they changed', async (context) => {
  const fake = await FakeTelegram.start();
  context.after(() => fake.stop());
  const facts = new Keyv<string>();
  const told = () => fake.calls.filter((method) => method === 'setMyCommands').length;
  const run = async (changes: Partial<TelegramPlatformOptions> = {}) => {
    const { platform } = await openTelegram(new ListeningHost(), { facts, ...changes }, fake);
    await platform.stop();
  };
  await run();
  const once = told();
  for (const scope of ['all_private_chats/', 'all_group_chats/', 'all_chat_administrators/']) {
    const names = fake.told.commands.get(scope)?.map(({ command }) => command);
    const shown = commands.filter((command) => scope === 'all_chat_administrators/' || !command.forAdministrators);
    assert.deepEqual(
      names,
      shown.map(({ name }) => name),
      scope,
    );
  }
  await run();
  assert.equal(told(), once);
  await run({ commands: commands.slice(1) });
  assert.equal(told(), 2 * once);
  assert.equal(fake.told.commands.get('all_chat_administrators/')?.length, commands.length - 1);
});

test('by webhook: updates are pushed, and nobody else can push any', async (context) => {
  const host = new ListeningHost();
  const fake = await FakeTelegram.start();
  const port = await freePort();
  fake.updates.webhookTarget = `http://127.0.0.1:${port}`;
  const webhook = { url: 'https://bot.example.org/telegram', host: '127.0.0.1', port };
  const { close } = await openTelegram(host, { webhook }, fake);
  context.after(close);
  const ann = new FakeMember(fake);
  const { updates } = await ann.say('/help');
  assert.equal((await host.next()).command, 'help');
  await fake.updates.redeliver(updates[0] ?? 0);
  await ann.say('/queue');
  assert.equal((await host.next()).command, 'queue', 'a redelivered update is taken once');
  const push = async (headers: Readonly<Record<string, string>>, body = '{"update_id":1}') => {
    const sent = { method: 'POST', headers, body };
    return (await fetch(`${fake.updates.webhookTarget}/telegram`, sent)).status;
  };
  const header = 'x-telegram-bot-api-secret-token';
  assert.equal(await push({}), 401);
  assert.equal(await push({ [header]: 'guessed' }), 401);
  assert.equal(await push({ [header]: fake.updates.secret }, '[]'), 400);
  assert.equal(await push({ [header]: fake.updates.secret }, 'x'.repeat(2 * 1024 * 1024)), 413);
  assert.equal(fake.calls.includes('getUpdates'), false);
});

async function freePort(): Promise<number> {
  const probe = await FakeTelegram.start();
  const { port } = new URL(probe.apiRoot);
  await probe.stop();
  return Number(port);
}
