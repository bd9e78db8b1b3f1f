import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import sharp, { type Sharp } from 'sharp';
import { facePhoto } from '../fakes/photos.js';
import { launchBrowser, skipWithoutBrowser } from '../fixtures/chromium.js';
import { attach, makeAlbum, openPage, say } from './page.js';
import { assertAlbum, assertPortrait, PATIENCE, type Served, serveWhole } from './served.js';

describe('the whole way with the embedded model', { ...PATIENCE, skip: skipWithoutBrowser }, () => {
  let browser: Browser;
  let served: Served;

  before(async () => {
    browser = await launchBrowser();
    served = await serveWhole();
  });
  after(async () => {
    await served.stop();
    await browser.close();
  });

  test('a real photo in, a real album out', async (context) => {
    const { page, complaints } = await openPage(context, { browser, address: served.address });
    await makeAlbum(page, 'smiling, looking left, pencil sketch seed:7');
    const album = page.locator('.album');
    const previews = await album.locator('.tile img').evaluateAll((images) => images.map(({ src }) => String(src)));
    const portraits = await Promise.all(previews.map((preview) => bytesAt(page, preview)));
    await assertAlbum({ portraits, wanted: 4, said: await album.innerText() });
    await album.locator('.tile').first().click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('dialog').getByText('Download').click(),
    ]);
    await assertPortrait(readFileSync(await download.path()), 'png');
    assert.deepEqual(complaints, []);
  });

  test('a picture without a face and one with two are refused in a sentence each', async (context) => {
    const { page } = await openPage(context, { browser, address: served.address });
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

/** What the page shows at an address. */
async function bytesAt(page: Page, address: string): Promise<Uint8Array> {
  const response = await page.request.get(address);
  assert.ok(response.ok());
  return response.body();
}
