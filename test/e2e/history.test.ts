import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser, skipWithoutBrowser } from '../fixtures/chromium.js';
import { complaintsAbout, makeAlbum, openChat, openPage, overhang, PHONE } from './page.js';

const DAYS = { history: { days: 30 } };

describe('the albums a browser keeps', { skip: skipWithoutBrowser }, () => {
  let browser: Browser;
  before(async () => void (browser = await launchBrowser()));
  after(() => browser.close());

  test('who turns it on finds past albums, makes more of one in the chat, and is asked before all are deleted', async (context) => {
    const { address, engine } = await openChat(context, DAYS);
    const { page, complaints } = await openPage(context, { browser, address });
    await page.getByRole('link', { name: 'Albums' }).click();
    const keep = page.getByLabel('Keep my albums on this machine');
    assert.equal(await keep.isChecked(), false);
    await keep.check();
    await page.getByText('No albums yet').waitFor();
    await page.getByRole('link', { name: 'Chat' }).click();
    await makeAlbum(page, 'neon count:1');
    await page.getByRole('link', { name: 'Albums' }).click();
    const kept = page.locator('#history-view .album');
    await kept.waitFor();
    assert.deepEqual(await complaintsAbout(page), []);

    await kept.locator('.tile').click();
    const viewer = page.getByRole('dialog', { name: 'Album' });
    await viewer.getByRole('button', { name: 'More like this one' }).click();
    await page.locator('#messages .album').nth(1).waitFor();
    assert.equal(engine.requests[1]?.prompt, 'neon, smiling, looking left');

    await page.getByRole('link', { name: 'Albums' }).click();
    await kept.nth(1).waitFor();
    const questions: string[] = [];
    page.on('dialog', (dialog) => {
      questions.push(dialog.message());
      void (questions.length === 1 ? dialog.dismiss() : dialog.accept());
    });
    await keep.click();
    assert.equal(await kept.count(), 2, 'No was said');
    await keep.click();
    await page.locator('#history-view .album').first().waitFor({ state: 'detached' });
    assert.equal(questions.length, 2);
    assert.deepEqual(complaints, []);
  });

  test('where nobody may keep albums, nothing of it is shown; a phone has room for it where they may', async (context) => {
    const none = await openChat(context);
    const { page } = await openPage(context, { browser, address: none.address });
    assert.equal(await page.getByRole('link', { name: 'Albums' }).count(), 0);
    const { address } = await openChat(context, DAYS);
    const { page: phone } = await openPage(context, { browser, address, locale: 'ru', ...PHONE });
    await phone.locator('nav a[href="#albums"]').click();
    await phone.locator('#keep-albums').waitFor();
    assert.equal(await overhang(phone), 0);
  });
});
