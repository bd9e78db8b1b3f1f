import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser, skipWithoutBrowser } from '../fixtures/chromium.js';
import { attach, complaintsAbout, facePath, openChat, openPage, overhang, PHONE, say } from './page.js';

describe('the web chat for everyone', { skip: skipWithoutBrowser }, () => {
  let browser: Browser;
  before(async () => void (browser = await launchBrowser()));
  after(() => browser.close());

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe-core has nothing against any state of the page, ${colorScheme}`, async (context) => {
      const { address } = await openChat(context);
      const { page } = await openPage(context, { browser, address, colorScheme });
      assert.deepEqual(await complaintsAbout(page), [], 'the greeting');
      await page.getByRole('button', { name: 'Style, expression and more' }).click();
      assert.deepEqual(await complaintsAbout(page), [], 'the options');
      await page.keyboard.press('Escape');
      await page.getByLabel('Message', { exact: true }).fill('/');
      await page.getByRole('listbox').waitFor();
      assert.deepEqual(await complaintsAbout(page), [], 'the completions');
      await page.getByLabel('Message', { exact: true }).fill('');
      await attach(page, facePath);
      await say(page, 'smiling');
      await page.getByRole('button', { name: 'I agree' }).waitFor();
      assert.deepEqual(await complaintsAbout(page), [], 'the question for consent');
      await page.getByRole('button', { name: 'I agree' }).click();
      await page.locator('.message.album').waitFor();
      await page.getByRole('button', { name: 'Details' }).click();
      assert.deepEqual(await complaintsAbout(page), [], 'an album');
      await page.locator('.tile').first().click();
      await page.getByRole('dialog', { name: 'Album' }).waitFor();
      assert.deepEqual(await complaintsAbout(page), [], 'the viewer');
    });
  }

  test('all of it can be done with the keys alone', async (context) => {
    const { address } = await openChat(context);
    const { page } = await openPage(context, { browser, address });
    const press = async (...keys: string[]): Promise<void> => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const focused = () =>
      page.evaluate<string>('document.activeElement.ariaLabel ?? document.activeElement.textContent');
    await attach(page, facePath);
    await page.keyboard.type('smiling count:2');
    await press('Enter');
    await page.getByRole('button', { name: 'I agree' }).waitFor();
    for (let step = 0; step < 40 && (await focused()) !== 'I agree'; step++) await press('Shift+Tab');
    await press('Enter');
    await page.locator('.message.album').waitFor();
    const onTile = () => page.evaluate<boolean>("document.activeElement === document.querySelector('.tile')");
    for (let step = 0; step < 40 && !(await onTile()); step++) {
      await press('Shift+Tab');
    }
    assert.equal(await onTile(), true);
    await press('Enter');
    const viewer = page.getByRole('dialog', { name: 'Album' });
    await viewer.getByText('1 of 2').waitFor();
    await press('ArrowRight');
    await viewer.getByText('2 of 2').waitFor();
    await press('Escape');
    await viewer.waitFor({ state: 'hidden' });
    assert.equal(await onTile(), true, 'back where it was opened');
  });

  test('the viewer says how alike each portrait is, in the language of its owner', async (context) => {
    const { address } = await openChat(context);
    const { page } = await openPage(context, { browser, address, locale: 'de' });
    await attach(page, facePath);
    await page.locator('#message').fill('smiling stranger count:8 strength:20');
    await page.locator('.row .strong').click();
    await page.locator('.message .pill.strong').click();
    await page.locator('.tile').first().click();
    const said = page.locator('.viewer [aria-live="polite"]');
    await said.getByText('1 von 8 · Gesichtsähnlichkeit 0,01 · kaum ähnlich').waitFor();
  });

  for (const [locale, direction] of [
    ['en', 'ltr'],
    ['ar', 'rtl'],
    ['de', 'ltr'],
    ['ja', 'ltr'],
  ] as const) {
    test(`on a phone in ${locale} everything has room and is read ${direction}`, async (context) => {
      const { address } = await openChat(context);
      const { page } = await openPage(context, { browser, address, locale, ...PHONE });
      assert.equal(await page.evaluate('document.documentElement.dir'), direction);
      assert.equal(await page.evaluate('document.documentElement.lang'), locale);
      assert.equal(await overhang(page), 0, 'the greeting');
      await attach(page, facePath);
      await page.locator('#message').fill('smiling count:3');
      await page.locator('.row .strong').click();
      await page.locator('.message .pill.strong').click();
      await page.locator('.message.album').waitFor();
      assert.equal(await overhang(page), 0, 'an album');
      const mine = await page.locator('.mine .bubble').first().boundingBox();
      const middle = (mine?.x ?? 0) + (mine?.width ?? 0) / 2;
      assert.equal(middle > PHONE.viewport.width / 2, direction === 'ltr', 'one’s own words stand at the far side');
      for (const button of await page.locator('.row .round').all()) {
        const { width = 0, height = 0 } = (await button.boundingBox()) ?? {};
        assert.ok(Math.min(width, height) >= 36, `a finger meets ${width} × ${height}`);
      }
    });
  }
});
