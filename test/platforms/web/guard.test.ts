import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { commands, defaultCommand } from '../../../commands/index.js';
import { createWebPlatform } from '../../../src/platforms/web/platform.js';
import { FakeBrowser } from '../../fakes/browser.js';
import { ListeningHost } from '../../fakes/host.js';
import { testPresets } from '../../fakes/presets.js';

const host = new ListeningHost();
const platform = createWebPlatform({
  host: '127.0.0.1',
  port: 0,
  commands,
  defaultCommand,
  presets: testPresets,
  maxPhotoBytes: 1000,
});
before(() => platform.start(host));
after(() => platform.stop());

/** The status of a request with any headers, even those `fetch` would not let through. */
function statusOf(
  path: string,
  { method = 'GET', headers }: { readonly method?: string; readonly headers: Record<string, string> },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, platform.address), { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject).end();
  });
}

test('names that are not this machine’s are misdirected: a rebound name reaches nothing', async () => {
  const { port } = new URL(platform.address);
  for (const name of [`evil.example:${port}`, 'evil.example', 'localhost.evil.example']) {
    assert.equal(await statusOf('/', { headers: { host: name } }), 421, name);
  }
  for (const name of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]) {
    assert.equal(await statusOf('/', { headers: { host: name } }), 200, name);
  }
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
  const { headers } = await fetch(platform.address);
  assert.match(headers.get('set-cookie') ?? '', /; HttpOnly; SameSite=Strict$/);
  for (const cookie of ['', 'likeness-session=guessed']) {
    assert.equal((await fetch(new URL('/api/events', platform.address), { headers: { cookie } })).status, 401);
  }
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
  for (const path of ['/assets/app.js', '/chat/grammar.js']) assert.equal(await status(path), 200, path);
  for (const path of [
    '/chat/parse.ts',
    '/assets/tsconfig.json',
    '/assets/..%2froutes.ts',
    '/assets/%2e%2e/routes.ts',
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
