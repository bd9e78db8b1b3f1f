import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { FakeBrowser } from './fakes/browser.js';
import { plainJpeg } from './fakes/photos.js';
import { temporaryFolder } from './temporary-folder.js';

const program = fileURLToPath(new URL('./fixtures/chat-process.ts', import.meta.url));
const photo = await plainJpeg();

interface Running {
  readonly process: ChildProcess;
  readonly address: string;
  /** Resolves when the engine has stopped half-way through an album. */
  readonly halfWay: Promise<unknown>;
}

/** Starts the program on a data folder; killed at the latest when the test ends. */
async function start(context: TestContext, data: string, ...more: string[]): Promise<Running> {
  const process = fork(program, [data, ...more], { execArgv: ['--import', 'tsx'] });
  context.after(() => process.kill('SIGKILL'));
  const [address] = await Promise.race([once(process, 'message'), once(process, 'exit').then(() => ['it ended'])]);
  return { process, address: String(address), halfWay: once(process, 'message') };
}

async function kill({ process }: Running): Promise<void> {
  const exited = once(process, 'exit');
  process.kill('SIGKILL');
  await exited;
}

async function stop({ process }: Running): Promise<void> {
  const exited = once(process, 'exit');
  process.send('stop');
  await exited;
}

async function openAgreed(address: string): Promise<FakeBrowser> {
  const browser = await FakeBrowser.open(address);
  await browser.post('/api/consent');
  return browser;
}

/** Starts the program anew where its pages expect it. */
function restart(context: TestContext, data: string, { address }: Running): Promise<Running> {
  return start(context, data, new URL(address).port);
}

async function albumsOf(browser: FakeBrowser): Promise<number> {
  return (await browser.messages()).filter(({ kind }) => kind === 'album').length;
}

test('killed while one job is running and another is queued: each is delivered, once, and nothing is left', async (context) => {
  const data = join(temporaryFolder(), 'data');
  const first = await start(context, data, '0', 'hold');
  const [ann, bob] = [await openAgreed(first.address), await openAgreed(first.address)];
  const running = await ann.send({ text: 'smiling seed:7', photos: [photo] });
  await first.halfWay;
  const queued = await bob.send({ text: 'sad seed:8 count:2', photos: [photo] });
  await bob.answer(queued, 'status');
  assert.equal(readdirSync(join(data, 'vault')).length, 2);
  await kill(first);

  const second = await restart(context, data, first);
  const album = await ann.answer(running, 'album');
  assert.match(album.caption, /4 portraits · seed 7/);
  assert.match((await bob.answer(queued, 'album')).caption, /2 portraits · seed 8/);
  const [picture] = album.pictures;
  assert.equal((await ann.get(picture?.preview ?? '')).status, 200);
  for (const browser of [ann, bob]) await browser.send({ text: '/help' });
  assert.deepEqual([await albumsOf(ann), await albumsOf(bob)], [1, 1]);
  await stop(second);
  assert.deepEqual(readdirSync(join(data, 'vault')), []);

  const third = await restart(context, data, first);
  assert.equal((await ann.get('/api/setup')).status, 401, 'nothing is owed to this browser any more');
  await stop(third);
});

test('killed twice with the same job under way: it is delivered after the third start', async (context) => {
  const data = temporaryFolder();
  const first = await start(context, data, '0', 'hold');
  const ann = await openAgreed(first.address);
  const key = await ann.send({ text: 'smiling', photos: [photo] });
  await first.halfWay;
  await kill(first);
  const second = await start(context, data, new URL(first.address).port, 'hold');
  await second.halfWay;
  await kill(second);
  const third = await restart(context, data, first);
  await ann.answer(key, 'album');
  assert.equal(await albumsOf(ann), 1);
  await stop(third);
});

test('stopped in good order: what is made is delivered, what waits is delivered by the next run', async (context) => {
  const data = temporaryFolder();
  const first = await start(context, data, '0', 'hold');
  const [ann, bob] = [await openAgreed(first.address), await openAgreed(first.address)];
  const running = await ann.send({ text: 'smiling', photos: [photo] });
  await first.halfWay;
  const queued = await bob.send({ text: 'sad', photos: [photo] });
  await bob.answer(queued, 'status');
  const delivered = ann.answer(running, 'album');
  await stop(first);
  await delivered;
  const second = await restart(context, data, first);
  await bob.answer(queued, 'album');
  await stop(second);
});

test('consent is remembered, and a second copy on the same folder is refused', async (context) => {
  const data = temporaryFolder();
  const first = await start(context, data, '0', 'hold');
  const ann = await openAgreed(first.address);
  await ann.send({ text: 'smiling', photos: [photo] });
  await first.halfWay;
  const rival = fork(program, [data], { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const complaints: string[] = [];
  rival.stderr?.on('data', (chunk: Buffer) => complaints.push(chunk.toString()));
  const [code] = await once(rival, 'close');
  assert.notEqual(code, 0);
  assert.match(complaints.join(''), /data-in-use/);
  await kill(first);

  const second = await restart(context, data, first);
  await ann.until((messages) => messages.some(({ kind }) => kind === 'album'));
  await ann.answer(await ann.send({ text: 'sad', photos: [photo] }), 'album');
  await stop(second);
});
