import { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js';

/** What Discord answered, without the addresses and bodies discord.js adds: those hold tokens and pictures. */
export class DiscordFailure extends Error {
  /** Discord's own number for it; 0 where there is none. */
  readonly code: number;

  constructor(text: string, code: number) {
    super(`Discord answered: ${text} (${code})`);
    this.name = 'DiscordFailure';
    this.code = code;
  }
}

/** An error of discord.js as one that can be logged; any other is left as it is. */
export function toFailure(error: unknown): unknown {
  if (error instanceof DiscordAPIError) return new DiscordFailure(error.message, Number(error.code));
  if (error instanceof HTTPError) return new DiscordFailure(`${error.status} ${error.message}`, 0);
  return error instanceof RateLimitError ? new DiscordFailure('too many requests', 0) : error;
}
