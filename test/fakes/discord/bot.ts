import type { TestContext } from 'node:test';
import { Keyv } from 'keyv';
import type { Command } from '../../../commands/command.js';
import { commands, defaultCommand } from '../../../commands/index.js';
import { createDiscordPlatform } from '../../../src/platforms/discord/platform.js';
import type { ChatPlatform } from '../../../src/platforms/platform.js';
import { ListeningHost } from '../../contract/platform.js';
import { testPresets } from '../presets.js';
import { FakeDiscord } from './discord.js';

/** The adapter on real discord.js, connected to a fake of its own, and the host it reports to. */
export interface ConnectedBot {
  readonly discord: FakeDiscord;
  readonly platform: ChatPlatform;
  readonly host: ListeningHost;
  /** What no member was told; `heard` resolves with the first. */
  readonly errors: { readonly all: readonly unknown[]; readonly heard: Promise<void> };
  /** Ends the bot and starts it once more, as a new process would, perhaps with other commands. */
  restart(known?: readonly Command[]): Promise<ChatPlatform>;
}

/** The largest photo the bot takes here. */
export const MAX_TEST_PHOTO = 1000;

/** Connects a bot; the test's end disconnects it. */
export async function connectBot(context: TestContext): Promise<ConnectedBot> {
  const discord = await FakeDiscord.open();
  const host = new ListeningHost();
  const all: unknown[] = [];
  let hear: () => void = () => undefined;
  const heard = new Promise<void>((resolve) => (hear = resolve));
  const facts = new Keyv<string>();
  const open = async (known = commands): Promise<ChatPlatform> => {
    const opened = createDiscordPlatform({
      ...discord.endpoints,
      token: discord.token,
      commands: known,
      defaultCommand,
      presets: testPresets,
      maxPhotoBytes: MAX_TEST_PHOTO,
      facts,
      onError(error) {
        all.push(error);
        hear();
      },
      now: discord.clock.now,
    });
    await opened.start(host);
    return opened;
  };
  let platform = await open();
  context.after(async () => {
    await platform.stop();
    await discord.close();
  });
  const restart = async (known = commands): Promise<ChatPlatform> => {
    await platform.stop();
    platform = await open(known);
    return platform;
  };
  return { discord, platform, host, errors: { all, heard }, restart };
}
