import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { loadManifest } from '../../pipeline/bundle.js';
import { createEngine } from '../../pipeline/engine/supervisor.js';
import { composeChat } from '../../src/compose/chat.js';
import { openStorage } from '../../src/compose/storage.js';
import { packageRoot } from '../../src/config.js';
import { presetsOfBundle } from '../../src/main.js';
import { createLog } from '../../src/operations/log.js';
import { FakeDiscord } from '../fakes/discord/discord.js';
import { type ShownMessage, textOf } from '../fakes/discord/messages.js';
import type { DiscordUser } from '../fakes/discord/user.js';
import { eventsOn } from '../fakes/events.js';
import { facePhoto } from '../fakes/photos.js';
import { temporaryFolder } from '../temporary-folder.js';

const photo = { bytes: facePhoto() };
const bundle = join(packageRoot, 'models', 'tiny');
/** One process of the embedded model, restarts included. */
const engine = createEngine({ bundle, threads: 2, limits: { memoryBytes: 2 ** 31, requestMs: 3_600_000 } });
const presets = presetsOfBundle(await loadManifest(bundle));
const DAY = 24 * 60 * 60_000;
const MANAGE_SERVER = '32';

/** The whole program on Discord, its data in a folder; it can be started again on that, also a day later. */
async function open(context: TestContext) {
  const discord = await FakeDiscord.open(Date.now());
  const data = temporaryFolder();
  const begin = async () => {
    const config = {
      host: '127.0.0.1',
      port: 0,
      data,
      bundle,
      discord: { token: discord.token, ...discord.endpoints },
    };
    const log = createLog({ level: 'silent', secrets: [] });
    const chat = composeChat({ config, engine, presets, log });
    await chat.start();
    return chat;
  };
  let chat = await begin();
  context.after(async () => {
    await chat.stop();
    await discord.close();
  });
  const restart = async (): Promise<void> => {
    await chat.stop();
    chat = await begin();
  };
  /** What falls due more than a day from now is done while nothing runs; then the program starts again. */
  const dayLater = async (): Promise<void> => {
    await chat.stop();
    const storage = openStorage({ data });
    const { facts, portraits, store: jobs } = storage;
    await eventsOn(facts, { portraits, jobs, now: () => Date.now() + DAY + 60_000 }).sweep();
    await storage.close();
    chat = await begin();
  };
  return { discord, restart, dayLater };
}

after(() => engine.close());

const says = (sentence: RegExp) => (message: ShownMessage) => sentence.test(textOf(message));

/** Someone on Discord who enters, agreeing on the way. */
async function enter(user: DiscordUser, name: string): Promise<void> {
  user.slash('event join', { photo, agree: true, name });
  const question = await user.sees(({ buttons }) => buttons.some(({ label }) => label === 'Read and agree'));
  user.submit(await user.form(user.press(question, 'Read and agree')), { message: question });
  await user.sees(says(/It is your entry in the event now/));
}

test('a whole event on Discord with the embedded model, with a restart in the middle', async (context) => {
  const { discord, restart, dayLater } = await open(context);
  const moderator = discord.user('guild', 'en-US', { permissions: MANAGE_SERVER });
  const [ann, bob, cat] = [discord.user(), discord.user(), discord.user()];
  moderator.slash('event create', { title: 'Sketches', style: 'watercolour', hours: 24 });
  await moderator.sees(says(/^Done: “Sketches” is open/));
  const post = await ann.sees(says(/Entries: 0 of 100/));
  assert.equal(discord.world.threads.get(post.id), 'Sketches');
  ann.slash('event end');
  await ann.sees(says(/^Only those who may manage/));
  await enter(ann, 'Ann');
  await enter(bob, 'Bob');

  await restart();
  await enter(cat, 'Cat');
  const again = await ann.sees(says(/Entries: 3 of 100/));
  assert.equal(again.id, post.id, 'the one post is edited in place');
  for (const user of [ann, cat]) {
    user.slash('event vote', { number: 2 });
    await user.sees(says(/^Your vote is for number 2/));
  }
  bob.slash('event vote', { number: 2 });
  await bob.sees(says(/^That is your own entry/));
  moderator.slash('event end');
  await moderator.sees(says(/^“Sketches” is over/));
  const told = await ann.sees(says(/🏆 No\. 2 · Bob, with 2 votes/));
  assert.equal(told.files.length, 1);
  bob.slash('event avatar', { frame: 'gold' });
  const { files } = await bob.sees(says(/^Your avatar/));
  assert.equal(files.length, 1);
  bob.slash('event join', { photo, agree: true });
  await bob.sees(says(/^The event is over/));
  await dayLater();
  ann.slash('event sheet');
  await ann.sees(says(/^There is no event here/));
});
