import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { loadManifest } from '../../pipeline/bundle.js';
import { glossaryOf } from '../../src/language/glossary.js';
import { launchBrowser, skipWithoutBrowser } from '../fixtures/chromium.js';
import { attach, complaintsAbout, facePath, openChat, openPage, PHONE } from './page.js';

const glossary = glossaryOf((await loadManifest('models/tiny')).vocabulary);

/** The words that are underlined. */
const marked = (page: Page): Promise<string[]> => page.locator('.marks u').allInnerTexts();

describe('words that the model does not know', { skip: skipWithoutBrowser }, () => {
  let browser: Browser;
  before(async () => void (browser = await launchBrowser()));
  after(() => browser.close());

  test('they were named only once an album was asked for: they are underlined while they are typed, and mended by a press', async (context) => {
    const { address } = await openChat(context, { glossary });
    const { page, complaints } = await openPage(context, { browser, address, viewport: { width: 1280, height: 800 } });
    await attach(page, facePath);
    const field = page.getByLabel('Message', { exact: true });
    const hint = page.locator('.hint');
    const row = page.locator('.composer .row');
    const place = await row.boundingBox();
    await field.pressSequentially('smilling in a submarine');
    await hint.getByText('I do not know “smilling”.').waitFor();
    assert.deepEqual(await marked(page), ['smilling'], 'the word that is being written is not judged');
    await field.pressSequentially(', ');
    await hint.getByText('I do not know “smilling”, “submarine”.').waitFor();
    assert.deepEqual(await marked(page), ['smilling', 'submarine']);
    assert.deepEqual(await row.boundingBox(), place, 'nothing moves');
    assert.deepEqual(await complaintsAbout(page), []);
    await hint.getByRole('button', { name: 'Did you mean “smiling”?' }).click();
    assert.equal(await field.inputValue(), 'smiling in a submarine, ');
    await hint.getByText('I do not know “submarine”.').waitFor();
    assert.equal(await field.evaluate((element) => element.ownerDocument.activeElement === element), true);
    await page.keyboard.press('Enter');
    await page.locator('.marks u').first().waitFor({ state: 'detached' });
    assert.equal(await hint.innerText(), '');
    assert.deepEqual(complaints, []);
  });

  test('words of any language are known, commands are left alone', async (context) => {
    const { address } = await openChat(context, { glossary });
    const { page } = await openPage(context, { browser, address });
    const field = page.getByLabel('Message', { exact: true });
    await field.fill('lächelnd, Regenschirm, ');
    await page.locator('.hint').getByText('I do not know “Regenschirm”.').waitFor();
    assert.deepEqual(await marked(page), ['Regenschirm']);
    await field.fill('/portrait smiling, qwertz count:2 style:neon ');
    await page.locator('.hint').getByText('I do not know “qwertz”.').waitFor();
    assert.deepEqual(await marked(page), ['qwertz']);
    await field.fill('/event create Masked qwertz ');
    await page.locator('.marks u').first().waitFor({ state: 'detached' });
  });

  test('on a phone the lines stay under their words when these wrap and scroll', async (context) => {
    const { address } = await openChat(context, { glossary });
    const { page } = await openPage(context, { browser, address, ...PHONE });
    const field = page.getByLabel('Message', { exact: true });
    await field.fill(`${'smiling, looking left, pencil sketch, '.repeat(8)}submarine, `);
    await page.locator('.hint').getByText('I do not know “submarine”.').waitFor();
    const [written, copied] = await page.evaluate<[number, number][]>(
      `[document.querySelector('#message'), document.querySelector('.marks')].map((e) => [e.scrollHeight, e.scrollTop])`,
    );
    assert.deepEqual(copied, written);
    assert.ok((written?.[1] ?? 0) > 0, 'the field scrolls');
  });
});
