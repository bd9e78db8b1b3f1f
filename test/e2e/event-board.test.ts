import assert from 'node:assert/strict';
import { after, before, describe, test, type TestContext } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { FakeBrowser } from '../fakes/browser.js';
import { facePhoto } from '../fakes/photos.js';
import { launchBrowser, skipWithoutBrowser } from '../fixtures/chromium.js';
import { attach, complaintsAbout, facePath, openChat, openPage, overhang, PHONE } from './page.js';

/** Someone elsewhere in the web chat, who has agreed. */
async function someone(address: string): Promise<FakeBrowser> {
  const browser = await FakeBrowser.open(address);
  await browser.post('/api/consent');
  return browser;
}

/** An event with an entry each of the named, and a page that shows it. */
async function openBoard(
  context: TestContext,
  options: BrowserContextOptions & {
    readonly browser: Browser;
    readonly names?: readonly string[];
    readonly how?: string;
  },
) {
  const { names = [], how = '', ...rest } = options;
  const { address, engine } = await openChat(context);
  const operator = await someone(address);
  await operator.answer(await operator.send({ text: `/event create title:Masked ball prompt:smiling ${how}` }), 'text');
  for (const name of names) {
    const member = await someone(address);
    const text = `/event join agree:yes name:${name}`;
    await member.answer(await member.send({ text, photos: [facePhoto()] }), 'album');
  }
  const { page, complaints } = await openPage(context, { ...rest, address: `${address}#events` });
  await page.getByRole('heading', { name: 'Masked ball' }).waitFor();
  const tell = async (text: string) => operator.answer(await operator.send({ text }), 'text');
  return { page, complaints, engine, tell };
}

const board = (page: Page) => page.locator('#event-view');
const entries = (page: Page) => page.locator('.entries li');

