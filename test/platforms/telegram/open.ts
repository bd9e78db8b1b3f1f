import type { ChatHost } from '../../../src/chat/host.js';
import type { ChatPlatform } from '../../../src/chat/platform.js';
import { createTelegramPlatform, type TelegramPlatformOptions } from '../../../src/platforms/telegram/platform.js';
import { testBotOptions } from '../../fakes/bot-options.js';
import { FakeTelegram } from '../../fakes/telegram/server.js';

/** No pacing of the bot's own: every limit is then met by obeying Telegram's 429. */
const UNPACED = { chatInterval: 0, groupPerMinute: 100_000, perSecond: 100_000 };

export interface OpenTelegram {
  readonly fake: FakeTelegram;
  readonly platform: ChatPlatform;
  /** What went wrong and reached nobody. */
  readonly errors: unknown[];
  /** Milliseconds the bot waited, by Telegram's clock. */
  readonly waits: number[];
  close(): Promise<void>;
}

/** Real telegraf against the fake. Waiting moves the fake's clock instead of taking time. */
export async function openTelegram(
  host: ChatHost,
  changes: Partial<TelegramPlatformOptions> = {},
  fake?: FakeTelegram,
): Promise<OpenTelegram> {
  const telegram = fake ?? (await FakeTelegram.start());
  const errors: unknown[] = [];
  const waits: number[] = [];
  const platform = createTelegramPlatform({
    ...testBotOptions(),
    token: telegram.token,
    apiRoot: telegram.apiRoot,
    rates: UNPACED,
    albumPause: 250,
    onError: (error) => void errors.push(error),
    wait: async (milliseconds, signal) => {
      signal.throwIfAborted();
      waits.push(milliseconds);
      telegram.world.advance(milliseconds);
    },
    ...changes,
  });
  await platform.start(host);
  return {
    fake: telegram,
    platform,
    errors,
    waits,
    async close() {
      await platform.stop();
      await telegram.stop();
    },
  };
}
