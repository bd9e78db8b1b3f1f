import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import os, { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { defaultLimits, loadConfig, packageRoot } from '../src/config.js';
import { LikenessError } from '../src/errors.js';
import { temporaryFolder } from './temporary-folder.js';

function folder(files: Record<string, string> = {}): string {
  const made = temporaryFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(made, name), content);
  return made;
}

function problemsOf(env: Record<string, string>, cwd: string): string {
  try {
    loadConfig({ env, cwd });
  } catch (error) {
    assert.ok(error instanceof LikenessError);
    assert.equal(error.code, 'config-invalid');
    return String(error.data.problems);
  }
  return assert.fail('the configuration was accepted');
}

test('nothing set: this machine only, port 8787, the tiny bundle of the package', () => {
  const cwd = folder();
  const config = loadConfig({ env: {}, cwd });
  assert.equal(config.host, '127.0.0.1');
  assert.equal(config.port, 8787);
  assert.equal(config.bundle, join(packageRoot, 'models', 'tiny'));
  assert.equal(config.data, join(homedir(), '.local', 'share', 'likeness'));
  assert.ok(config.engine.threads >= 1);
});

test('the environment wins over likeness.config.json, setting by setting', () => {
  const cwd = folder({ 'likeness.config.json': '{"port": 9000, "engine": {"threads": 3, "timeLimitSeconds": 20}}' });
  const config = loadConfig({ env: { LIKENESS_ENGINE_THREADS: '1' }, cwd });
  assert.equal(config.port, 9000);
  assert.equal(config.engine.threads, 1);
  assert.equal(config.engine.timeLimitSeconds, 20);
});

test('LIKENESS_CONFIG names another file; relative folders start where the command was given', () => {
  const cwd = folder({ 'other.json': '{"bundle": "weights", "data": "kept"}' });
  const config = loadConfig({ env: { LIKENESS_CONFIG: 'other.json' }, cwd });
  assert.equal(config.bundle, join(cwd, 'weights'));
  assert.equal(config.data, join(cwd, 'kept'));
});

test('the data folder is where the user’s programs keep their data', () => {
  const data = (env: Record<string, string>) => loadConfig({ env, cwd: folder() }).data;
  assert.equal(data({ XDG_DATA_HOME: '/srv/data' }), '/srv/data/likeness');
  assert.equal(data({ XDG_DATA_HOME: 'relative', HOME: '/home/ann' }), '/home/ann/.local/share/likeness');
  assert.equal(data({ XDG_DATA_HOME: '/srv/data', LIKENESS_DATA: '/elsewhere' }), '/elsewhere');
});

test('limits are set one by one, and a key is 64 hexadecimal digits', () => {
  const key = 'ab'.repeat(32);
  const config = loadConfig({ env: { LIKENESS_MEMBER_PER_DAY: '7', LIKENESS_KEY: key }, cwd: folder() });
  assert.deepEqual(config.limits, { ...defaultLimits, memberPerDay: 7 });
  assert.equal(config.key, key);
  const problems = problemsOf({ LIKENESS_LINE: '0', LIKENESS_KEY: 'secret' }, folder());
  assert.match(problems, /LIKENESS_LINE/);
  assert.match(problems, /LIKENESS_KEY: expected 64 hexadecimal digits/);
});

test('NAME_FILE names a file that holds the value', () => {
  const cwd = folder({ port: '9123\n' });
  assert.equal(loadConfig({ env: { LIKENESS_PORT_FILE: 'port' }, cwd }).port, 9123);
});

test('every mistake is listed at once, each under the name the operator used', () => {
  const cwd = folder({ 'likeness.config.json': '{"logLevel": "loud", "colour": "blue"}' });
  const problems = problemsOf({ LIKENESS_PORT: '70000', LIKENESS_ENGINE_THREADS: 'two' }, cwd);
  for (const name of ['LIKENESS_PORT', 'LIKENESS_ENGINE_THREADS', 'logLevel', 'colour']) {
    assert.match(problems, new RegExp(name));
  }
});

test('a number left empty is a mistake, not zero', () => {
  assert.match(problemsOf({ LIKENESS_PORT: '' }, folder()), /LIKENESS_PORT/);
});

test('a value given twice, an unreadable secret, a missing or broken file are mistakes', () => {
  const cwd = folder({ 'likeness.config.json': '{' });
  assert.match(problemsOf({}, cwd), /not valid JSON/);
  assert.match(problemsOf({ LIKENESS_CONFIG: 'absent.json' }, folder()), /cannot be read/);
  assert.match(problemsOf({ LIKENESS_HOST_FILE: 'absent' }, folder()), /LIKENESS_HOST_FILE: absent cannot be read/);
  const both = folder({ host: 'localhost' });
  assert.match(problemsOf({ LIKENESS_HOST: 'a', LIKENESS_HOST_FILE: 'host' }, both), /set only one/);
});

test('owners are members of a bot’s platform, parted by commas or as a list', () => {
  const cwd = folder({ 'likeness.config.json': '{"owners": ["telegram:9"]}' });
  assert.deepEqual(loadConfig({ env: {}, cwd }).owners, ['telegram:9']);
  assert.deepEqual(loadConfig({ env: { LIKENESS_OWNERS: 'discord:1, telegram:2' }, cwd }).owners, [
    'discord:1',
    'telegram:2',
  ]);
  assert.deepEqual(loadConfig({ env: { LIKENESS_OWNERS: '' }, cwd }).owners, []);
  assert.match(problemsOf({ LIKENESS_OWNERS: 'ann' }, cwd), /LIKENESS_OWNERS|owners/);
});

test('addresses from outside are named one after another; what is none is told', () => {
  const cwd = folder();
  const urls = 'https://portraits.example, http://mybox.lan:8787';
  assert.deepEqual(loadConfig({ env: { LIKENESS_PUBLIC_URLS: urls }, cwd }).publicUrls, urls.split(', '));
  assert.deepEqual(loadConfig({ env: {}, cwd }).publicUrls, []);
  assert.match(problemsOf({ LIKENESS_PUBLIC_URLS: 'portraits.example' }, cwd), /publicUrls.*expected addresses/);
});

test('an address of IPv6 may stand in brackets', () => {
  const env = { LIKENESS_HOST: '[::1]', LIKENESS_METRICS_HOST: '[::]', TELEGRAM_WEBHOOK_HOST: '::1' };
  const { host, metrics, telegram } = loadConfig({ env, cwd: folder() });
  assert.deepEqual([host, metrics.host, telegram.webhookHost], ['::1', '::', '::1']);
});

test('without a home folder only who needs the data folder is told to name one', (context) => {
  context.mock.method(os, 'homedir', () => {
    throw Object.assign(new Error('uv_os_homedir returned ENOENT'), { code: 'ERR_SYSTEM_ERROR' });
  });
  syncBuiltinESMExports();
  context.after(() => {
    context.mock.restoreAll();
    syncBuiltinESMExports();
  });
  const config = loadConfig({ env: {}, cwd: folder() });
  assert.equal(config.port, 8787);
  assert.throws(() => config.data, { code: 'home-missing' });
  assert.equal(loadConfig({ env: { LIKENESS_DATA: '/srv/likeness' }, cwd: folder() }).data, '/srv/likeness');
});
