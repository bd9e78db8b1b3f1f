import { readFile } from 'node:fs/promises';
import { pino } from 'pino';
import { loadManifest } from '../pipeline/bundle.js';
import { composeChat } from '../src/compose/chat.js';
import { presetsOfBundle } from '../src/compose/model.js';
import { defaultLimits, loadConfig } from '../src/config.js';
import type { PortraitEngine } from '../src/jobs/engine.js';
import { composeCli } from '../src/main.js';
import type { Message } from '../src/platforms/web/conversation.js';
import { FakeBrowser } from '../test/fakes/browser.js';
import { summarise, type Measurement } from './measurement.js';
import { photoFile } from './photo.js';
import type { Scale } from './scale.js';

/** What the conversation may hold once the request is dealt with. */
const answers = new Set<Message['kind']>(['album', 'notice', 'refusal', 'consent']);

/** What an album in the web chat takes beside the engine's own work: intake, store, line, encoding, delivery. */
export async function measureOverhead({ quick }: Scale): Promise<Measurement[]> {
  const [runs, count] = quick ? [1, 2] : [7, 4];
  const config = loadConfig({ env: process.env, cwd: process.cwd() });
  const engine = await composeCli().createEngine(config);
  let working = 0;
  const timed: PortraitEngine = {
    async portrait(request, options) {
      const album = await engine.portrait(request, options);
      // The engine's own clock: what its process and the way there cost besides is the bot's.
      working = Object.values(album.milliseconds).reduce((sum, stage) => sum + stage, 0);
      return album;
    },
  };
  const presets = presetsOfBundle(await loadManifest(config.bundle));
  const log = pino({ level: 'silent' });
  const place = { host: '127.0.0.1', port: 0, limits: defaultLimits };
  const chat = composeChat({ config: place, engine: timed, presets, log });
  const shares: number[] = [];
  const costs: number[] = [];
  let leave = (): void => undefined;
  try {
    await engine.start();
    await chat.start();
    const browser = await FakeBrowser.open(chat.address);
    await browser.post('/api/consent');
    leave = await browser.stay();
    await makeAlbum(browser, count);
    for (let run = 0; run < runs; run++) {
      const start = performance.now();
      await makeAlbum(browser, count);
      const whole = performance.now() - start;
      costs.push(whole - working);
      shares.push((100 * (whole - working)) / whole);
    }
  } finally {
    leave();
    await chat.stop();
    await engine.close();
  }
  return [
    { name: 'album-overhead-share', unit: '%', goal: 3, ...summarise(shares) },
    { name: 'album-overhead', unit: 'ms', ...summarise(costs) },
  ];
}

/** From sending photo and words to the last picture on the page. @throws when there is no album. */
async function makeAlbum(browser: FakeBrowser, count: number): Promise<void> {
  const photos = [await readFile(photoFile)];
  const key = await browser.send({ text: `smiling seed:7 count:${count}`, photos });
  const isAnswer = (message: Message): boolean => message.key === key && answers.has(message.kind);
  const answer = (await browser.until((messages) => messages.some(isAnswer))).find(isAnswer);
  if (answer?.kind !== 'album') throw new Error(`Expected an album, got ${JSON.stringify(answer)}`);
  for (const { preview } of answer.pictures) await (await browser.get(preview)).arrayBuffer();
}