describe('the board of the event', { skip: skipWithoutBrowser }, () => {
  let browser: Browser;
  before(async () => void (browser = await launchBrowser()));
  after(() => browser.close());

  test('it shows how the event stands while that changes, and who won', async (context) => {
    const { page, complaints, tell } = await openBoard(context, { browser, names: ['Ann', 'Bob'], how: 'blind:yes' });
    await board(page).getByText('Entries: 2 of 100 · Votes: 0').waitFor();
    await board(page).getByText('Names stay hidden until the end.').waitFor();
    assert.deepEqual(await page.locator('.entries .label').allInnerTexts(), ['No. 1', 'No. 2']);
    await tell('/event vote number:2');
    await board(page).getByText('Votes: 1').waitFor();
    await page.getByRole('button', { name: 'Vote: No. 1' }).click();
    await page.getByRole('button', { name: 'Your vote: No. 1' }).waitFor();
    await page.getByRole('log').getByText('Your vote is for number 1').waitFor();
    await page.getByRole('button', { name: 'Vote: No. 2' }).click();
    await page.getByRole('button', { name: 'Your vote: No. 2' }).waitFor();
    await page.getByRole('button', { name: 'Vote: No. 1' }).waitFor();
    await tell('/event end');
    await board(page).getByText('🏆 No. 2 · Bob, with 2 votes').waitFor();
    await entries(page).filter({ hasText: 'No. 2 · Bob' }).getByText('winner · Your vote').waitFor();
    assert.equal(await page.getByRole('button', { name: /^(Your v|V)ote/ }).count(), 0);
    assert.deepEqual(complaints, []);
  });

  test('who takes part agrees, gives a photo and a name, and finds their entry among the others', async (context) => {
    const { page, engine } = await openBoard(context, { browser, names: ['Ann'] });
    await page.getByText('To take part in “Masked ball”: I make one portrait').waitFor();
    await page.getByLabel('A photo of yourself').setInputFiles(facePath);
    await page.getByLabel('Name (a number if left out)').fill('Cat');
    engine.hold();
    await page.getByText('I measure the face in your photo').waitFor();
    await page.getByText(/ · in 3 days$/).waitFor();
    await page.getByRole('button', { name: 'I agree and take part' }).click();
    await page.getByText('Your portrait is being made.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'I agree and take part' }).isVisible(), false);
    engine.release();
    const own = entries(page).filter({ hasText: 'No. 2 · Cat' });
    await own.getByText('yours').waitFor();
    assert.equal(await own.getByRole('button', { name: /Vote/ }).count(), 0, 'nobody votes for themselves');
    assert.deepEqual([engine.requests.length, engine.requests[1]?.photos.length], [2, 1]);
    await page.getByRole('link', { name: 'Chat' }).click();
    await page.locator('.message.album').waitFor();
  });

  test('an empty board was one grey line: who runs the program begins an event there by the tile of a style', async (context) => {
    const { address } = await openChat(context);
    const { page, complaints } = await openPage(context, { browser, address: `${address}#events` });
    await page.getByLabel('What it is called').fill('Masked ball');
    await page.getByLabel('Hours it is open').fill('3');
    await page.locator('#event-view').getByRole('button', { name: 'watercolour' }).click();
    await page.getByRole('heading', { name: 'Masked ball' }).waitFor();
    await board(page).getByText('Theme: watercolour').waitFor();
    await page.getByText(/ · in (2|3) hours$/).waitFor();
    assert.equal(await page.getByRole('heading', { name: 'Begin an event' }).isVisible(), false);
    assert.deepEqual(complaints, []);
  });

  test('a photo that is attached already had to be chosen once more: it is shown, and taken', async (context) => {
    const { page } = await openBoard(context, { browser });
    await page.getByRole('link', { name: 'Chat' }).click();
    await attach(page, facePath);
    await page.locator('.tray-photos img').waitFor();
    await page.getByRole('link', { name: 'Event' }).click();
    await page.locator('.join .sent-photos img').waitFor();
    await page.getByRole('button', { name: 'I agree and take part' }).click();
    await entries(page).filter({ hasText: 'No. 1' }).getByText('yours').waitFor();
  });

  test('a portrait that is cancelled makes room for another try', async (context) => {
    const { page, engine } = await openBoard(context, { browser });
    await page.getByLabel('A photo of yourself').setInputFiles(facePath);
    engine.hold();
    await page.getByRole('button', { name: 'I agree and take part' }).click();
    await page.getByText('Your portrait is being made.').waitFor();
    await page.getByRole('log').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('log').getByText('Cancelled').waitFor();
    await page.getByRole('button', { name: 'I agree and take part' }).waitFor();
  });

  test('entries are looked at and voted for by the keys alone', async (context) => {
    const { page } = await openBoard(context, { browser, names: ['Ann', 'Bob'] });
    const focused = () =>
      page.evaluate<string>(
        'document.activeElement.ariaLabel ?? document.activeElement.querySelector("img")?.alt ?? ""',
      );
    const reach = async (name: string): Promise<void> => {
      for (let step = 0; step < 40 && (await focused()) !== name; step++) await page.keyboard.press('Tab');
      assert.equal(await focused(), name);
    };
    await reach('No. 1 · Ann');
    await page.keyboard.press('Enter');
    const viewer = page.getByRole('dialog', { name: 'Album' });
    await viewer.getByText('1 of 2 · No. 1 · Ann').waitFor();
    assert.equal(await viewer.getByText('Download').isVisible(), false, 'it is somebody else’s');
    await page.keyboard.press('ArrowRight');
    await viewer.getByText('2 of 2 · No. 2 · Bob').waitFor();
    await page.keyboard.press('Escape');
    await reach('Vote: No. 2 · Bob');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Your vote: No. 2 · Bob' }).waitFor();
    assert.equal(await focused(), 'Your vote: No. 2 · Bob', 'the focus stays where it was');
  });

  test('where there is no event it is said, and how one begins', async (context) => {
    const { address } = await openChat(context);
    const { page } = await openPage(context, { browser, address });
    await page.getByRole('link', { name: 'Event' }).click();
    await page.getByText('Moderators begin one with /event create.').waitFor();
    assert.equal(await page.title(), 'Event · Likeness');
    assert.deepEqual(await complaintsAbout(page), []);
    await page.goBack();
    await page.getByRole('heading', { name: 'New portraits of you' }).waitFor();
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe-core has nothing against it, ${colorScheme}`, async (context) => {
      const { page, tell } = await openBoard(context, { browser, names: ['Ann', 'Bob'], colorScheme });
      assert.deepEqual(await complaintsAbout(page), [], 'before the vote');
      await page.getByRole('button', { name: 'Vote: No. 2' }).click();
      await page.getByRole('log').getByText('Your vote is for number 2').waitFor();
      assert.deepEqual(await complaintsAbout(page), [], 'after it');
      await tell('/event end');
      await board(page).getByText('🏆').waitFor();
      assert.deepEqual(await complaintsAbout(page), [], 'at the end');
    });
  }

  for (const locale of ['en', 'ar'] as const) {
    test(`on a phone in ${locale} all of it has room`, async (context) => {
      const { page } = await openBoard(context, {
        browser,
        names: ['Ann', 'Maximiliana-Wilhelmina-Augusta'],
        locale,
        ...PHONE,
      });
      assert.equal(await overhang(page), 0);
      assert.deepEqual(await complaintsAbout(page), []);
      for (const button of await page.locator('.vote, .views a').all()) {
        const { width = 0, height = 0 } = (await button.boundingBox()) ?? {};
        assert.ok(Math.min(width, height) >= 36, `a finger meets ${width} × ${height}`);
      }
    });
  }
});
