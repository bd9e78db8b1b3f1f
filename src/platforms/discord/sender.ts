import { MessageFlags, Routes, type REST } from 'discord.js';
import { type DiscordAddress, TOKEN_LIFE } from './address.js';
import { DiscordFailure, toFailure } from './failure.js';
import type { DiscordMessage } from './messages.js';

/** The bot may not see the place, or may not do there what it tries, or a thread was archived (50083) or locked (160005). */
const FORBIDDEN = [50_001, 50_013, 50_083, 160_005];
/** Answers of Discord that say: there is no such place any more, or the bot may not speak there. */
const UNREACHABLE = new Set([10_003, 10_004, 10_008, 10_013, 10_015, 50_007, 50_027, 50_278, ...FORBIDDEN]);
/** Unknown channel (10003); the interaction's token is over (10015, 50027), or its message was deleted (10008). */
const SHOWN_GONE = new Set([10_003, 10_008, 10_015, 50_027, ...FORBIDDEN]);
/** Direct messages are closed, or there is no server in common. */
const DIRECT_CLOSED = new Set([50_007, 50_278]);
/** The post was deleted, or is in an archived thread, which a new post opens again. */
const POST_GONE = new Set([10_008, 50_083]);
/** The conversation has no threads (50024, 50035), or the post has one already (160004). */
const NO_THREADS = new Set([...FORBIDDEN, 10_003, 10_008, 50_024, 50_035, 160_004]);
const TOO_LARGE = new Set([40_005]);

/** Sends answers to where they can still be received. */
export interface Sender {
  /** Whether the interaction's own token can still be used. */
  alive(address: DiscordAddress): boolean;
  /**
   * Puts a message in place of the one shown, by the interaction's token, or by the bot's own where everyone sees it; false
   * when token or message are gone, or the bot may not.
   */
  edit(address: DiscordAddress, message: DiscordMessage): Promise<boolean>;
  /** As `edit`, and where the shown message was deleted, as a new one. */
  answer(address: DiscordAddress, message: DiscordMessage): Promise<boolean>;
  /** Shows a message to the member alone, whoever saw the one it takes the place of; false when the token is over. */
  whisper(address: DiscordAddress, message: DiscordMessage): Promise<boolean>;
  /** Sends by the bot's own token: to the member alone, once for each nonce; false when their messages are closed. */
  direct(address: DiscordAddress, message: DiscordMessage, nonce?: string): Promise<boolean>;
  /** Sends by the bot's own token into the conversation the member asked in. */
  channel(address: DiscordAddress, message: DiscordMessage, nonce?: string): Promise<void>;
  /** Posts for everyone in the conversation, or in place of an earlier post that is still there; answers the post's id. */
  publish(address: DiscordAddress, message: DiscordMessage, earlier?: string): Promise<string>;
  /** Opens a thread under a post, where the bot may. */
  openThread(address: DiscordAddress, post: string, name: string): Promise<void>;
  /** Deletes the answer, if a token is left to do so. */
  remove(address: DiscordAddress): Promise<void>;
}

export interface SenderOptions {
  readonly rest: REST;
  readonly now: () => number;
}

export function createSender({ rest, now }: SenderOptions): Sender {
  const original = ({ application, token }: DiscordAddress): `/${string}` =>
    Routes.webhookMessage(application, token, '@original');
  const alive: Sender['alive'] = ({ created, token }) => token !== '' && now() - created < TOKEN_LIFE;
  const post = async (channel: string, { body, files }: DiscordMessage, nonce?: string): Promise<unknown> => {
    const once = nonce === undefined ? {} : { nonce, enforce_nonce: true };
    return rest.post(Routes.channelMessages(channel), { body: { ...body, ...once }, files: [...files] });
  };
  const followUp = async (
    { application, token }: DiscordAddress,
    { body, files }: DiscordMessage,
    flags: MessageFlags.Ephemeral | 0,
  ): Promise<void> => {
    const sent = { body: { ...body, flags }, files: [...files], auth: false };
    await rest.post(Routes.webhook(application, token), sent);
  };
  const attempt = async (send: Promise<unknown>, gone: ReadonlySet<number>): Promise<boolean> => {
    try {
      await send;
      return true;
    } catch (error) {
      const failure = toFailure(error);
      if (hasCode(failure, gone)) return false;
      throw failure;
    }
  };
  const edit: Sender['edit'] = async (address, { body, files }) => {
    const { channel, message } = address;
    const sent = { body, files: [...files] };
    if (alive(address)) return attempt(rest.patch(original(address), { ...sent, auth: false }), SHOWN_GONE);
    return message !== '' && attempt(rest.patch(Routes.channelMessage(channel, message), sent), SHOWN_GONE);
  };
  const remove: Sender['remove'] = async (address) => {
    const { channel, message } = address;
    if (alive(address)) await attempt(rest.delete(original(address), { auth: false }), SHOWN_GONE);
    else if (message !== '') await attempt(rest.delete(Routes.channelMessage(channel, message)), SHOWN_GONE);
  };
  return {
    alive,
    edit,
    remove,
    async answer(address, message) {
      if (await edit(address, message)) return true;
      const flags = address.message === '' ? MessageFlags.Ephemeral : 0;
      return alive(address) && attempt(followUp(address, message, flags), SHOWN_GONE);
    },
    async whisper(address, message) {
      // What follows an answer not given yet would take its place and its openness.
      await remove(address);
      return alive(address) && attempt(followUp(address, message, MessageFlags.Ephemeral), SHOWN_GONE);
    },
    async direct({ user }, message, nonce) {
      const opened = rest.post(Routes.userChannels(), { body: { recipient_id: user } });
      return attempt(
        opened.then((channel) => post(idOf(channel), message, nonce)),
        DIRECT_CLOSED,
      );
    },
    async channel({ channel }, message, nonce) {
      await attempt(post(channel, message, nonce), new Set());
    },
    async publish({ channel }, message, earlier) {
      const { body, files } = message;
      const edited = (id: string): Promise<unknown> =>
        rest.patch(Routes.channelMessage(channel, id), { body, files: [...files] });
      if (earlier !== undefined && (await attempt(edited(earlier), POST_GONE))) return earlier;
      const sent = post(channel, message).catch((error: unknown) => Promise.reject(toFailure(error)));
      return idOf(await sent);
    },
    async openThread({ channel }, head, name) {
      await attempt(rest.post(Routes.threads(channel, head), { body: { name } }), NO_THREADS);
    },
  };
}

/** Whether an error says that the place is gone or closed to the bot, which is everyday life. */
export function isUnreachable(error: unknown): boolean {
  return hasCode(error, UNREACHABLE);
}

/** Whether an error says that a file is larger than Discord takes. */
export function isTooLarge(error: unknown): boolean {
  return hasCode(error, TOO_LARGE);
}

function hasCode(error: unknown, codes: ReadonlySet<number>): boolean {
  return error instanceof DiscordFailure && codes.has(error.code);
}

function idOf(channel: unknown): string {
  if (typeof channel === 'object' && channel !== null && 'id' in channel && typeof channel.id === 'string') {
    return channel.id;
  }
  throw new TypeError('Discord made something without an id');
}
