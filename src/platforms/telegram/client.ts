import { Telegram, TelegramError } from 'telegraf';
import type { Opts, Telegram as Methods } from 'telegraf/types';
import { createTokenRedactor, toFailure } from './failure.js';

/** How often a call is made again after Telegram asked to wait, before its error is passed on. */
const MAX_WAITS = 8;

/** How often a call that can be repeated without harm is made again when no answer came. */
const MAX_RETRIES = 2;
const RETRY_PAUSE = 1000;

/** Calls that do the same however often they are made. Nothing that sends is among them. */
const repeatable = new Set<string>([
  'getMe',
  'getFile',
  'getChat',
  'getChatMember',
  'setMyCommands',
  'setWebhook',
  'deleteWebhook',
  'editMessageText',
  'editMessageReplyMarkup',
  'editMessageCaption',
  'editMessageMedia',
  'deleteMessages',
  'answerCallbackQuery',
]);

/** Calls that mean nothing any more once they had to wait. */
const fleeting = new Set<string>(['sendChatAction']);

export interface ClientOptions {
  readonly token: string;
  /** Where the Bot API is. */
  readonly apiRoot: string;
  /** Waits that many milliseconds; rejects when the bot is stopping. */
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Aborts when the bot is stopping: updates are no longer asked for. */
  readonly stopping: AbortSignal;
  /** Hears whether updates can be had. */
  readonly onReach?: (reached: boolean) => void;
}

/**
 * Telegraf's client, mended in one place for every method: it waits as long as `retry_after` says, follows groups that
 * became supergroups, repeats what can be repeated, and lets no token and no picture into an error.
 */
export class CarefulTelegram extends Telegram {
  readonly #options: ClientOptions;
  readonly #redact: (text: string) => string;
  /** Where groups moved to that became supergroups. */
  readonly #moved = new Map<string, string>();

  constructor(options: ClientOptions) {
    super(options.token, { apiRoot: options.apiRoot, webhookReply: false });
    this.#options = options;
    this.#redact = createTokenRedactor(options.token);
  }

  /** Remembers where a group moved. */
  moved(from: string, to: string): void {
    this.#moved.set(from, to);
  }

  override async callApi<M extends keyof Methods>(
    method: M,
    payload: Opts<M>,
    options: Parameters<Telegram['callApi']>[2] = {},
  ): Promise<ReturnType<Methods[M]>> {
    for (let attempt = 0; ; attempt++) {
      // A stopping bot still confirms what it has taken, which is the call without a timeout.
      if ('timeout' in payload && this.#options.stopping.aborted) throw new DOMException('stopping', 'AbortError');
      try {
        const answer = await super.callApi(method, this.#prepare(payload), options);
        if (method === 'getUpdates') this.#options.onReach?.(true);
        return answer;
      } catch (error) {
        if (method === 'getUpdates') this.#options.onReach?.(false);
        if (!(await this.#mend(error, { method, payload, attempt }))) throw this.#describe(error, method);
      }
    }
  }

  /** Forms drop nested objects they do not know, `reply_parameters` among them; as text it passes both ways. */
  #prepare<Payload extends object>(payload: Payload): Payload {
    const chat = 'chat_id' in payload ? this.#moved.get(String(payload.chat_id)) : undefined;
    const reply = 'reply_parameters' in payload ? JSON.stringify(payload.reply_parameters) : undefined;
    return {
      ...payload,
      ...(chat !== undefined && { chat_id: chat }),
      ...(reply !== undefined && { reply_parameters: reply }),
    };
  }

  /** Whether the call is to be made again, now. */
  async #mend(
    error: unknown,
    { method, payload, attempt }: { readonly method: string; readonly payload: object; readonly attempt: number },
  ): Promise<boolean> {
    if (attempt >= MAX_WAITS || fleeting.has(method)) return false;
    const answer = error instanceof TelegramError ? error : undefined;
    const { retry_after: seconds, migrate_to_chat_id: moved } = answer?.parameters ?? {};
    if (moved !== undefined && 'chat_id' in payload) {
      this.moved(String(payload.chat_id), String(moved));
      return true;
    }
    if (answer?.code === 429) {
      await this.#options.wait((seconds ?? 1) * 1000);
      return true;
    }
    const unanswered = answer === undefined || answer.code >= 500;
    if (!unanswered || !repeatable.has(method) || attempt >= MAX_RETRIES) return false;
    await this.#options.wait(RETRY_PAUSE);
    return true;
  }

  /** Telegraf's own polling tells its errors apart by their classes; everyone else gets a failure. */
  #describe(error: unknown, method: string): unknown {
    if (method !== 'getUpdates' || !(error instanceof Error)) return toFailure(error, method, this.#redact);
    error.message = this.#redact(error.message);
    error.stack = this.#redact(error.stack ?? '');
    return error;
  }
}
