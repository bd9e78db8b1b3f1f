import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Where a Chromium is installed; undefined where none is. `CHROMIUM` names one that lies elsewhere. */
export const chromiumPath = PLACES.find((place) => place !== undefined && existsSync(place));

/** Why browser tests are skipped, or false where they can run. */
export const skipWithoutBrowser =
  chromiumPath === undefined ? 'no Chromium found: install it, or name it by the variable CHROMIUM' : false;

/** Starts a browser with a fresh profile that talks to nobody but the page, and has a camera that shows a test pattern. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath ?? '',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
    ],
  });
}
