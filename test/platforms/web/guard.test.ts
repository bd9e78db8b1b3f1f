import assert from 'node:assert/strict';
import { request } from 'node:http';
import { hostname } from 'node:os';
import { text as readText } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { commands, defaultCommand } from '../../../commands/index.js';
import { translator } from '../../../src/language/texts.js';
import { createWebPlatform } from '../../../src/platforms/web/platform.js';
import { FakeBrowser } from '../../fakes/browser.js';
import { ListeningHost } from '../../fakes/host.js';
import { testPresets } from '../../fakes/presets.js';
import { webParts } from '../../fakes/web-parts.js';

const host = new ListeningHost();
const platform = createWebPlatform({
  ...webParts(),
  host: '127.0.0.1',
  port: 0,
  publicUrls: ['https://portraits.example:8443'],
  commands,
  defaultCommand,
  presets: testPresets,
  maxPhotoBytes: 1000,
});
before(() => platform.start(host));
after(() => platform.stop());

interface Asked {
  readonly method?: string;
  readonly headers: Record<string, string>;
}

/** The answer to a request with any headers, even those `fetch` would not let through. */
function answerOf(path: string, { method = 'GET', headers }: Asked): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, platform.address), { method, headers }, (response) => {
      readText(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
    });
    sent.on('error', reject).end();
  });
}

const statusOf = async (path: string, asked: Asked): Promise<number> => (await answerOf(path, asked)).status;

test('names that are not this machine’s are misdirected: a rebound name reaches nothing', async () => {
  const { port } = new URL(platform.address);
  for (const name of [`evil.example:${port}`, 'evil.example', 'localhost.evil.example', '127.evil.example']) {
    assert.equal(await statusOf('/', { headers: { host: name } }), 421, name);
  }
  for (const name of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, 'likeness.localhost', 'localhost.']) {
    assert.equal(await statusOf('/', { headers: { host: name } }), 200, name);
  }
});

test('this machine’s own name is not misdirected, in its network either; another is told what to set', async () => {
  const { port } = new URL(platform.address);
  const name = hostname();
  for (const own of [name, name.toUpperCase(), `${name.split('.')[0]}.local`, `${name.split('.')[0]}.local.`]) {
    assert.equal(await statusOf('/', { headers: { host: `${own}:${port}` } }), 200, own);
  }
  const { status, text } = await answerOf('/', { headers: { host: 'mybox.example', 'accept-language': 'de' } });
  assert.deepEqual([status, text], [421, translator('de')('web.misdirected')]);
  assert.match(text, /LIKENESS_PUBLIC_URLS/);
});

test('behind a proxy that speaks https: the page’s own posts count as its own', async () => {
  const { cookie } = await FakeBrowser.open(platform.address);
  const { port } = new URL(platform.address);
  const post = (headers: Readonly<Record<string, string>>) =>
    answerOf('/api/clear', { method: 'POST', headers: { cookie, ...headers } });
  const kept = { host: `127.0.0.1:${port}`, origin: `https://127.0.0.1:${port}` };
  assert.equal((await post(kept)).status, 204, 'a proxy that keeps Host');
  const rewritten = { host: `127.0.0.1:${port}`, origin: 'https://portraits.example:8443' };
  assert.equal((await post(rewritten)).status, 204, 'a proxy that rewrites Host, named by the operator');
  const port8443 = { ...rewritten, origin: 'https://portraits.example' };
  const { status, text } = await post(port8443);
  assert.deepEqual([status, text], [403, translator('en')('web.misdirected')], 'another port is another page');
  assert.equal(await statusOf('/', { headers: { host: 'portraits.example:8443' } }), 200);
});

test('the events ask a proxy to pass each on at once', async () => {
  const browser = await FakeBrowser.open(platform.address);
  const { headers, body } = await browser.get('/api/events');
  assert.equal(headers.get('x-accel-buffering'), 'no');
  await body?.cancel();
});

test('another site can neither post nor read', async () => {
  const browser = await FakeBrowser.open(platform.address);
  const foreign = { origin: 'https://evil.example' };
  assert.equal((await browser.post('/api/consent', { headers: foreign })).status, 403);
  assert.equal((await browser.post('/api/consent', { headers: { 'sec-fetch-site': 'cross-site' } })).status, 403);
  assert.equal((await browser.get('/api/setup', { 'sec-fetch-site': 'same-site' })).status, 403);
  assert.equal(await statusOf('/api/consent', { method: 'POST', headers: { cookie: browser.cookie } }), 403);
  assert.equal((await browser.get('/', { 'sec-fetch-site': 'cross-site' })).status, 200);
  assert.deepEqual(host.agreed, []);
  assert.equal((await browser.post('/api/consent')).status, 204);
});

test('without a known cookie there is no conversation', async () => {
  const { headers } = await fetch(new URL('/api/setup', platform.address));
  const [set = '', name] =
    /^(likeness-session-[\w-]{8})=.*; HttpOnly; SameSite=Strict$/.exec(headers.get('set-cookie') ?? '') ?? [];
  assert.notEqual(set, '');
  for (const cookie of ['', `${name}=guessed`]) {
    assert.equal((await fetch(new URL('/api/events', platform.address), { headers: { cookie } })).status, 401);
  }
});

test('a monitor that asks for the page again and again makes no session', async () => {
  const { headers } = await fetch(platform.address);
  assert.equal(headers.get('set-cookie'), null);
});

test('the page may load nothing but its own files', async () => {
  const { headers } = await fetch(platform.address);
  const policy = headers.get('content-security-policy') ?? '';
  for (const rule of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'none'"]) {
    assert.ok(policy.includes(rule), rule);
  }
  assert.doesNotMatch(policy, /unsafe|\*|https?:/);
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  assert.equal(headers.get('referrer-policy'), 'no-referrer');
});

test('only the page’s own files can be asked for', async () => {
  const status = async (path: string) => (await fetch(new URL(path, platform.address))).status;
  for (const path of ['/platforms/web/assets/app.js', '/chat/grammar.js']) assert.equal(await status(path), 200, path);
  for (const path of [
    '/chat/parse.ts',
    '/platforms/web/assets/tsconfig.json',
    '/platforms/web/assets/..%2froutes.ts',
    '/platforms/web/assets/%2e%2e/routes.ts',
    '/package.json',
  ]) {
    assert.equal(await status(path), 404, path);
  }
});

test('a form that is not the page’s is refused', async () => {
  const browser = await FakeBrowser.open(platform.address);
  const body = (fields: Readonly<Record<string, string>>) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    return form;
  };
  for (const fields of [
    { text: 'no key' },
    { key: '../../etc', text: 'x' },
    { key: 'long-enough-key', text: 'x'.repeat(30_000) },
  ]) {
    assert.equal((await browser.post('/api/messages', { body: body(fields) })).status, 400);
  }
  assert.equal(host.unread, 0);
});
