import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { pino } from 'pino';
import { composeChat } from '../../src/compose/chat.js';
import type { Glossary } from '../../src/language/glossary.js';
import { createTestEngine, type TestEngine } from '../fakes/engine.js';
import { FACE_PHOTO, facePhoto } from '../fakes/photos.js';
import { testPresets } from '../fakes/presets.js';

/** Milliseconds a page may take for one thing. Generous, because the machine that runs the tests may be busy. */
const PATIENCE = 3 * 60_000;

/** The path of a photo with a face. */
export const facePath = fileURLToPath(FACE_PHOTO);

/** A chat with a test engine behind it, closed when the test ends. */
export async function openChat(
  context: TestContext,
  {
    glossary,
    ...where
  }: { readonly host?: string; readonly history?: { readonly days: number }; readonly glossary?: Glossary } = {},
): Promise<{ address: string; engine: TestEngine }> {
  const engine = createTestEngine();
  const log = pino({ level: 'silent' });
  const config = { host: '127.0.0.1', port: 0, ...where };
  const chat = composeChat({ config, engine, presets: testPresets, log, ...(glossary && { glossary }) });
  await chat.start();
  context.after(async () => {
    engine.release();
    await chat.stop();
  });
  return { address: chat.address, engine };
}

/** A page in a browser profile of its own; whatever it complains about ends up in `complaints`. */
export async function openPage(context: TestContext, options: Opening): Promise<{ page: Page; complaints: string[] }> {
  const opened = await openUnconnected(context, options);
  await opened.page.locator('#connection.online').waitFor();
  return opened;
}

type Opening = BrowserContextOptions & { readonly browser: Browser; readonly address: string };

/** The same for a page that may never hear from the program. */
export async function openUnconnected(
  context: TestContext,
  { browser, address, ...options }: Opening,
): Promise<{ page: Page; complaints: string[] }> {
  const profile = await browser.newContext(options);
  context.after(() => profile.close());
  profile.setDefaultTimeout(PATIENCE);
  const page = await profile.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(address);
  return { page, complaints };
}

/** Types a line and sends it. */
export async function say(page: Page, line: string): Promise<void> {
  await page.getByLabel('Message', { exact: true }).fill(line);
  await page.getByRole('button', { name: 'Send' }).click();
}

/** Attaches a photo with the picker. */
export function attach(
  page: Page,
  files: string | { name: string; mimeType: string; buffer: Buffer }[],
): Promise<void> {
  return page.locator('#picker').setInputFiles(files);
}

/** Sends a photo and some words, and agrees when asked. */
export async function makeAlbum(page: Page, words: string): Promise<void> {
  await attach(page, facePath);
  await say(page, words);
  await page.getByRole('button', { name: 'I agree' }).click();
  await page.locator('.message.album, .message.notice, .message.refusal').last().waitFor();
  const told = await page.locator('.message.notice, .message.refusal').allInnerTexts();
  assert.deepEqual(told, [], 'an album comes, and no word that none does');
}

/** Drops or pastes the photo onto the page, as the system would. */
export async function handOver(page: Page, kind: 'drop' | 'paste'): Promise<void> {
  const data = JSON.stringify(Buffer.from(facePhoto()).toString('base64'));
  const event =
    kind === 'drop' ? `DragEvent('drop', { dataTransfer: sent,` : `ClipboardEvent('paste', { clipboardData: sent,`;
  // Text, because these tests are compiled without the types of the browser.
  await page.evaluate(`{
    const sent = new DataTransfer();
    const bytes = Uint8Array.from(atob(${data}), (character) => character.charCodeAt(0));
    sent.items.add(new File([bytes], 'face.jpg', { type: 'image/jpeg' }));
    document.body.dispatchEvent(new ${event} bubbles: true, cancelable: true }));
  }`);
}

/** How a phone shows the page. */
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** What axe-core holds against the page as it stands, by rule and by what it is about. */
export async function complaintsAbout(page: Page): Promise<string[]> {
  await page.evaluate(
    `Promise.allSettled(document.getAnimations()
      .filter(({ effect }) => effect.getTiming().iterations !== Infinity)
      .map(({ finished }) => finished)).then(() => undefined)`,
  );
  await page.evaluate(axe.source);
  // Text, because these tests are compiled without the types of the browser.
  return page.evaluate<string[]>(
    `axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)))`,
  );
}

/** Pixels by which something reaches beyond the side of the window. */
export const overhang = (page: Page) =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
