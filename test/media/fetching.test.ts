import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { test, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { fetchCapped, type FetchRules } from '../../src/platforms/capped.js';
import { CDN_ORIGINS } from '../../src/platforms/discord/attachment.js';

const LIMIT = 1000;
const TELEGRAM = 'https://api.telegram.org';

/** A file server of the test's making, and how to fetch from it. */
async function serve(context: TestContext, listener: RequestListener) {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const bound = server.address();
  const origin = `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`;
  const get = (changes: Partial<FetchRules> = {}) =>
    fetchCapped(`${origin}/photo.jpg`, { origins: [origin], maxBytes: LIMIT, ...changes });
  return { origin, get };
}

const refused = (code: string) => (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === code && !JSON.stringify(error.cause ?? '').includes('//');

test('nothing is fetched from anywhere but the platforms’ own file servers', async () => {
  const addresses = [
    'http://127.0.0.1/',
    'http://[::1]:8787/',
    'http://10.0.0.1/photo.jpg',
    'http://192.168.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://localhost:6379/',
    'file:///etc/passwd',
    'data:image/png;base64,AAAA',
    'ftp://cdn.discordapp.com/photo.jpg',
    'http://cdn.discordapp.com/photo.jpg',
    'https://cdn.discordapp.com:8443/photo.jpg',
    'https://cdn.discordapp.com.example.org/photo.jpg',
    'https://cdn.discordapp.com@example.org/photo.jpg',
    'https://ann@cdn.discordapp.com/photo.jpg',
    'https://example.org/cdn.discordapp.com',
    'https://example.org#https://cdn.discordapp.com',
    'https://api.telegram.org.example.org/',
    '//cdn.discordapp.com/photo.jpg',
    '/etc/passwd',
    '',
  ];
  for (const address of addresses) {
    const fetched = fetchCapped(address, { origins: [...CDN_ORIGINS, TELEGRAM], maxBytes: LIMIT });
    await assert.rejects(fetched, refused('photo-unreachable'), address);
  }
});

test('a redirect is not followed, not even to the same place', async (context) => {
  const asked: string[] = [];
  const { get } = await serve(context, ({ url = '' }, response) => {
    asked.push(url);
    response.writeHead(302, { location: '/elsewhere' }).end();
  });
  await assert.rejects(get(), refused('photo-unreachable'));
  assert.deepEqual(asked, ['/photo.jpg']);
});

test('a file is refused by the size it claims, before any of it is read', async (context) => {
  const { get } = await serve(context, (_, response) => {
    response.writeHead(200, { 'content-length': String(LIMIT + 1) }).flushHeaders();
  });
  await assert.rejects(get(), refused('file-too-large'));
});

test('a file that claims nothing is read up to the limit and no further', async (context) => {
  let hungUp: Promise<unknown> = Promise.resolve();
  const { get } = await serve(context, (_, response) => {
    hungUp = once(response, 'close');
    const more = (error?: Error | null): void => void (error ?? response.write(Buffer.alloc(400), more));
    more();
  });
  await assert.rejects(get(), refused('file-too-large'));
  await hungUp;
});

test('what is packed counts by what it unpacks to', async (context) => {
  const bomb = gzipSync(Buffer.alloc(LIMIT * 1000));
  const { get } = await serve(context, (_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb.subarray(0, LIMIT * 2));
  });
  await assert.rejects(get(), refused('file-too-large'));
});

test('a server that never answers, stops half-way or hangs up is given up', async (context) => {
  const manners: Readonly<Record<string, RequestListener>> = {
    silent: () => undefined,
    stalling: (_, response) => void response.write('a few bytes'),
    cutting: (_, response) =>
      void response.writeHead(200, { 'content-length': '9' }).write('a', () => response.destroy()),
    refusing: (_, response) => void response.writeHead(404).end('gone'),
  };
  for (const listener of Object.values(manners)) {
    const { get } = await serve(context, listener);
    await assert.rejects(get({ timeout: 50 }), refused('photo-unreachable'));
  }
});

test('a file within the limit comes whole', async (context) => {
  const bytes = Buffer.from('x'.repeat(LIMIT));
  const { get } = await serve(context, (_, response) => void response.end(bytes));
  assert.deepEqual(Buffer.from(await get()), bytes);
});
