import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { FakeDiscord } from '../fakes/discord/discord.js';
import { type ShownMessage, textOf } from '../fakes/discord/messages.js';
import type { SeenRequest } from '../fakes/discord/rest.js';
import type { DiscordUser, SlashValues } from '../fakes/discord/user.js';
import { plainJpeg } from '../fakes/photos.js';
import { type ProgramSettings } from '../fixtures/program-messages.js';
import { skipWithoutRedis as skip, startRedis } from '../redis-server.js';
import { temporaryFolder } from '../temporary-folder.js';
import { type Program, startProgram } from './program.js';

const photo = { bytes: await plainJpeg() };

/** Discord, a first run of the program, and how to start it anew on what that one left. */
async function begin(context: TestContext, settings: Partial<ProgramSettings> = {}) {
  const discord = await FakeDiscord.open(Date.now());
  context.after(() => discord.close());
  const data = temporaryFolder();
  const run = (more: Partial<ProgramSettings> = {}): Promise<Program> =>
    startProgram(context, { data, discord: { token: discord.token, ...discord.endpoints }, ...more });
  return { discord, first: await run(settings), restart: run };
}

async function agree(user: DiscordUser): Promise<ShownMessage> {
  const question = await user.sees(({ buttons }) => buttons.some(({ label }) => label === 'Read and agree'));
  user.submit(await user.form(user.press(question, 'Read and agree')), { message: question });
  return question;
}

/** Asks for an album and agrees; the request goes on by itself. */
async function ask(user: DiscordUser, values: SlashValues): Promise<void> {
  user.slash('portrait', { photo, prompt: 'smiling', ...values });
  await agree(user);
}

function albumsOf(user: DiscordUser): readonly ShownMessage[] {
  return user.visible().filter(({ files }) => files.length > 0);
}

/** What must be true of someone whose one album was delivered: it stands alone, in place of the status. */
function assertOneAlbum(user: DiscordUser, pictures: number): void {
  const [album] = albumsOf(user);
  assert.deepEqual([user.visible().length, album?.files.length], [1, pictures]);
  assert.ok(album?.buttons.some(({ label }) => label === 'More'));
}

const isAlbum = ({ method, files }: SeenRequest): boolean => method === 'PATCH' && files > 0;

test('killed while one job is running and another is queued: each is delivered, once', async (context) => {
  const { discord, first, restart } = await begin(context, { hold: true });
  const [ann, bob] = [discord.user(), discord.user('direct')];
  await ask(ann, { seed: 7 });
  await first.halfWay;
  await ask(bob, { count: 2 });
  await bob.sees((message) => /ahead of yours/.test(textOf(message)));
  await first.kill();

  const second = await restart();
  assert.match((await ann.lastAlbum()).content, /Your 4 portraits/);
  await bob.lastAlbum();
  await second.stop();
  assertOneAlbum(ann, 4);
  assertOneAlbum(bob, 2);
});

for (const [when, title] of [
  ['before', 'killed with an album on its way to Discord: the next run delivers it, once'],
  ['after', 'killed between sending an album and recording it: it is there once, and the next run changes nothing'],
] as const) {
  test(title, async (context) => {
    const { discord, first, restart } = await begin(context);
    const ann = discord.user();
    const sending = discord.rest.hold(when, isAlbum);
    await ask(ann, { seed: 7 });
    await sending;
    await first.kill();
    assert.equal(albumsOf(ann).length, when === 'after' ? 1 : 0);
    const second = await restart();
    await ann.lastAlbum();
    await second.stop();
    assertOneAlbum(ann, 4);
    assert.match(albumsOf(ann)[0]?.content ?? '', /seed:7/);
  });
}

test('told to end while one job is running: it is delivered, what waits is delivered by the next run', async (context) => {
  const { discord, first, restart } = await begin(context, { hold: true });
  const [ann, bob] = [discord.user(), discord.user()];
  await ask(ann, {});
  await first.halfWay;
  await ask(bob, {});
  await bob.sees((message) => /ahead of yours/.test(textOf(message)));
  await first.terminate();
  first.release();
  await first.ended;
  assertOneAlbum(ann, 4);
  assert.equal(albumsOf(bob).length, 0);
  const second = await restart();
  await bob.lastAlbum();
  await second.stop();
  assertOneAlbum(bob, 4);
});

test('told to end while Discord cannot be reached: the program ends all the same', async (context) => {
  const { discord, first } = await begin(context);
  await discord.close();
  await first.terminate();
  await first.ended;
});

test('killed while it sends files, deletes an album, or notes a consent: pressing again does what was meant', async (context) => {
  const { discord, first, restart } = await begin(context);
  const ann = discord.user();
  await ask(ann, {});
  const album = await ann.lastAlbum();
  const sendingFiles = discord.rest.hold('before', isAlbum);
  ann.press(album, 'As files');
  await sendingFiles;
  const deleting = discord.rest.hold('before', ({ method }) => method === 'DELETE');
  ann.press(album, 'Delete');
  await deleting;
  const bob = discord.user();
  bob.slash('portrait', { photo, prompt: 'sad' });
  const question = await bob.sees(({ buttons }) => buttons.length > 0);
  const agreeing = discord.rest.hold('before', ({ path }) => path.endsWith('/callback'));
  const form = bob.press(question, 'Read and agree');
  await agreeing;
  await first.kill();
  assert.equal(form.modal, undefined);

  const second = await restart();
  ann.press(album, 'As files');
  await ann.sees((message) => /full-quality files are kept/.test(textOf(message)));
  ann.press(album, 'Delete');
  await discord.until(() => (albumsOf(ann).length === 0 ? true : undefined));
  await agree(bob);
  await bob.sees((message) => /send your request once more/.test(textOf(message)));
  bob.slash('portrait', { photo, prompt: 'sad' });
  await bob.lastAlbum();
  await second.stop();
});

for (const around of ['its own database', 'a Redis'] as const) {
  test(
    `killed in the moment a wish is acknowledged, which was recorded only afterwards: the next run tells its member, around ${around}`,
    { skip: around === 'a Redis' && skip },
    async (context) => {
      const redis = around === 'a Redis' ? await startRedis() : undefined;
      context.after(() => redis?.stop());
      const settings = redis ? { role: 'chat' as const, redis: { url: redis.url } } : {};
      const { discord, first, restart } = await begin(context, settings);
      const [ann, bob, eve] = [discord.user(), discord.user(), discord.user('direct')];
      ann.slash('portrait', { photo, prompt: 'smiling' });
      const question = await ann.sees(({ buttons }) => buttons.length > 0);
      const form = await ann.form(ann.press(question, 'Read and agree'));
      for (const wish of [
        () => void bob.slash('portrait', { photo, prompt: 'smiling' }),
        () => void ann.submit(form, { message: question }),
        () => void bob.slash('portrait', { photo }),
      ]) {
        const acknowledged = discord.rest.hold('after', ({ path }) => path.endsWith('/callback'));
        wish();
        await acknowledged;
      }
      const answered = discord.rest.hold('after', ({ path }) => path.includes(eve.channel.id));
      eve.post('smiling', [photo]);
      await answered;
      await first.kill();
      await redis?.age(30_000);

      const second = await restart(settings);
      const told = (user: DiscordUser, times: number) =>
        discord.until(() => {
          const sentences = user.visible().filter((message) => /interrupted before/.test(textOf(message)));
          return sentences.length === times || undefined;
        });
      await Promise.all([told(ann, 1), told(bob, 2), told(eve, 1)]);
      await second.stop();
    },
  );
}
