import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { after, before, describe, test, type TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { translator } from '../../src/language/texts.js';
import { openProxy, type ProxyHabits } from '../fakes/reverse-proxy.js';
import { launchBrowser, skipWithoutBrowser } from '../fixtures/chromium.js';
import { makeAlbum, openChat, openPage, openUnconnected, say } from './page.js';

const t = translator('en');

/** An address of this machine that browsers do not take for their own. */
const lan = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

describe('the web chat wherever it is served', { skip: skipWithoutBrowser }, () => {
  let browser: Browser;
  before(async () => void (browser = await launchBrowser()));
  after(() => browser.close());

  test(
    'plain http in a network, where the page is no secure context: what is sent arrives',
    { skip: lan === undefined && 'this machine has no address but its own' },
    async (context) => {
      const { address } = await openChat(context, { host: '0.0.0.0' });
      const { port } = new URL(address);
      const { page, complaints } = await openPage(context, { browser, address: `http://${lan}:${port}/` });
      assert.equal(await page.evaluate('isSecureContext'), false);
      await makeAlbum(page, 'smiling count:1');
      assert.deepEqual(
        complaints.filter((said) => !/Opener-Policy|Agent-Cluster/.test(said)),
        [],
      );
    },
  );

  test('cookies refused: the page says so, asks no more, and keeps what was typed', async (context) => {
    const proxy = await openBehind(context, { dropsCookies: true });
    const { page } = await openUnconnected(context, { browser, address: proxy.address });
    await page.getByText(t('web.cookies')).waitFor();
    await say(page, 'smiling');
    await page.locator('.problem').getByText(t('web.cookies')).waitFor();
    assert.equal(await page.getByLabel('Message', { exact: true }).inputValue(), 'smiling');
    assert.equal(proxy.asked.filter((path) => path === '/').length, 1, 'the page is loaded once');
  });

  test('a browser that refuses to remember anything: the page stayed white, and did not say that it needs cookies', async (context) => {
    const proxy = await openBehind(context, { dropsCookies: true });
    const profile = await browser.newContext();
    context.after(() => profile.close());
    await profile.addInitScript(`Object.defineProperty(window, 'localStorage', {
      get() { throw new DOMException('Access is denied for this document.', 'SecurityError'); }
    })`);
    const page = await profile.newPage();
    await page.goto(proxy.address);
    await page.getByText(t('web.cookies')).waitFor();
    await page.locator('#theme').click();
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'light');
  });

  test('a connection that went silent, as where the network changed: the page stayed online and deaf', async (context) => {
    const proxy = await openBehind(context);
    const { page } = await openPage(context, { browser, address: proxy.address });
    await page.clock.install();
    await say(page, '/help');
    await page.locator('.message.text').waitFor();
    proxy.hush();
    await say(page, '/queue');
    assert.equal(await page.locator('.message.text').count(), 1);
    await page.clock.fastForward(51_000);
    await page.locator('.message.text').nth(1).waitFor();
  });

  for (const [habit, lets, words] of [
    ['lets the press alone begin to copy', 'pressed', t('web.copied')],
    ['lets nobody copy', 'false', t('web.not-copied')],
  ] as const) {
    test(`a browser that ${habit}: a portrait was not copied, and nothing said`, async (context) => {
      const { address } = await openChat(context);
      const { page } = await openPage(context, {
        browser,
        address,
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      await page.evaluate(`{
        let pressed = false;
        addEventListener('click', () => {
          pressed = true;
          setTimeout(() => (pressed = false));
        }, true);
        const write = navigator.clipboard.write.bind(navigator.clipboard);
        navigator.clipboard.write = (items) =>
          ${lets} ? write(items) : Promise.reject(new DOMException('not by a press', 'NotAllowedError'));
      }`);
      await makeAlbum(page, 'smiling count:1');
      await page.locator('.message.album .tile').click();
      await page.getByRole('button', { name: t('web.copy') }).click();
      await page.locator('dialog[open]').getByText(words).waitFor();
    });
  }

  test('below a path of a proxy’s: the page asked for everything at the root, and stayed white', async (context) => {
    const { address, asked } = await openBehind(context, { below: '/portraits/likeness/' });
    const { page, complaints } = await openPage(context, { browser, address });
    await makeAlbum(page, 'smiling count:1');
    await page.locator('.message.album img').first().click();
    await page.locator('dialog[open] img').first().waitFor();
    assert.deepEqual(complaints, []);
    assert.deepEqual(
      asked.filter((path) => !path.startsWith('/portraits/likeness/') && path !== '/favicon.ico'),
      [],
    );
  });

  test('the cookie gone in mid conversation: words and photo get through, and are answered', async (context) => {
    const { address } = await openChat(context);
    const { page } = await openPage(context, { browser, address });
    await page.context().clearCookies();
    await makeAlbum(page, 'smiling count:1');
  });

  test('a proxy that answered for the program while that began anew: the page asked for what is not there, and stayed away', async (context) => {
    const { address } = await openChat(context);
    const { page } = await openPage(context, { browser, address });
    await page.route('**/api/events', (route) => route.fulfill({ status: 503 }));
    await setHidden(page, true);
    await setHidden(page, false);
    await page.getByText(t('web.reconnecting')).waitFor();
    await page.unroute('**/api/events');
    await page.locator('#connection.online').waitFor();
    await makeAlbum(page, 'smiling count:1');
  });

  test('two programs on one machine: neither takes the other’s browser away', async (context) => {
    const [first, second] = [await openChat(context), await openChat(context)];
    const { page } = await openPage(context, { browser, address: first.address });
    await makeAlbum(page, 'smiling count:1');
    const other = await page.context().newPage();
    await other.goto(second.address);
    await other.locator('#connection.online').waitFor();
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.locator('.message.album').nth(1).waitFor();
  });

  test('more tabs than a browser has connections: hidden ones let theirs go, and catch up when shown', async (context) => {
    const { address } = await openChat(context);
    const { page: first } = await openPage(context, { browser, address });
    await setHidden(first, true);
    for (let count = 0; count < 6; count++) {
      const tab = await first.context().newPage();
      await tab.goto(address);
      await tab.locator('#connection.online').waitFor();
      await setHidden(tab, true);
    }
    const last = await first.context().newPage();
    await last.goto(address);
    await last.locator('#connection.online').waitFor();
    await makeAlbum(last, 'smiling count:1');
    assert.equal(await first.locator('.message.album').count(), 0);
    await setHidden(first, false);
    await first.locator('.message.album').waitFor();
  });
});

/** What a browser does when another tab is chosen, and this one again. */
function setHidden(page: Page, hidden: boolean): Promise<void> {
  return page.evaluate(`{
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${hidden} });
    document.dispatchEvent(new Event('visibilitychange'));
  }`);
}

/** A chat, and a proxy in front of it. */
async function openBehind(context: TestContext, habits: ProxyHabits = {}) {
  const { address } = await openChat(context);
  const proxy = await openProxy(address, habits);
  context.after(() => proxy.stop());
  return proxy;
}
