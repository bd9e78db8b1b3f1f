import assert from 'node:assert/strict';
import { after, before, describe, test, type TestContext } from 'node:test';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { FakeBrowser } from '../fakes/browser.js';
import { facePhoto } from '../fakes/photos.js';
import { launchBrowser, skipWithoutBrowser } from '../fixtures/chromium.js';
import { attach, complaintsAbout, facePath, openChat, openPage, overhang, PHONE } from './page.js';

describe('the view of the line', { skip: skipWithoutBrowser }, () => {
  let browser: Browser;
  before(async () => void (browser = await launchBrowser()));
  after(() => browser.close());

  /** Somebody else's album is being made, and the one at the page waits behind it. */
  async function openQueue(context: TestContext, options: BrowserContextOptions = {}) {
    const { address, engine } = await openChat(context);
    const other = await FakeBrowser.open(address);
    await other.post('/api/consent');
    engine.hold();
    await other.send({ text: 'a secret request', photos: [facePhoto()] });
    await engine.halfWay();
    const { page, complaints } = await openPage(context, { browser, address, locale: 'en', ...options });
    await attach(page, facePath);
    // By its place: the labels are in the language of the page.
    await page.locator('#composer textarea').fill('smiling');
    await page.keyboard.press('Enter');
    await page.locator('.message.consent .strong').click();
    await page.locator('.message.status').waitFor();
    await page.goto(`${address}#queue`);
    await page.locator('.places li').waitFor();
    const figures = () => page.locator('#queue-view dd').allInnerTexts();
    return { page, complaints, engine, figures };
  }

  test('it shows how many wait and run, one’s own requests with their place, and nobody else’s words', async (context) => {
    const { page, complaints, engine, figures } = await openQueue(context);
    assert.deepEqual(await figures(), ['1', '1', 'not yet measured']);
    assert.match(await page.locator('.places li').innerText(), /smiling/);
    assert.equal(await page.getByText('secret').count(), 0);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('You have none waiting.').waitFor();
    assert.deepEqual(await figures(), ['1', '0', 'not yet measured']);
    engine.release();
    await page.locator('#queue-view dd').first().getByText('0').waitFor();
    assert.deepEqual(complaints, []);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe-core has nothing against it, and a phone has room for it, ${colorScheme}`, async (context) => {
      const locale = colorScheme === 'dark' ? 'ar' : 'en';
      const { page } = await openQueue(context, { colorScheme, ...PHONE, locale });
      assert.equal(await overhang(page), 0);
      assert.deepEqual(await complaintsAbout(page), []);
    });
  }
});
