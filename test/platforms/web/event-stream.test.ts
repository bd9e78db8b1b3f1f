import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { commands, defaultCommand } from '../../../commands/index.js';
import { createWebPlatform } from '../../../src/platforms/web/platform.js';
import { FakeBrowser } from '../../fakes/browser.js';
import { ListeningHost } from '../../fakes/host.js';
import { testPresets } from '../../fakes/presets.js';
import { webParts } from '../../fakes/web-parts.js';

/** More than the system itself holds for a connection whose other end does not read. */
const MESSAGES = 300;
const LONG = 'x'.repeat(100_000);

test('a page that does not read what it is told is let go, and one that reads is told everything', async (context) => {
  const options = { ...webParts(), commands, defaultCommand, presets: testPresets, maxPhotoBytes: 1000 };
  const platform = createWebPlatform({ ...options, host: '127.0.0.1', port: 0 });
  await platform.start(new ListeningHost());
  context.after(() => platform.stop());
  const browser = await FakeBrowser.open(platform.address);
  const deaf = await openUnread(platform.address, browser.cookie);
  const all = browser.until((messages) => messages.length === MESSAGES);
  const session = browser.cookie.split('=')[1]?.split('.')[0] ?? '';
  for (let count = 0; count < MESSAGES; count++) {
    await platform.reply({ session, key: `key-${count}` }).say(LONG);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal((await all).length, MESSAGES);
  // What the system holds already can still be read, and then it ends, before everything came.
  const read = await countBytes(deaf);
  assert.ok(read < MESSAGES * LONG.length, `${read} bytes`);
});

test('a monitor that asks for the events by HEAD kept a conversation in memory for ever', async (context) => {
  const options = { ...webParts(), commands, defaultCommand, presets: testPresets, maxPhotoBytes: 1000 };
  const platform = createWebPlatform({ ...options, host: '127.0.0.1', port: 0 });
  await platform.start(new ListeningHost());
  context.after(() => platform.stop());
  const browser = await FakeBrowser.open(platform.address);
  const session = browser.cookie.split('=')[1]?.split('.')[0] ?? '';
  await platform.reply({ session, key: 'first' }).say('hello');
  const headers = { cookie: browser.cookie };
  const { status } = await fetch(new URL('/api/events', platform.address), { method: 'HEAD', headers });
  assert.equal(status, 200);
  for (let count = 0; count < 300; count++)
    await platform.reply({ session: String(count).padStart(43, '0'), key: 'k' }).say('hello');
  assert.deepEqual(await browser.messages(), [], 'it made way for others');
});

/** An event stream of which nothing is read for now. */
async function openUnread(address: string, cookie: string): Promise<IncomingMessage> {
  const sent = request(new URL('/api/events', address), { headers: { cookie } });
  sent.end();
  const [response]: IncomingMessage[] = await once(sent, 'response');
  assert.ok(response);
  response.on('error', () => undefined);
  return response.pause();
}

/** How much can be read of a response until it is closed. */
async function countBytes(response: IncomingMessage): Promise<number> {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => (bytes += chunk.length)).resume();
  if (!response.closed) await new Promise((resolve) => response.on('close', resolve));
  return bytes;
}
