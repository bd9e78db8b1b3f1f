import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import sharp, { type Sharp } from 'sharp';
import { loadConfig } from '../../src/config.js';
import { serve } from '../../src/main.js';
import { facePhoto } from '../fakes/photos.js';
import { launchBrowser, skipWithoutBrowser } from './browser.js';
import { attach, makeAlbum, openPage, say } from './page.js';

describe('the whole way with the embedded model', { skip: skipWithoutBrowser }, () => {
  const stop = new AbortController();
  let browser: Browser;
  let address: string;
  let served: Promise<void>;

  before(async () => {
    browser = await launchBrowser();
    const config = loadConfig({ env: { LIKENESS_PORT: '0', LIKENESS_LOG_LEVEL: 'silent' }, cwd: import.meta.dirname });
    address = await new Promise((resolve, reject) => {
      served = serve(config, { signal: stop.signal, onReady: resolve });
      served.catch(reject);
    });
  });
  after(async () => {
    stop.abort();
    await served;
    await browser.close();
  });

  test('a real photo in, a real album out', async (context) => {
    const { page, complaints } = await openPage(context, { browser, address });
    await makeAlbum(page, 'smiling, looking left, pencil sketch');
    const tiles = page.locator('.album .tile');
    assert.equal(await tiles.count(), 4);
    await tiles.first().click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('dialog').getByText('Download').click(),
    ]);
    const file = readFileSync(await download.path());
    const { width, height, format } = await sharp(file).metadata();
    assert.deepEqual([width, height, format], [512, 512, 'png']);
    const { entropy } = await sharp(file).stats();
    assert.ok(entropy > 3, 'a picture, not a flat colour');
    assert.deepEqual(complaints, []);
  });

  test('a picture without a face and one with two are refused in a sentence each', async (context) => {
    const { page } = await openPage(context, { browser, address });
    const photo = async (picture: Sharp) => [
      { name: 'photo.png', mimeType: 'image/png', buffer: await picture.png().toBuffer() },
    ];
    const empty = sharp({ create: { width: 640, height: 480, channels: 3, background: '#7799aa' } });
    const face = await sharp(facePhoto()).resize(512, 512).toBuffer();
    const two = sharp({ create: { width: 1024, height: 512, channels: 3, background: '#ffffff' } }).composite([
      { input: face, left: 0, top: 0 },
      { input: await sharp(face).flop().toBuffer(), left: 512, top: 0 },
    ]);
    await attach(page, await photo(empty));
    await say(page, 'smiling');
    await page.getByRole('button', { name: 'I agree' }).click();
    await page.getByText('I found no face in the photo.').waitFor();
    await page.getByRole('button', { name: 'Remove photo.png' }).click();
    await attach(page, await photo(two));
    await say(page, 'smiling');
    await page.getByText('I see several faces.').waitFor();
  });
});
