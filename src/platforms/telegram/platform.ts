import { setTimeout as delay } from 'node:timers/promises';
import { Telegraf } from 'telegraf';
import type { ChatHost } from '../../chat/host.js';
import type { ChatPlatform } from '../../chat/platform.js';
import type { Lock } from '../../data/lock.js';
import { LikenessError } from '../../errors.js';
import { createAlbumMemory } from '../album-memory.js';
import type { BotOptions } from '../bot-options.js';
import { createButtons } from '../buttons.js';
import type { Listener } from '../listener.js';
import { readAddress, type TelegramAddress } from './address.js';
import { CarefulTelegram } from './client.js';
import { TelegramFailure } from './failure.js';
import { createInbox, type Inbox } from './inbox.js';
import { createKeyboards } from './keyboards.js';
import { createLedger } from './ledger.js';
import { goneAt } from './membership.js';
import { registerCommands } from './menu.js';
import { createPace, RATES, type Rates } from './pace.js';
import { pollUpdates, stopPolling, UPDATES } from './polling.js';
import { postTo } from './posts.js';
import { createReply, type ReplyParts } from './reply.js';
import { createRights } from './rights.js';
import { createSender } from './sender.js';
import { createStatuses } from './statuses.js';
import { createUploadIndicator } from './upload-indicator.js';
import { startWebhook, type WebhookPlace, webhookSecret } from './webhook.js';

/** Milliseconds that the last request for updates is waited for when the bot stops. */
const STOP_GRACE = 3000;

/** How fast a bot writes, and how it waits; as Telegram's documentation and this machine's clock have it unless said. */
export interface TelegramTiming {
  readonly rates?: Rates;
  /** Waits, until the time is over or the signal aborts. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

export interface TelegramPlatformOptions extends BotOptions, TelegramTiming {
  /** Where updates are pushed to; asked for by long polling when missing. */
  readonly webhook?: WebhookPlace;
  /** Whose lock it is to poll, where several processes serve the same bot. */
  readonly lock?: Lock;
  /** Called when a member or a chat cannot be reached any more, which is no error. */
  readonly onGone?: (failure: TelegramFailure) => void;
  readonly apiRoot?: string;
  readonly albumPause?: number;
}

/** The Telegram bot: real members by long polling or by webhook, nothing kept but the ids of messages. */
export function createTelegramPlatform(options: TelegramPlatformOptions): ChatPlatform {
  const { token, apiRoot = 'https://api.telegram.org', wait: pause = waitFor, rates = RATES } = options;
  const stopping = new AbortController();
  /** Aborts when no more updates are to be taken; what was taken can still be answered. */
  const taking = new AbortController();
  const wait = async (milliseconds: number): Promise<void> => void (await pause(milliseconds, stopping.signal));
  const telegram = new CarefulTelegram({
    token,
    apiRoot,
    wait,
    stopping: taking.signal,
    ...(options.onReach && { onReach: options.onReach }),
  });
  const buttons = createButtons(token);
  const albums = createAlbumMemory(Date.now);
  const onGone = (failure: TelegramFailure, { chat, user }: TelegramAddress): void => {
    options.onGone?.(failure);
    if (failure.shutOut) void chatHost?.gone(goneAt(chat, chat === user));
  };
  const parts = createParts(telegram, { ...options, rates, albums, onGone }, createKeyboards(buttons));
  const bot = new Telegraf(token, { telegram: { apiRoot, webhookReply: false } });
  bot.telegram = telegram;
  let chatHost: ChatHost | undefined;
  let inbox: Inbox | undefined;
  let listener: Listener | undefined;
  let polling: Promise<void> = Promise.resolve();

  const begin = async (host: ChatHost, username: string): Promise<void> => {
    const updates = createInbox({ ...options, ...parts, host, telegram, buttons, username });
    inbox = updates;
    chatHost = host;
    const { webhook, lock, onError } = options;
    if (!webhook) {
      bot.use((context) => updates.take(context.update));
      bot.catch(onError);
      polling = pollUpdates({ bot, wait, stopping: taking.signal, ...(lock && { lock }), onError });
      return;
    }
    const secret = webhookSecret(token);
    listener = await startWebhook({ ...webhook, secret, take: updates.take });
    await telegram.setWebhook(webhook.url, { secret_token: secret, allowed_updates: [...UPDATES] });
  };
  const stopTaking = async (): Promise<void> => {
    taking.abort();
    stopPolling(bot);
    await Promise.race([polling, delay(STOP_GRACE, undefined, { ref: false })]);
    await listener?.stop();
    inbox?.close();
  };
  return {
    name: 'telegram',
    statusInterval: 3000,
    async start(host) {
      bot.botInfo = await telegram.getMe().catch(explainStart);
      const { commands, facts } = options;
      await registerCommands({ telegram, bot: String(bot.botInfo.id), commands, facts });
      await begin(host, bot.botInfo.username);
    },
    reply: (address) => createReply(readAddress(address), parts),
    post: (address, post, earlier) => postTo(readAddress(address), { ...post, earlier }, parts),
    async forget({ id }) {
      inbox?.forget(id);
      albums.forget(id);
      for (const [chat, messages] of await parts.ledger.take(id)) await parts.sender.remove(chat, messages);
    },
    stopTaking,
    async stop() {
      stopping.abort();
      parts.uploading.endAll();
      await stopTaking();
      albums.clear();
    },
  };
}

function createParts(
  telegram: CarefulTelegram,
  {
    facts,
    rates,
    defaultCommand,
    textsFor,
    presets,
    albums,
    onError,
    onGone,
    token,
  }: Omit<TelegramPlatformOptions, 'onGone'> & Pick<ReplyParts, 'albums' | 'onGone'> & { readonly rates: Rates },
  keyboards: ReplyParts['keyboards'],
): ReplyParts {
  const ledger = createLedger(facts);
  const pace = createPace(rates);
  const sender = createSender(telegram, ledger);
  const uploading = createUploadIndicator((to) => pace.chatAction(() => sender.uploading(to)));
  const shared = { ledger, keyboards, pace, sender, uploading, textsFor };
  // A token begins with the bot's id.
  const maySend = createRights(telegram, Number.parseInt(token, 10));
  return {
    ...shared,
    statuses: createStatuses(shared),
    maySend,
    albumCommand: defaultCommand,
    presets,
    albums,
    onError,
    onGone,
  };
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
