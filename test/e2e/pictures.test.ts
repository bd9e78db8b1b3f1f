import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { unsupportedFiles } from '../fakes/bad-files.js';
import { launchBrowser, skipWithoutBrowser } from '../fixtures/chromium.js';
import { attach, facePath, openChat, openPage, say } from './page.js';

describe('pictures in answers of the web chat', { skip: skipWithoutBrowser }, () => {
  let browser: Browser;
  before(async () => void (browser = await launchBrowser()));
  after(() => browser.close());

  test('a rule for photos without a preview cut every picture of an answer: they keep their shape', async (context) => {
    const { address } = await openChat(context);
    const { page } = await openPage(context, { browser, address });
    await say(page, '/event create title:Ball prompt:smiling');
    await page.getByText('“Ball” is open').waitFor();
    await attach(page, facePath);
    await say(page, '/event join agree:yes name:Ada');
    await page.getByRole('button', { name: 'I agree' }).click();
    await page.locator('.message.album').waitFor();
    await say(page, '/event sheet');
    const picture = page.locator('.message.text .shown img').last();
    await picture.waitFor();
    // Text, because these tests are compiled without the types of the browser.
    const [shown, natural] = await page.evaluate<[number, number]>(`(async () => {
      const image = [...document.querySelectorAll('.message.text .shown img')].at(-1);
      await image.decode();
      return [image.clientWidth / image.clientHeight, image.naturalWidth / image.naturalHeight];
    })()`);
    assert.ok(Math.abs(shown / natural - 1) < 0.02, `${shown} instead of ${natural}`);
    await picture.click();
    await page.getByRole('dialog', { name: 'Album' }).getByText('1 of 1').waitFor();
  });

  test('a telephone’s HEIC was refused: it is sent as JPEG where the browser reads it, else the answer says how', async (context) => {
    const { address, engine } = await openChat(context);
    const { page } = await openPage(context, { browser, address });
    // This browser reads no HEIC; that it would is seen from a file of the name and type whose content it does read.
    const file = (buffer: Buffer) => [{ name: 'IMG_0001.HEIC', mimeType: 'image/heic', buffer }];
    await attach(page, file(Buffer.from(unsupportedFiles.HEIC)));
    await page.getByRole('button', { name: 'Remove IMG_0001.HEIC' }).waitFor();
    await say(page, 'smiling');
    await page.getByRole('button', { name: 'I agree' }).click();
    await page.getByText('That is a HEIC photo').waitFor();
    await page.getByRole('button', { name: 'Remove IMG_0001.HEIC' }).click();
    await attach(page, file(readFileSync(facePath)));
    await page.getByRole('button', { name: 'Remove IMG_0001.jpg' }).waitFor();
    await say(page, 'smiling');
    await page.locator('.message.album').waitFor();
    assert.equal(engine.requests.length, 1);
  });
});
