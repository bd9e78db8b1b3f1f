import { setTimeout as delay } from 'node:timers/promises';
import type { Keyv } from 'keyv';
import { Telegraf } from 'telegraf';
import type { Command } from '../../../commands/command.js';
import type { Presets } from '../../../commands/presets.js';
import { LikenessError } from '../../../pipeline/errors.js';
import { createButtons } from '../buttons.js';
import type { Listener } from '../listener.js';
import type { ChatHost, ChatPlatform } from '../platform.js';
import { readAddress } from './address.js';
import { CarefulTelegram } from './client.js';
import { TelegramFailure } from './failure.js';
import { createInbox, type Inbox } from './inbox.js';
import { createKeyboards } from './keyboards.js';
import { createLedger } from './ledger.js';
import { registerCommands } from './menu.js';
import { createPace, RATES, type Rates } from './pace.js';
import { pollUpdates, UPDATES } from './polling.js';
import { createReply, type ReplyParts } from './reply.js';
import { createSender } from './sender.js';
import { createStatuses } from './statuses.js';
import { startWebhook, type WebhookPlace, webhookSecret } from './webhook.js';

/** Milliseconds that the last request for updates is waited for when the bot stops. */
const STOP_GRACE = 3000;

export interface TelegramPlatformOptions {
  /** What BotFather gave for the bot. */
  readonly token: string;
  readonly commands: readonly Command[];
  /** The command that words without a slash are for, and that albums come from. */
  readonly defaultCommand: Command;
  readonly presets: Presets;
  readonly maxPhotoBytes: number;
  /** Keeps the ids of sent messages; what it forgets at a restart can no longer be edited or deleted. */
  readonly facts: Keyv<string>;
  /** Where updates are pushed to; asked for by long polling when missing. */
  readonly webhook?: WebhookPlace;
  /** Hears of what went wrong and reached nobody. Nothing it hears holds the token or a picture. */
  readonly onError: (error: unknown) => void;
  /** Hears of members and chats that cannot be reached any more, which is no error. */
  readonly onGone?: (failure: TelegramFailure) => void;
  readonly apiRoot?: string;
  readonly rates?: Rates;
  readonly albumPause?: number;
  /** Waits, until the time is over or the signal aborts. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

/** The Telegram bot: real members by long polling or by webhook, nothing kept but the ids of messages. */
export function createTelegramPlatform(options: TelegramPlatformOptions): ChatPlatform {
  const { token, apiRoot = 'https://api.telegram.org', wait: pause = waitFor, rates = RATES } = options;
  const stopping = new AbortController();
  const wait = async (milliseconds: number): Promise<void> => void (await pause(milliseconds, stopping.signal));
  const telegram = new CarefulTelegram({ token, apiRoot, wait, stopping: stopping.signal });
  const buttons = createButtons(token);
  const parts = createParts(telegram, { ...options, rates }, createKeyboards(buttons));
  const bot = new Telegraf(token, { telegram: { apiRoot, webhookReply: false } });
  bot.telegram = telegram;
  let inbox: Inbox | undefined;
  let listener: Listener | undefined;
  let polling: Promise<void> = Promise.resolve();

  const begin = async (host: ChatHost, username: string): Promise<void> => {
    const taking = createInbox({ ...options, ...parts, host, telegram, buttons, username });
    inbox = taking;
    const { webhook, onError } = options;
    if (!webhook) {
      bot.use((context) => taking.take(context.update));
      bot.catch(onError);
      polling = pollUpdates({ bot, wait, stopping: stopping.signal, onError });
      return;
    }
    const secret = webhookSecret(token);
    listener = await startWebhook({ ...webhook, secret, take: taking.take });
    await telegram.setWebhook(webhook.url, { secret_token: secret, allowed_updates: [...UPDATES] });
  };
  return {
    name: 'telegram',
    statusInterval: 3000,
    async start(host) {
      bot.botInfo = await telegram.getMe().catch(explainStart);
      await registerCommands(telegram, options.commands);
      await begin(host, bot.botInfo.username);
    },
    reply: (address) => createReply(readAddress(address), parts),
    async forget({ id }) {
      inbox?.forget(id);
      for (const [chat, messages] of await parts.ledger.take(id)) await parts.sender.remove(chat, messages);
    },
    async stop() {
      stopping.abort();
      inbox?.close();
      stopPolling(bot);
      await Promise.race([polling, delay(STOP_GRACE, undefined, { ref: false })]);
      await listener?.stop();
    },
  };
}

function createParts(
  telegram: CarefulTelegram,
  {
    facts,
    rates,
    defaultCommand,
    onError,
    onGone = () => undefined,
  }: TelegramPlatformOptions & { readonly rates: Rates },
  keyboards: ReplyParts['keyboards'],
): ReplyParts {
  const ledger = createLedger(facts);
  const shared = { ledger, keyboards, pace: createPace(rates), sender: createSender(telegram, ledger) };
  return { ...shared, statuses: createStatuses(shared), albumCommand: defaultCommand, onError, onGone };
}

async function waitFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal });
}

/** A token Telegram does not know is the operator's to mend; so is a network that does not reach it. */
function explainStart(error: unknown): never {
  const refused = error instanceof TelegramFailure && (error.code === 401 || error.code === 404);
  if (refused) throw new LikenessError('chat-token-refused', { platform: 'Telegram', variable: 'TELEGRAM_TOKEN' });
  throw new LikenessError('chat-unreachable', { platform: 'Telegram' }, { cause: error });
}

/** Telegraf throws when it is told to stop while it is not polling, which is as well. */
function stopPolling(bot: Telegraf): void {
  try {
    bot.stop();
  } catch {
    // Not polling at the moment.
  }
}
