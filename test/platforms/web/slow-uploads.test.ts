import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { commands, defaultCommand } from '../../../commands/index.js';
import { createWebPlatform } from '../../../src/platforms/web/platform.js';
import { FakeBrowser } from '../../fakes/browser.js';
import { ListeningHost } from '../../fakes/host.js';
import { testPresets } from '../../fakes/presets.js';
import { webParts } from '../../fakes/web-parts.js';

const MEBIBYTE = 2 ** 20;

/** Somebody whose line is so slow that of their photo hardly anything arrives, until they give up. */
async function beginUpload(address: string): Promise<() => void> {
  const { cookie } = await FakeBrowser.open(address);
  const url = new URL('/api/messages', address);
  const headers = {
    cookie,
    origin: url.origin,
    'content-type': 'multipart/form-data; boundary=b',
    'content-length': 5 * MEBIBYTE,
  };
  const sent = request(url, { method: 'POST', headers });
  sent.on('error', () => undefined);
  await new Promise<void>((resolve) => void sent.write('--b\r\n', () => resolve()));
  return () => void sent.destroy();
}

test('three photos on slow lines held up everybody else’s: no more than there is memory for are read at a time', async (context) => {
  const host = new ListeningHost();
  const rest = {
    host: '127.0.0.1',
    port: 0,
    commands,
    defaultCommand,
    presets: testPresets,
    maxPhotoBytes: 20 * MEBIBYTE,
  };
  const platform = createWebPlatform({ ...webParts(), ...rest });
  await platform.start(host);
  context.after(() => platform.stop());
  const giveUp = await Promise.all(Array.from({ length: 20 }, () => beginUpload(platform.address)));
  context.after(() => giveUp.forEach((leave) => leave()));
  const ann = await FakeBrowser.open(platform.address);
  await ann.send({ text: 'smiling', photos: [new Uint8Array(3 * MEBIBYTE)] });
  assert.equal((await host.next()).attachments.length, 1);
});
