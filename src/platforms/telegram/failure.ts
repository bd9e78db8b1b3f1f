import { TelegramError } from 'telegraf';

/** Removes a bot's token from any text: whole, as a link carries it, and its secret half alone. */
export function createTokenRedactor(token: string): (text: string) => string {
  const secret = token.slice(token.indexOf(':') + 1);
  const forms = [token, encodeURIComponent(token), secret].filter((form) => form !== '');
  return (text) => forms.reduce((rest, form) => rest.replaceAll(form, '[token]'), text);
}

/** A call Telegram refused, or that never came to an answer. It carries no payload and no token, so it may be logged. */
export class TelegramFailure extends Error {
  constructor(
    readonly method: string,
    /** Telegram's error code; undefined where no answer came, and the call may or may not have been carried out. */
    readonly code: number | undefined,
    readonly description: string,
  ) {
    super(`${method}: ${code === undefined ? '' : `${code} `}${description}`);
    this.name = 'TelegramFailure';
  }

  /** Telegram certainly did nothing. */
  get refused(): boolean {
    return this.code !== undefined && this.code < 500;
  }

  /** The member blocked the bot, or the chat is no more: an everyday thing. */
  get gone(): boolean {
    return (
      this.code === 403 || (this.code === 400 && /chat not found|user not found|PEER_ID_INVALID/i.test(this.message))
    );
  }

  /** The bot was blocked, or taken out of the chat, for good. */
  get shutOut(): boolean {
    return this.code === 403 && /blocked|deactivated|kicked|not a member/i.test(this.description);
  }

  /** The topic is gone or closed, or the bot may not write, or not send photos, there: it can only be said elsewhere. */
  get closed(): boolean {
    const reasons =
      /thread not found|TOPIC_|not enough rights|no rights to send|(?:WRITE|PLAIN|PHOTOS|DOCS|MEDIA)_FORBIDDEN|CHAT_RESTRICTED/i;
    return (this.code === 400 || this.code === 403) && reasons.test(this.description);
  }

  /** The edit changes nothing, or there is nothing to edit or delete any more. */
  get unmodified(): boolean {
    return this.code === 400 && /message is not modified/i.test(this.description);
  }

  /** The message to edit or to delete is not there any more, or too old. */
  get missing(): boolean {
    return this.code === 400 && /message (to \w+ )?(not found|can't be)/i.test(this.description);
  }
}

/** Turns what telegraf throws into a failure that may be logged. */
export function toFailure(error: unknown, method: string, redact: (text: string) => string): TelegramFailure {
  if (error instanceof TelegramFailure) return error;
  if (error instanceof TelegramError) return new TelegramFailure(method, error.code, redact(error.description));
  return new TelegramFailure(method, undefined, redact(error instanceof Error ? error.message : String(error)));
}
