import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { loadConfig } from '../../../src/config.js';
import { temporaryFolder } from '../../temporary-folder.js';

const token = '123456:AAa-token_from_BotFather';

test('a token, or a file that holds it, switches Telegram on; an empty one does not', () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, 'secret'), `${token}\n`);
  assert.equal(loadConfig({ env: { TELEGRAM_TOKEN: token }, cwd }).telegram.token, token);
  assert.equal(loadConfig({ env: { TELEGRAM_TOKEN_FILE: 'secret' }, cwd }).telegram.token, token);
  assert.equal(loadConfig({ env: { TELEGRAM_TOKEN: '' }, cwd }).telegram.token, undefined);
  assert.equal(loadConfig({ env: {}, cwd }).telegram.token, undefined);
});

test('mistakes are named by their variables, and never show the token', () => {
  const env = {
    TELEGRAM_TOKEN: `bot ${token}`,
    TELEGRAM_WEBHOOK_URL: 'http://bot.example.org/',
    TELEGRAM_WEBHOOK_PORT: '0',
  };
  const mistake = (error: unknown): boolean => {
    const shown = inspect(error, { depth: 9 });
    return Object.keys(env).every((name) => shown.includes(name)) && !shown.includes('AAa-token');
  };
  assert.throws(() => loadConfig({ env, cwd: temporaryFolder() }), mistake);
});
