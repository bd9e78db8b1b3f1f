import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import sharp from 'sharp';
import { loadManifest } from '../../pipeline/bundle.js';
import { createEngine } from '../../pipeline/engine/supervisor.js';
import { composeChat } from '../../src/compose/chat.js';
import { presetsOfBundle } from '../../src/compose/model.js';
import { packageRoot } from '../../src/config.js';
import { createLog } from '../../src/operations/log.js';
import type { Message } from '../../src/platforms/web/conversation.js';
import { FakeBrowser } from '../fakes/browser.js';
import { facePhoto } from '../fakes/photos.js';
import { temporaryFolder } from '../temporary-folder.js';

const bundle = join(packageRoot, 'models', 'tiny');
const limits = { memoryBytes: 2 ** 31, requestMs: 3_600_000 };

/** The whole program with the embedded model, which can be started again at the same address on the same data. */
async function open(context: TestContext) {
  const engine = createEngine({ bundle, threads: 2, limits });
  const presets = presetsOfBundle(await loadManifest(bundle));
  const data = temporaryFolder();
  const log = createLog({ level: 'silent', secrets: [] });
  const begin = async (port: number) => {
    const begun = composeChat({ config: { host: '127.0.0.1', port, data, bundle }, engine, presets, log });
    await begun.start();
    return begun;
  };
  let chat = await begin(0);
  const { address } = chat;
  context.after(async () => {
    await chat.stop();
    await engine.close();
  });
  const restart = async (): Promise<void> => {
    await chat.stop();
    chat = await begin(Number(new URL(address).port));
    // A connection kept open to the program that ended says so on its next use.
    while (!(await fetch(address).catch(() => undefined))?.ok);
  };
  return { address, restart };
}

const says =
  (sentence: RegExp) =>
  (message: Message): boolean =>
    'text' in message && sentence.test(message.text);

async function see(browser: FakeBrowser, sentence: RegExp): Promise<Message> {
  const found = (await browser.until((messages) => messages.some(says(sentence)))).find(says(sentence));
  assert.ok(found);
  return found;
}

/** Opens a browser and enters, as someone who agreed before. */
async function enter(address: string, name: string): Promise<FakeBrowser> {
  const browser = await FakeBrowser.open(address);
  await browser.post('/api/consent');
  await browser.send({ text: `/event join agree:yes name:${name}`, photos: [facePhoto()] });
  await browser.until((messages) =>
    messages.some((message) => message.kind === 'album' && message.notes.some((note) => note.includes('your entry'))),
  );
  return browser;
}

test('a whole event in the web chat with the embedded model, with a restart in the middle', async (context) => {
  const { address, restart } = await open(context);
  const operator = await FakeBrowser.open(address);
  await operator.send({ text: '/event create title:Ball prompt:smiling entries:3' });
  await see(operator, /Entries: 0 of 3/);
  const ann = await enter(address, 'Ann');
  const bob = await enter(address, 'Bob');
  await restart();
  await enter(address, 'Cat');
  await ann.send({ text: '/event vote number:2' });
  await see(ann, /^Your vote is for number 2/);
  await bob.send({ text: '/event vote number:2' });
  await see(bob, /^That is your own entry/);
  await bob.send({ text: '/event end' });
  await see(ann, /🏆 No\. 2 · Bob, with 1 vote/);
  const told = await see(bob, /🏆 No\. 2/);
  assert.ok(told.kind === 'text' && told.pictures?.length === 1, 'one sheet');
  await bob.send({ text: '/event avatar frame:gold' });
  const shown = await see(bob, /^Your avatar/);
  assert.ok(shown.kind === 'text');
  const picture = await bob.get(shown.pictures?.[0]?.preview ?? '');
  const { width, height } = await sharp(await picture.arrayBuffer()).metadata();
  assert.deepEqual([width, height], [512, 512]);
  await ann.send({ text: '/privacy forget sure' });
  await bob.send({ text: '/event sheet' });
  await see(bob, /Entries: 2 of 3 · Votes: 0/);
});
