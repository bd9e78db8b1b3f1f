import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { facePhoto } from '../fakes/photos.js';
import { launchBrowser, skipWithoutBrowser } from '../fixtures/chromium.js';
import { attach, facePath, handOver, makeAlbum, openChat, openPage, say } from './page.js';

describe('the web chat in a browser', { skip: skipWithoutBrowser }, () => {
  let browser: Browser;
  before(async () => void (browser = await launchBrowser()));
  after(() => browser.close());

  test('a photo and a few words become an album to look at and to keep', async (context) => {
    const { address, engine } = await openChat(context);
    const { page, complaints } = await openPage(context, { browser, address });
    engine.hold();
    await attach(page, facePath);
    await say(page, 'smiling, looking left xyzzy count:3');
    await page.getByRole('button', { name: 'I agree' }).click();
    const bar = page.getByLabel('Progress');
    await bar.waitFor();
    assert.equal(await bar.getAttribute('value'), '0.5');
    engine.release();
    const album = page.locator('.message.album');
    await album.waitFor();
    assert.equal(await album.locator('.tile').count(), 3);
    await album.getByText('does not know the word “xyzzy”').waitFor();

    const score = album.getByText('Face similarity 0.90');
    assert.equal(await score.isVisible(), false);
    await album.getByRole('button', { name: 'Details' }).click();
    await score.waitFor();

    await album.locator('.tile').first().click();
    const viewer = page.getByRole('dialog', { name: 'Album' });
    await viewer.getByText('1 of 3').waitFor();
    await page.keyboard.press('ArrowRight');
    await viewer.getByText('2 of 3 · Face similarity 0.80 · very alike').waitFor();
    await page.keyboard.press('End');
    await viewer.getByText('3 of 3').waitFor();
    assert.equal(await viewer.getByRole('button', { name: 'Next' }).isDisabled(), true);
    const [download] = await Promise.all([page.waitForEvent('download'), viewer.getByText('Download').click()]);
    assert.match(download.suggestedFilename(), /^portrait-smiling[-a-z]*-\d+-3\.png$/);
    const saved = await sharp(readFileSync(await download.path())).metadata();
    assert.equal(saved.format, 'png');
    assert.match(saved.xmpAsString ?? '', /trainedAlgorithmicMedia/);
    await page.keyboard.press('Escape');
    await viewer.waitFor({ state: 'hidden' });
    assert.deepEqual(complaints, []);
  });

  test('one picture had no actions of its own: more like it, as avatar, deleted', async (context) => {
    const { address, engine } = await openChat(context);
    const { page, complaints } = await openPage(context, { browser, address });
    page.on('dialog', (dialog) => void dialog.accept());
    await makeAlbum(page, 'neon count:2 seed:5');
    const album = page.locator('.message.album');
    await album.locator('.tile').first().click();
    const viewer = page.getByRole('dialog', { name: 'Album' });
    const [avatar] = await Promise.all([page.waitForEvent('download'), viewer.getByText('As avatar').click()]);
    assert.match(avatar.suggestedFilename(), /^portrait-neon-5-1-avatar\.png$/);
    const { width, height } = await sharp(readFileSync(await avatar.path())).metadata();
    assert.deepEqual([width, height], [512, 512]);
    await viewer.getByRole('button', { name: 'Delete' }).click();
    await viewer.getByText('1 of 1').waitFor();
    await album.locator('.tile').nth(1).waitFor({ state: 'detached' });
    await viewer.getByRole('button', { name: 'More like this one' }).click();
    await album.nth(1).waitFor();
    assert.equal(
      engine.requests[1]?.prompt,
      'neon, looking right',
      'what the second picture shows and can be asked for',
    );
    assert.notEqual(engine.requests[1]?.seed, 5);
    await album.first().locator('.tile').click();
    await viewer.getByRole('button', { name: 'Delete' }).click();
    await viewer.waitFor({ state: 'hidden' });
    await album.nth(1).waitFor({ state: 'detached' });
    assert.deepEqual(complaints, []);
  });

  test('More uses the same photo, Change lets other words be written; after a reload a photo is attached again', async (context) => {
    const { address, engine } = await openChat(context);
    const { page } = await openPage(context, { browser, address });
    const field = page.getByLabel('Message', { exact: true });
    await makeAlbum(page, 'smiling seed:5 count:1');
    await page.getByRole('button', { name: /^Remove / }).click();
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.locator('.message.album').nth(1).waitFor();
    assert.notEqual(engine.requests[1]?.seed, 5);
    await page.getByRole('button', { name: 'Change' }).last().click();
    assert.equal(await field.inputValue(), '/portrait smiling count:1 strength:80');
    await field.fill('sad count:1');
    await page.keyboard.press('Enter');
    await page.locator('.message.album').nth(2).waitFor();
    assert.equal(engine.requests[2]?.prompt, 'sad');

    await page.reload();
    await page.locator('.message.album').nth(2).waitFor();
    await page.getByText('Photo (not stored)').first().waitFor();
    await page.getByRole('button', { name: 'More', exact: true }).first().click();
    await page.getByText('please attach yours again').waitFor();
    assert.equal(engine.requests.length, 3);
    await attach(page, facePath);
    await page.getByRole('button', { name: 'More', exact: true }).first().click();
    await page.locator('.message.album').nth(3).waitFor();
    assert.equal(engine.requests[3]?.photos.length, 1, 'the photo of the tray is taken');
  });

  test('photos go with every line that takes some, not with those of /portrait alone', async (context) => {
    const { address, engine } = await openChat(context);
    const { page } = await openPage(context, { browser, address });
    await say(page, '/event create title:Ball prompt:smiling');
    await page.getByText('“Ball” is open').waitFor();
    await attach(page, facePath);
    await say(page, '/event status');
    await say(page, '/event join agree:yes name:Ada');
    await page.getByRole('button', { name: 'I agree' }).click();
    await page.locator('.message.album').waitFor();
    assert.equal(engine.requests[0]?.photos.length, 1);
    const mine = page.locator('.message.mine');
    assert.equal(await mine.filter({ hasText: '/event status' }).locator('img').count(), 0);
    assert.equal(await mine.filter({ hasText: '/event join' }).locator('img').count(), 1);
  });

  test('presets are chosen on the sheet, commands and their options by completion', async (context) => {
    const { address, engine } = await openChat(context);
    const { page } = await openPage(context, { browser, address });
    await attach(page, facePath);
    await page.getByRole('button', { name: 'Style, expression and more' }).click();
    const sheet = page.getByRole('group', { name: 'Style, expression and more' });
    await sheet.getByRole('button', { name: 'watercolour' }).click();
    await sheet.getByLabel(/^Portraits/).fill('2');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('button', { name: 'I agree' }).click();
    await page.locator('.message.album').waitFor();
    assert.deepEqual([engine.requests[0]?.prompt, engine.requests[0]?.count], ['watercolour', 2]);

    const field = page.getByLabel('Message', { exact: true });
    await field.pressSequentially('/po');
    await page.keyboard.press('Enter');
    await field.pressSequentially('sty');
    await page.keyboard.press('Tab');
    await field.pressSequentially('pen');
    await page.getByRole('option', { name: /pencil sketch/ }).waitFor();
    await page.keyboard.press('Enter');
    assert.equal(await field.inputValue(), '/portrait style:pencil sketch ');
    await page.keyboard.press('Enter');
    await page.locator('.message.album').nth(1).waitFor();
    assert.equal(engine.requests[1]?.prompt, 'pencil sketch');

    await say(page, '/styles');
    await page.getByText('Styles: pencil sketch, watercolour, neon').waitFor();
  });

  test('photos can be dropped, pasted and taken with the camera', async (context) => {
    const { address, engine } = await openChat(context);
    const { page, complaints } = await openPage(context, { browser, address });
    const thumbnails = page.locator('.tray-photos img');
    for (const [index, kind] of (['drop', 'paste'] as const).entries()) {
      await handOver(page, kind);
      await thumbnails.nth(index).waitFor();
    }
    await page.getByRole('button', { name: 'Use the camera' }).click();
    await page.getByRole('button', { name: 'Take the photo' }).click();
    await thumbnails.nth(2).waitFor();
    await page.getByRole('button', { name: 'Remove face.jpg' }).first().click();
    await say(page, 'smiling');
    await page.getByRole('button', { name: 'I agree' }).click();
    await page.locator('.message.album').waitFor();
    assert.equal(engine.requests[0]?.photos.length, 2);
    assert.deepEqual(complaints, []);
  });

  test('what goes wrong is said in the chat', async (context) => {
    const { address } = await openChat(context);
    const { page } = await openPage(context, { browser, address });
    await say(page, 'smiling');
    await page.getByText('I need a photo to work from').waitFor();
    await attach(page, [{ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no photo at all') }]);
    await say(page, 'smiling');
    await page.getByRole('button', { name: 'I agree' }).click();
    await page.getByText('I could not read that file as a picture').waitFor();
    await attach(
      page,
      Array.from({ length: 4 }, (_, index) => ({
        name: `${index}.jpg`,
        mimeType: 'image/jpeg',
        buffer: Buffer.from(facePhoto()),
      })),
    );
    await page.getByRole('alert').getByText('At most 4 photos').waitFor();
  });

  test('a request can be cancelled, and the conversation be cleared', async (context) => {
    const { address, engine } = await openChat(context);
    const { page } = await openPage(context, { browser, address });
    engine.hold();
    await attach(page, facePath);
    await say(page, 'smiling');
    await page.getByRole('button', { name: 'I agree' }).click();
    await engine.halfWay();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled. Your photo is wiped here.').waitFor();
    page.on('dialog', (dialog) => void dialog.accept());
    await page.getByRole('button', { name: 'Clear the conversation' }).click();
    await page.getByRole('heading', { name: 'New portraits of you' }).waitFor();
  });

  test('two browsers do not see each other', async (context) => {
    const { address } = await openChat(context);
    const [ann, bob] = [await openPage(context, { browser, address }), await openPage(context, { browser, address })];
    await makeAlbum(ann.page, 'smiling count:1');
    await bob.page.reload();
    await bob.page.getByRole('heading', { name: 'New portraits of you' }).waitFor();
    assert.equal(await bob.page.locator('.message').count(), 0);
  });

  for (const [name, viewport] of [
    ['phone', { width: 390, height: 844 }],
    ['desktop', { width: 1280, height: 800 }],
  ] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      test(`the page fits a ${name}, ${colorScheme}, and everything on it has a name`, async (context) => {
        const { address } = await openChat(context);
        const { page } = await openPage(context, { browser, address, viewport, colorScheme });
        await makeAlbum(page, 'smiling, looking left, a rather long description that has to be wrapped count:10');
        assert.ok(Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth')) <= 0);
        const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor');
        assert.equal(ground, colorScheme === 'dark' ? 'rgb(23, 20, 18)' : 'rgb(245, 242, 238)');
        const send = await page.getByRole('button', { name: 'Send' }).boundingBox();
        assert.ok(send && send.x + send.width <= viewport.width && send.y + send.height <= viewport.height);
        const nameless = (await page.locator('body').ariaSnapshot()).match(/^ *- (button|link|textbox|img|slider)$/gm);
        assert.equal(nameless, null);
      });
    }
  }
});
