import { setTimeout as delay } from 'node:timers/promises';
import { RATES } from '../../../src/platforms/telegram/pace.js';
import type { TelegramTiming } from '../../../src/platforms/telegram/platform.js';

/** How many times as fast as here time goes by where a test keeps Telegram's own pace, unless it says otherwise. */
export const SPEED = 20;

/** A clock of milliseconds since 1970 that runs so many times as fast as this machine's. */
export function clockAt(speed: number): () => number {
  const began = Date.now();
  return () => began + (Date.now() - began) * speed;
}

/** The bot's own pace and waits by such a clock: as many messages to each of Telegram's seconds as ever. */
export function timingAt(speed: number): Required<TelegramTiming> {
  const { chatInterval, groupPerMinute, perSecond } = RATES;
  return {
    rates: {
      chatInterval: chatInterval / speed,
      groupPerMinute: groupPerMinute * speed,
      perSecond: perSecond * speed,
    },
    wait: (milliseconds, signal) => delay(milliseconds / speed, undefined, { signal }),
  };
}
