import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { FakeTelegram } from '../../fakes/telegram/server.js';
import { examine, linesOf } from './examined.js';

const HOOK = 'https://bot.example.org/telegram';

async function open(context: TestContext): Promise<FakeTelegram> {
  const telegram = await FakeTelegram.start();
  context.after(() => telegram.stop());
  return telegram;
}

async function look(telegram: FakeTelegram, more: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const env = { TELEGRAM_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.apiRoot, ...more };
  return linesOf(await examine(['telegram'], env), 'telegram');
}

test('a new bot: its name, privacy mode, and that updates are asked for; nothing is changed', async (context) => {
  const telegram = await open(context);
  const lines = await look(telegram);
  assert.match(lines[0] ?? '', /^ok: .*@LikenessBot/);
  assert.match(lines[1] ?? '', /^ok: privacy mode is on.*\/setprivacy/);
  assert.match(lines[2] ?? '', /^ok: .*long polling, 0 waiting/);
  assert.deepEqual(telegram.calls, ['getMe', 'getWebhookInfo']);
});

test('privacy mode off, and a bot that may not be in groups', async (context) => {
  const telegram = await open(context);
  telegram.world.botSettings = { ...telegram.world.botSettings, can_read_all_group_messages: true };
  assert.match((await look(telegram))[1] ?? '', /^ok: privacy mode is off/);
  telegram.world.botSettings = { ...telegram.world.botSettings, can_join_groups: false };
  assert.match((await look(telegram))[1] ?? '', /^ok: .*\/setjoingroups/);
});

test('a webhook nobody here set: another program has the updates, or takes them', async (context) => {
  const telegram = await open(context);
  telegram.updates.setWebhook({ url: 'https://elsewhere.example/secret-path' });
  for (const more of [{}, { TELEGRAM_WEBHOOK_URL: HOOK }]) {
    const line = (await look(telegram, more))[2] ?? '';
    assert.match(line, /^wrong: .*elsewhere\.example.*stop it/);
    assert.doesNotMatch(line, /secret-path/);
  }
});

test('one’s own webhook: still to be set, in order, or failing with Telegram’s reason', async (context) => {
  const telegram = await open(context);
  const more = { TELEGRAM_WEBHOOK_URL: HOOK };
  assert.match((await look(telegram, more))[2] ?? '', /^ok: the next start/);
  telegram.updates.setWebhook({ url: HOOK });
  assert.match((await look(telegram, more))[2] ?? '', /^ok: updates are pushed to https:\/\/bot\.example\.org/);
  const now = Math.floor(Date.now() / 1000);
  telegram.updates.pushFailure = { last_error_date: now, last_error_message: 'Connection refused' };
  assert.match((await look(telegram, more))[2] ?? '', /^wrong: .*Connection refused.*TELEGRAM_WEBHOOK_PORT/);
  telegram.updates.pushFailure = { last_error_date: now - 7200, last_error_message: 'Connection refused' };
  assert.match((await look(telegram, more))[2] ?? '', /^ok/);
});

test('a token Telegram does not know, said without the token', async (context) => {
  const telegram = await open(context);
  const lines = await look(telegram, { TELEGRAM_TOKEN: '12345:AAanother_token' });
  assert.deepEqual(lines.length, 1);
  assert.match(lines[0] ?? '', /^wrong: Telegram does not accept the token in TELEGRAM_TOKEN/);
  assert.doesNotMatch(lines[0] ?? '', /AAanother/);
});

test('without a token there is no bot, which is in order', async () => {
  assert.deepEqual(linesOf(await examine(['telegram'], {}), 'telegram'), ['ok: none, since TELEGRAM_TOKEN is not set']);
});
