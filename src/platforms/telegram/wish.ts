import type { Message } from 'telegraf/types';
import { parseLine } from '../../../commands/parse.js';
import type { Command } from '../../../commands/command.js';
import { translator } from '../../texts.js';
import type { Invocation, OptionValues } from '../platform.js';
import { memberAt, type TelegramAddress, toReplyAddress } from './address.js';
import { type DownloadOptions, photoOf, type SentPhoto, toAttachment } from './photos.js';

/** What a member wants, in Telegram's terms. */
export interface Wish {
  readonly key: string;
  readonly address: TelegramAddress;
  readonly group: boolean;
  readonly command: string;
  readonly options: OptionValues;
  readonly photos: readonly SentPhoto[];
}

/** Turns a wish into the invocation it means. */
export function toInvocation(
  { key, address, group, command, options, photos }: Wish,
  download: DownloadOptions,
): Invocation {
  return {
    key,
    member: memberAt(address),
    place: { kind: group ? 'group' : 'direct', id: address.chat },
    locale: address.locale,
    command,
    options,
    attachments: photos.map((photo) => toAttachment(photo, download)),
    address: toReplyAddress(address),
  };
}

export interface Hearing {
  readonly commands: readonly Command[];
  /** Name of the command that words without a slash are for. */
  readonly fallback: string;
  /** The bot's own user name. */
  readonly username: string;
  /** The photos of an album that came lately, by its `media_group_id`. */
  readonly album: (group: string) => readonly SentPhoto[] | undefined;
}

/** What a message, or the messages of an album, came to. */
export interface Heard {
  /** A wish; photos without words, of which it is asked what to make; or somebody else's photos, which are not used. */
  readonly kind: 'wish' | 'choose' | 'foreign';
  readonly wish: Wish;
}

/** Understands messages that belong together; undefined when they are not meant for the bot. */
export function hear(messages: readonly Message[], hearing: Hearing): Heard | undefined {
  const [message] = messages;
  const author = message?.from;
  if (!message || !author || author.is_bot) return undefined;
  const group = message.chat.type !== 'private';
  const own = messages.map(photoOf).filter((photo) => photo !== undefined);
  const line = addressed(messages.map(wordsOf).find((text) => text !== '') ?? '', { group, hearing });
  if (line === undefined || (line === '' && own.length === 0 && !isWishful(message))) return undefined;
  const answered = 'reply_to_message' in message ? message.reply_to_message : undefined;
  const { command, options } = parseLine(line, hearing.commands, hearing.fallback);
  const photos = own.length === 0 && answered ? photosFor(command, answered, hearing) : own;
  const address = addressOf(message, {
    user: String(author.id),
    language: author.language_code,
    photo: own.length === 0 ? answered : message,
  });
  const wish: Wish = { key: `${message.chat.id}:${message.message_id}`, address, group, command, options, photos };
  return { kind: kindOf(wish, line), wish };
}

function kindOf({ photos, address }: Wish, line: string): Heard['kind'] {
  if (photos.some(({ owner }) => owner !== address.user)) return 'foreign';
  return line === '' && photos.length > 0 ? 'choose' : 'wish';
}

/** The photos of an answered message, where the command takes any. */
function photosFor(command: string, answered: Message, hearing: Hearing): readonly SentPhoto[] {
  const takesPhotos = hearing.commands.some(({ name, photos }) => name === command && photos !== undefined);
  return takesPhotos ? photosOf(answered, hearing) : [];
}

/** The photos a message shows, those of its whole album where that is still known. */
export function photosOf(message: Message, { album }: Pick<Hearing, 'album'>): readonly SentPhoto[] {
  const photo = photoOf(message);
  const group = 'media_group_id' in message ? message.media_group_id : undefined;
  return (group === undefined ? undefined : album(group)) ?? (photo ? [photo] : []);
}

function wordsOf(message: Message): string {
  if ('text' in message) return message.text.trim();
  return ('caption' in message ? message.caption : undefined)?.trim() ?? '';
}

/** The words without what addresses them to the bot; undefined when they are addressed to somebody else. */
function addressed(
  words: string,
  { group, hearing }: { readonly group: boolean; readonly hearing: Hearing },
): string | undefined {
  const { username, commands } = hearing;
  const [, name, addressee] = /^\/([\w-]+)(?:@(\w+))?/.exec(words) ?? [];
  if (addressee !== undefined && addressee.toLowerCase() !== username.toLowerCase()) return undefined;
  if (name?.toLowerCase() === 'start') return '/help';
  if (!group) return words;
  if (name !== undefined)
    return addressee !== undefined || commands.some((command) => command.name === name) ? words : undefined;
  const mention = new RegExp(`@${username}\\b`, 'i');
  return mention.test(words) ? words.replace(mention, '').trim() : undefined;
}

/** Things people send instead of a photo, which deserve a word on what to send. */
function isWishful(message: Message): boolean {
  const kinds = ['text', 'sticker', 'video', 'video_note', 'voice', 'audio', 'location', 'contact'];
  return kinds.some((kind) => kind in message);
}

interface Author {
  readonly user: string;
  readonly language: string | undefined;
  /** The message with the photo. */
  readonly photo: Message | undefined;
}

function addressOf(message: Message, { user, language, photo = message }: Author): TelegramAddress {
  const topic = 'is_topic_message' in message && message.is_topic_message ? message.message_thread_id : undefined;
  return {
    chat: String(message.chat.id),
    message: String(message.message_id),
    photo: String(photo.message_id),
    user,
    locale: translator(language ?? 'en').locale,
    thread: topic === undefined ? '' : String(topic),
    files: '',
  };
}
