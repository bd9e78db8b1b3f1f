import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Keyv } from 'keyv';
import type { ChatPlatform } from '../../../src/chat/platform.js';
import { createDiscordPlatform } from '../../../src/platforms/discord/platform.js';
import { testBotOptions } from '../../fakes/bot-options.js';
import { connectBot } from '../../fakes/discord/bot.js';
import { FakeDiscord } from '../../fakes/discord/discord.js';
import { textOf } from '../../fakes/discord/messages.js';
import { ListeningHost, plainAlbum } from '../../fakes/host.js';

const PHOTO = { bytes: Uint8Array.of(0xff, 0xd8, 0xff) };
const FIFTEEN_MINUTES = 15 * 60_000;

/** Facts of a process that dies before it can record how an album went. */
class DyingFacts extends Map<string, unknown> {
  alive = true;

  override set(key: string, value: unknown): this {
    if (!this.alive) throw new Error('killed');
    if (key.includes('discord:album:')) this.alive = false;
    return super.set(key, value);
  }
}

/** A bot that is asked for an album, and dies after it was sent and before that is recorded. */
async function open(context: TestContext) {
  const discord = await FakeDiscord.open();
  context.after(() => discord.close());
  const kept = new DyingFacts();
  const host = new ListeningHost();
  const start = async (): Promise<ChatPlatform> => {
    const platform = createDiscordPlatform({
      ...testBotOptions(),
      ...discord.endpoints,
      token: discord.token,
      facts: new Keyv<string>({ store: kept, throwOnErrors: true }),
      now: discord.clock.now,
    });
    await platform.start(host);
    context.after(() => platform.stop());
    return platform;
  };
  const platform = await start();
  const ann = discord.user();
  ann.slash('portrait', { photo: PHOTO, prompt: 'smiling' });
  const { address } = await host.next();
  const album = plainAlbum('job-1');
  const albums = () => ann.visible().filter(({ files }) => files.length > 0);
  return {
    discord,
    ann,
    albums,
    /** Sends the album and dies. */
    async die() {
      await assert.rejects(platform.reply(address).album(album), /killed/);
      await platform.stop();
      kept.alive = true;
    },
    /** The next process does what this one did not record. */
    async again() {
      const restarted = await start();
      await restarted.reply(address).status({ jobId: album.jobId, text: 'I was interrupted.', cancellable: false });
      await restarted.reply(address).album(album);
    },
  };
}

test('an album shown before a crash takes the place of the status of the restart', async (context) => {
  const { ann, albums, die, again } = await open(context);
  await die();
  await again();
  assert.deepEqual([albums().length, ann.visible().length], [1, 1]);
});

test('an album shown before a crash does not come as a direct message once the token is over', async (context) => {
  const { discord, ann, albums, die, again } = await open(context);
  await die();
  discord.clock.advance(FIFTEEN_MINUTES);
  await again();
  assert.equal(albums().length, 1);
  assert.match(textOf(ann.visible().at(-1) ?? assert.fail()), /may or may not have arrived/);
});

test('an album sent directly before a crash is not sent again once its nonce is forgotten', async (context) => {
  const { discord, ann, albums, die, again } = await open(context);
  discord.clock.advance(FIFTEEN_MINUTES);
  await die();
  discord.clock.advance(FIFTEEN_MINUTES);
  await again();
  assert.equal(albums().length, 1);
  assert.match(textOf(ann.visible().at(-1) ?? assert.fail()), /may or may not have arrived/);
});

test('an album that followed a dismissed status before a crash does not follow twice', async (context) => {
  const { discord, ann, albums, die, again } = await open(context);
  const [status] = ann.visible();
  assert.ok(status);
  discord.world.messages.delete(status.id);
  await die();
  await again();
  assert.equal(albums().length, 1);
});

test('an acknowledgement waits for the record of its request, and goes out all the same where Redis keeps that waiting', async (context) => {
  const { discord, host } = await connectBot(context);
  const ann = discord.user();
  let record = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    host.begin = async ({ key }) => {
      resolve();
      await new Promise<void>((recorded) => (record = recorded));
      return () => void host.received.push({ key, open: false });
    };
  });
  const first = ann.slash('portrait', { photo: PHOTO, prompt: 'smiling' });
  await asked;
  assert.ok(!first.acknowledged);
  record();
  await host.next();
  assert.ok(first.acknowledged);
  host.begin = () => new Promise(() => undefined);
  const second = ann.slash('portrait', { photo: PHOTO, prompt: 'smiling' });
  await host.next();
  assert.ok(second.acknowledged);
});
