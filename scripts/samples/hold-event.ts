import type { Page } from 'playwright-core';
import { loadManifest } from '../../pipeline/bundle.js';
import { createEngine } from '../../pipeline/engine/supervisor.js';
import { composeChat } from '../../src/compose/chat.js';
import { presetsOfBundle } from '../../src/compose/model.js';
import { createLog } from '../../src/operations/log.js';
import { FakeBrowser } from '../../test/fakes/browser.js';
import { launchBrowser, skipWithoutBrowser } from '../../test/fixtures/chromium.js';

/** What an event is held with. */
export interface EventParts {
  readonly bundle: string;
  readonly threads: number;
  readonly members: readonly EventMember[];
}

/** Someone who takes part. */
export interface EventMember {
  readonly name: string;
  readonly photo: Uint8Array;
}

/** A picture, and how wide it is to be shown, in pixels. */
export interface EventPicture {
  readonly bytes: Uint8Array;
  readonly width: number;
}

/** What an event looks like. */
export type EventPictures = Readonly<Record<'post' | 'board' | 'entries' | 'end' | 'avatar', EventPicture>>;

const LIMITS = { memoryBytes: 2 ** 31, requestMs: 600_000 };
/** Every picture of the page is there but those that wait to be scrolled to; text, because scripts are compiled without the types of the browser. */
const LOADED = "[...document.images].every(({ complete, loading }) => complete || loading === 'lazy')";
/** Pixels of the page that is photographed. */
const PAGE = { width: 720, height: 1400 };
/** Pixels under the entries of the board. */
const GAP = 16;
const AVATAR = 200;

/** Holds an event in the program's web chat, seen in Chromium, and answers what it looks like. */
export async function holdEvent({ bundle, threads, members }: EventParts): Promise<EventPictures> {
  if (skipWithoutBrowser) throw new Error(skipWithoutBrowser);
  const engine = createEngine({ bundle, threads, limits: LIMITS });
  const presets = presetsOfBundle(await loadManifest(bundle));
  const log = createLog({ level: 'error', secrets: [] });
  const chat = composeChat({ config: { host: '127.0.0.1', port: 0, bundle }, engine, presets, log });
  await chat.start();
  try {
    return await photograph(chat.address, members);
  } finally {
    await chat.stop();
    await engine.close();
  }
}

async function photograph(address: string, members: readonly EventMember[]): Promise<EventPictures> {
  const chromium = await launchBrowser();
  try {
    const page = await chromium.newPage({
      viewport: PAGE,
      // The page's policy forbids the expressions that are waited for here.
      bypassCSP: true,
      colorScheme: 'light',
      locale: 'en',
      reducedMotion: 'reduce',
    });
    await page.goto(address);
    await page.locator('#connection.online').waitFor();
    const say = async (line: string): Promise<void> => {
      await page.locator('#message').fill(line);
      await page.locator('.row .strong').click();
    };
    const shoot = async (words: string, width: number): Promise<EventPicture> => {
      const bubble = page.locator('.message.text .bubble').filter({ hasText: words }).last();
      await bubble.waitFor();
      await page.waitForFunction(LOADED);
      return { bytes: await bubble.screenshot(), width };
    };
    await say(`/event create title:Masked ball prompt:smiling style:watercolour hours:48 entries:20 blind:yes`);
    const [first, ...others] = await enter(address, members);
    if (!first) throw new RangeError('Expected at least one member');
    for (const voter of others) await tell(voter, '/event vote number:1');
    const post = await shoot(`Votes: ${others.length}`, PAGE.width);
    const entries = await pictureOf(first, '/event sheet');
    const board = await photographBoard(page);
    await say('/event end');
    const end = await shoot('🏆', PAGE.width);
    const avatar = await pictureOf(first, '/event avatar frame:gold');
    return {
      post,
      board,
      entries: { bytes: entries, width: PAGE.width },
      end,
      avatar: { bytes: avatar, width: AVATAR },
    };
  } finally {
    await chromium.close();
  }
}

/** The board of the event down to its entries, with a vote; the conversation is shown again afterwards. */
async function photographBoard(page: Page): Promise<EventPicture> {
  await page.locator('#views a[href="#events"]').click();
  await page.getByRole('button', { name: 'Vote: No. 2' }).click();
  await page.getByRole('button', { name: 'Your vote: No. 2' }).waitFor();
  await page.waitForFunction(LOADED);
  const board = await page.locator('#event-view').boundingBox();
  const entries = await page.locator('.entries').boundingBox();
  if (!board || !entries) throw new Error('the board is not shown');
  const bytes = await page.screenshot({ clip: { ...board, height: entries.y + entries.height + GAP - board.y } });
  await page.locator('#views a').first().click();
  return { bytes, width: PAGE.width };
}

/** Enters everyone, and answers by which browsers, in the order of their numbers. */
async function enter(address: string, members: readonly EventMember[]): Promise<FakeBrowser[]> {
  const browsers: FakeBrowser[] = [];
  for (const { name, photo } of members) {
    const browser = await FakeBrowser.open(address);
    await browser.post('/api/consent');
    await browser.answer(await browser.send({ text: `/event join agree:yes name:${name}`, photos: [photo] }), 'album');
    browsers.push(browser);
  }
  return browsers;
}

async function tell(browser: FakeBrowser, text: string): Promise<void> {
  await browser.answer(await browser.send({ text }), 'text');
}

/** The first picture that answers a line. */
async function pictureOf(browser: FakeBrowser, text: string): Promise<Uint8Array> {
  const { pictures } = await browser.answer(await browser.send({ text }), 'text');
  const [first] = pictures ?? [];
  if (!first) throw new Error(`no picture answers ${text}`);
  return new Uint8Array(await (await browser.get(first.preview)).arrayBuffer());
}
