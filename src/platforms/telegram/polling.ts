import type { Telegraf } from 'telegraf';
import { TelegramError } from 'telegraf';

/** The kinds of updates that are asked for. */
export const UPDATES = ['message', 'callback_query'] as const;

/** Longest pause between two tries to get at the updates, in milliseconds. */
const MAX_PAUSE = 60_000;
const FIRST_PAUSE = 1000;

export interface PollingOptions {
  readonly bot: Telegraf;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly stopping: AbortSignal;
  /** Hears why updates cannot be had at the moment; 409 means that somebody else polls with the same token. */
  readonly onError: (error: unknown) => void;
}

/** Asks for updates until told to stop, and begins again, ever more slowly, after whatever went wrong. */
export async function pollUpdates({ bot, wait, stopping, onError }: PollingOptions): Promise<void> {
  let pause = FIRST_PAUSE;
  while (!stopping.aborted) {
    const begun = Date.now();
    try {
      await bot.launch({ allowedUpdates: [...UPDATES] });
    } catch (error) {
      if (stopping.aborted) return;
      onError(error);
      if (Date.now() - begun > MAX_PAUSE) pause = FIRST_PAUSE;
      if (error instanceof TelegramError && error.code === 409) pause = Math.max(pause, 5 * FIRST_PAUSE);
      await wait(pause).catch(() => undefined);
      pause = Math.min(MAX_PAUSE, pause * 2);
    }
  }
}
