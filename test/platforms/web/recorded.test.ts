import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commands, defaultCommand } from '../../../commands/index.js';
import { createWebPlatform } from '../../../src/platforms/web/platform.js';
import { FakeBrowser } from '../../fakes/browser.js';
import { ListeningHost } from '../../fakes/host.js';
import { testPresets as presets } from '../../fakes/presets.js';
import { webParts } from '../../fakes/web-parts.js';

test('the page was told that a message is taken before that was recorded: a killed program never answered it', async (context) => {
  const host = new ListeningHost();
  const options = { ...webParts(), commands, defaultCommand, presets, maxPhotoBytes: 1000 };
  const platform = createWebPlatform({ ...options, host: '127.0.0.1', port: 0 });
  await platform.start(host);
  context.after(() => platform.stop());
  const browser = await FakeBrowser.open(platform.address);
  let record = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    host.begin = async () => {
      resolve();
      await new Promise<void>((recorded) => (record = recorded));
      return () => undefined;
    };
  });
  let taken = false;
  const sent = browser.send({ text: 'smiling' }).then(() => (taken = true));
  await asked;
  await browser.get('/api/setup');
  assert.ok(!taken);
  assert.equal(host.unread, 0);
  record();
  await Promise.all([sent, host.next()]);
});
