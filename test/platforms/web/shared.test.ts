import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { pino } from 'pino';
import sharp from 'sharp';
import type { EventView, Refusal } from '../../../src/chat/host.js';
import { composeChat } from '../../../src/compose/chat.js';
import { FakeBrowser } from '../../fakes/browser.js';
import { createTestEngine } from '../../fakes/engine.js';
import { plainJpeg } from '../../fakes/photos.js';
import { testPresets } from '../../fakes/presets.js';

const photo = await plainJpeg();

/** A chat with a test engine, and the way into it. */
async function open(context: TestContext) {
  const engine = createTestEngine();
  const log = pino({ level: 'silent' });
  const chat = composeChat({ config: { host: '127.0.0.1', port: 0 }, engine, presets: testPresets, log });
  await chat.start();
  context.after(async () => {
    engine.release();
    await chat.stop();
  });
  const come = async (): Promise<FakeBrowser> => {
    const browser = await FakeBrowser.open(chat.address);
    await browser.post('/api/consent');
    return browser;
  };
  return { engine, come };
}

const ask = async (browser: FakeBrowser, text: string) => browser.answer(await browser.send({ text }), 'text');

async function enter(browser: FakeBrowser, name: string): Promise<void> {
  await browser.answer(await browser.send({ text: `/event join agree:yes name:${name}`, photos: [photo] }), 'album');
}

async function look(browser: FakeBrowser, headers: Record<string, string> = {}): Promise<EventView> {
  const event: EventView | Refusal = JSON.parse(await (await browser.get('/api/event', headers)).text());
  assert.ok(!('refusal' in event), JSON.stringify(event));
  return event;
}

async function refusal(browser: FakeBrowser): Promise<string | undefined> {
  const answer: EventView | Refusal = JSON.parse(await (await browser.get('/api/event')).text());
  return 'refusal' in answer ? answer.refusal : undefined;
}

test('each sees of an event what everyone may see, and what is theirs', async (context) => {
  const { engine, come } = await open(context);
  const [ann, bob] = [await come(), await come()];
  assert.match((await refusal(ann)) ?? '', /^There is no event here/);
  await ask(ann, '/event create title:Ball prompt:smiling blind:yes');
  engine.hold();
  const joining = await ann.send({ text: '/event join agree:yes name:Ann', photos: [photo] });
  await engine.halfWay();
  assert.deepEqual([(await look(ann)).part, (await look(bob)).part], ['making', 'none']);
  assert.deepEqual((await look(ann)).entries, []);
  engine.release();
  await ann.answer(joining, 'album');
  await enter(bob, 'Bob');
  await ask(ann, '/event vote number:2');
  const entry = { label: 'No. 1', own: false, chosen: false, winner: false };
  const seen = await look(ann);
  assert.deepEqual(
    [seen.title, seen.open, seen.part, seen.entries],
    [
      'Ball',
      true,
      'entered',
      [
        { ...entry, number: 1, own: true },
        { ...entry, number: 2, label: 'No. 2', chosen: true },
      ],
    ],
  );
  assert.match(seen.lines.join('\n'), /Theme: smiling\nEntries: 2 of 100 · Votes: 1\nOpen until/);
  assert.doesNotMatch(await (await bob.get('/api/event')).text(), /Ann|Bob|session|chosen":true/);
  assert.match((await look(bob, { 'accept-language': 'de' })).lines.join('\n'), /Thema: smiling\nBeiträge: 2 von 100/);

  await ask(ann, '/event end');
  const over = await look(bob);
  assert.deepEqual(
    [over.open, over.entries.map(({ label, winner }) => [label, winner])],
    [
      false,
      [
        ['No. 1 · Ann', false],
        ['No. 2 · Bob', true],
      ],
    ],
  );
  assert.match(over.lines.join('\n'), /The event is over\.\n🏆 No\. 2 · Bob, with 1 vote/);
});

test('one note stood for two cases: whether the event was over or the entry withdrawn is said', async (context) => {
  const { engine, come } = await open(context);
  const [ann, bob] = [await come(), await come()];
  await ask(ann, '/event create title:Ball prompt:smiling');
  const joinAndThen = async (browser: FakeBrowser, line: string): Promise<string> => {
    engine.hold();
    const joining = await browser.send({ text: '/event join agree:yes', photos: [photo] });
    await engine.halfWay();
    await ask(browser, line);
    engine.release();
    return (await browser.answer(joining, 'album')).notes.join('\n');
  };
  assert.equal(await joinAndThen(bob, '/event withdraw'), 'Your entry was withdrawn, so it is yours alone.');
  assert.match(await joinAndThen(ann, '/event end'), /^The event ended before it was ready/);
});

test('the portraits of entries are served to those who may see the event, and to nobody else', async (context) => {
  const { come } = await open(context);
  const [ann, bob] = [await come(), await come()];
  await ask(ann, '/event create title:Ball prompt:smiling');
  await enter(bob, 'Bob');
  const picture = await ann.get('/api/event/1.jpg');
  assert.equal(picture.headers.get('content-type'), 'image/jpeg');
  assert.equal((await sharp(await picture.arrayBuffer()).metadata()).width, 64);
  for (const path of ['/api/event/2.jpg', '/api/event/1.png', '/api/event/x.jpg', '/api/event/1']) {
    assert.equal((await ann.get(path)).status, 404, path);
  }
  const nobody = await fetch(picture.url);
  assert.equal(nobody.status, 401);
  const cat = await come();
  await enter(cat, 'Cat');
  await ask(ann, '/moderate ban number:2');
  assert.match((await refusal(cat)) ?? '', /^The moderators of this server/);
  assert.equal((await cat.get('/api/event/1.jpg')).status, 404);
});

test('every page hears when the event changes', async (context) => {
  const { come } = await open(context);
  const [ann, bob] = [await come(), await come()];
  const { told } = await bob.listen('event');
  await ask(ann, '/event create title:Ball prompt:smiling');
  await told;
  assert.equal((await look(bob)).title, 'Ball');
});
