import type { TestContext } from 'node:test';
import { Keyv } from 'keyv';
import type { ChatPlatform } from '../../../src/chat/platform.js';
import { createDiscordPlatform, type DiscordPlatformOptions } from '../../../src/platforms/discord/platform.js';
import { testBotOptions } from '../bot-options.js';
import { ListeningHost } from '../host.js';
import { FakeDiscord } from './discord.js';

/** The adapter on real discord.js, connected to a fake of its own, and the host it reports to. */
export interface ConnectedBot {
  readonly discord: FakeDiscord;
  readonly platform: ChatPlatform;
  readonly host: ListeningHost;
  /** What no member was told; `heard` resolves with the first. */
  readonly errors: { readonly all: readonly unknown[]; readonly heard: Promise<void> };
  /** Ends the bot and starts it once more, as a new process would, perhaps with other options. */
  restart(changes?: BotChanges): Promise<ChatPlatform>;
}

/** The largest photo the bot takes here. */
export const MAX_TEST_PHOTO = 1000;

/** What may differ from the usual bot under test. */
export interface BotChanges extends Partial<
  Pick<DiscordPlatformOptions, 'commands' | 'presets' | 'samples' | 'textsFor' | 'definitionTexts'>
> {
  /** Milliseconds by which the clock of the bot's machine is ahead of Discord's. */
  readonly ahead?: number;
}

/** Connects a bot; the test's end disconnects it. */
export async function connectBot(context: TestContext, changes: BotChanges = {}): Promise<ConnectedBot> {
  const discord = await FakeDiscord.open();
  const host = new ListeningHost();
  const all: unknown[] = [];
  let hear: () => void = () => undefined;
  const heard = new Promise<void>((resolve) => (hear = resolve));
  const facts = new Keyv<string>();
  const open = async ({ ahead = 0, ...changed }: BotChanges): Promise<ChatPlatform> => {
    const opened = createDiscordPlatform({
      ...testBotOptions(),
      ...discord.endpoints,
      token: discord.token,
      maxPhotoBytes: MAX_TEST_PHOTO,
      facts,
      onError(error) {
        all.push(error);
        hear();
      },
      now: () => discord.clock.now() + ahead,
      ...changed,
    });
    await opened.start(host);
    return opened;
  };
  let platform = await open(changes);
  context.after(async () => {
    await platform.stop();
    await discord.close();
  });
  const restart = async (changed = changes): Promise<ChatPlatform> => {
    await platform.stop();
    platform = await open(changed);
    return platform;
  };
  return { discord, platform, host, errors: { all, heard }, restart };
}
