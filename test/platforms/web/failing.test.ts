import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commands, defaultCommand } from '../../../commands/index.js';
import { createWebPlatform } from '../../../src/platforms/web/platform.js';
import { FakeBrowser } from '../../fakes/browser.js';
import { ListeningHost } from '../../fakes/host.js';
import { testPresets } from '../../fakes/presets.js';
import { webParts } from '../../fakes/web-parts.js';

test('a full disk wrote a stack to standard error, past the log: it is reported, and the page is told in a sentence', async (context) => {
  const written = context.mock.method(console, 'error', () => undefined);
  const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
  const host = Object.assign(new ListeningHost(), { consent: () => Promise.reject(full) });
  const reported: unknown[] = [];
  const platform = createWebPlatform({
    ...webParts(),
    host: '127.0.0.1',
    port: 0,
    commands,
    defaultCommand,
    presets: testPresets,
    maxPhotoBytes: 1000,
    onError: (error) => void reported.push(error),
  });
  await platform.start(host);
  context.after(() => platform.stop());
  const browser = await FakeBrowser.open(platform.address);
  const answer = await browser.post('/api/consent');
  assert.deepEqual(
    [answer.status, await answer.text()],
    [500, 'I have no room left to work in. Nothing was kept; please try again later.'],
  );
  assert.deepEqual([reported, written.mock.callCount()], [[full], 0]);
  assert.equal(
    (await browser.post('/api/messages', { body: new FormData() })).status,
    400,
    'what the page sent wrongly is its own fault',
  );
  assert.equal(reported.length, 1);
});
