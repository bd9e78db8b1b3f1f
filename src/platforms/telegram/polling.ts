import { type Telegraf, TelegramError } from 'telegraf';
import type { Lock } from '../../data/lock.js';

/** The kinds of updates that are asked for. */
export const UPDATES = ['message', 'edited_message', 'callback_query', 'my_chat_member'] as const;

/** Longest pause between two tries to get at the updates, in milliseconds. */
const MAX_PAUSE = 60_000;
const FIRST_PAUSE = 1000;
/** For how long the lock to poll is taken, and how often it is asked for or renewed. */
const LOCK_MS = 30_000;
const LOOK = LOCK_MS / 3;

export interface PollingOptions {
  readonly bot: Telegraf;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly stopping: AbortSignal;
  /** Whose lock it is to poll, where several processes could. */
  readonly lock?: Lock;
  /** Called when updates cannot be had at the moment; 409 means that somebody else polls with the same token. */
  readonly onError: (error: unknown) => void;
}

/** Asks for updates until told to stop, and begins again, ever more slowly, after whatever went wrong. */
export async function pollUpdates(options: PollingOptions): Promise<void> {
  const { wait, stopping, lock, onError } = options;
  let pause = FIRST_PAUSE;
  while (!stopping.aborted) {
    const begun = Date.now();
    try {
      if (lock && !(await lock.hold(LOCK_MS))) await wait(LOOK);
      else await pollWhileLocked(options);
    } catch (error) {
      if (stopping.aborted) break;
      onError(error);
      if (Date.now() - begun > MAX_PAUSE) pause = FIRST_PAUSE;
      if (error instanceof TelegramError && error.code === 409) pause = Math.max(pause, 5 * FIRST_PAUSE);
      await wait(pause).catch(() => undefined);
      pause = Math.min(MAX_PAUSE, pause * 2);
    }
  }
  await lock?.pass().catch(onError);
}

/** Polls until the lock is lost; one that cannot be kept for certain counts as lost. */
async function pollWhileLocked({ bot, lock, onError }: PollingOptions): Promise<void> {
  const keep = async (held: Lock): Promise<void> => {
    if (!(await held.hold(LOCK_MS))) stopPolling(bot);
  };
  const lose = (error: unknown): void => {
    onError(error);
    stopPolling(bot);
  };
  const keeping = lock && setInterval(() => void keep(lock).catch(lose), LOOK).unref();
  try {
    await bot.launch({ allowedUpdates: [...UPDATES] });
  } finally {
    clearInterval(keeping);
  }
}

/** Ends polling. Telegraf throws when it is told to stop while it is not polling, which is as well. */
export function stopPolling(bot: Telegraf): void {
  try {
    bot.stop();
  } catch {
    // Not polling at the moment.
  }
}
