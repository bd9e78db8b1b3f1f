import Bottleneck from 'bottleneck';

/** How fast Telegram lets a bot write. */
export interface Rates {
  /** Milliseconds between two messages to one chat. */
  readonly chatInterval: number;
  /** Messages a minute to one group. */
  readonly groupPerMinute: number;
  /** Messages a second to all chats together. */
  readonly perSecond: number;
}

/** What Telegram's documentation names. */
export const RATES: Rates = Object.freeze({ chatInterval: 1000, groupPerMinute: 20, perSecond: 30 });

/** A piece of writing that waits for its slot. */
export interface Slot {
  readonly chat: string;
  /** Messages it writes; one unless said. */
  readonly weight?: number;
  /** Gives way to everything that does not: for edits of a status. */
  readonly yields?: boolean;
}

/** Lets everything that writes to a chat take its slot, one after the other in each chat. */
export interface Pace {
  take<Value>(slot: Slot, run: () => Promise<Value>): Promise<Value>;
  /** For what is no message, such as a sign of typing: it counts among everything that is sent, and against no chat. */
  chatAction(run: () => Promise<void>): Promise<void>;
}

const MINUTE = 60_000;

/** Slots by Telegram's rates; ids of groups begin with a minus sign. */
export function createPace({ chatInterval, groupPerMinute, perSecond }: Rates): Pace {
  const overall = new Bottleneck({ minTime: Math.ceil(1000 / perSecond) });
  const chats = new Bottleneck.Group({ maxConcurrent: 1, minTime: chatInterval });
  const groups = new Bottleneck.Group({
    reservoir: groupPerMinute,
    reservoirRefreshAmount: groupPerMinute,
    reservoirRefreshInterval: MINUTE,
  });
  return {
    async take({ chat, weight = 1, yields = false }, run) {
      const priority = yields ? 7 : 4;
      const send = () => overall.schedule({ priority }, run);
      const sendToGroup = () => groups.key(chat).schedule({ priority, weight }, send);
      return chats.key(chat).schedule({ priority }, chat.startsWith('-') ? sendToGroup : send);
    },
    chatAction: (run) => overall.schedule({ priority: 9 }, run),
  };
}
