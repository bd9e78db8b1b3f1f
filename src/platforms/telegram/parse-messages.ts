import type { Message } from 'telegraf/types';
import type { CommandDefinition } from '../../chat/command-definition.js';
import { parseLine } from '../../chat/parse.js';
import { type TelegramAddress, topicOf } from './address.js';
import type { CommandRequest } from './command-request.js';
import { fileOf, photoOf, type SentPhoto } from './photos.js';

/** What Telegram lets a member say first. */
const START = 'start';

/** Photos, and the message they came with. */
export interface PhotoSource {
  /** Id of the message; of an album, its first. */
  readonly message: string;
  readonly photos: readonly SentPhoto[];
}

/** What messages are read by. */
export interface MessageContext {
  readonly commands: readonly CommandDefinition[];
  /** Name of the command that words without a slash are for. */
  readonly fallback: string;
  /** The bot's own user name. */
  readonly username: string;
  /** The photos of an album that came lately, by its `media_group_id`. */
  readonly album: (group: string) => readonly SentPhoto[] | undefined;
  /** Photos a member sent to a chat without words, and of which nothing was made yet. */
  readonly wordless: (chat: string, user: string) => PhotoSource | undefined;
}

/** What a message, or the messages of an album, came to. */
export interface ParsedMessages {
  /**
   * A request; a first word to the bot; photos without words, of which it is asked what to make; somebody else's photos, which
   * are not used; or something of an administrator or a channel that hides who speaks.
   */
  readonly kind: 'request' | 'start' | 'choose' | 'foreign' | 'anonymous';
  readonly request: CommandRequest;
  /** The second word: after /start, what a link brought; empty without one. */
  readonly payload: string;
}

/** Messages that belong together, and what is known of them. */
interface Scene {
  readonly message: Message;
  readonly own: readonly SentPhoto[];
  readonly answered: Message | undefined;
  readonly group: boolean;
  readonly waiting: PhotoSource | undefined;
}

/** Understands messages that belong together; undefined when they are not meant for the bot. */
export function parseMessages(messages: readonly Message[], context: MessageContext): ParsedMessages | undefined {
  const [message] = messages;
  const author = message?.from;
  if (!message || !author || (author.is_bot && !isAnonymous(message))) return undefined;
  const scene: Scene = {
    message,
    own: messages.length > 1 ? messages.map(fileOf).filter((file) => file !== undefined) : photosOf(message, context),
    answered: 'reply_to_message' in message ? message.reply_to_message : undefined,
    group: message.chat.type !== 'private',
    waiting: context.wordless(String(message.chat.id), String(author.id)),
  };
  const line = addressed(messages.map(wordsOf).find((text) => text !== '') ?? '', scene, context);
  if (line === undefined || (line === '' && scene.own.length === 0 && !isOtherMedia(message))) return undefined;
  const { command, options } = parseLine(line, context.commands, context.fallback);
  const { message: photo, photos } = sourceOf(command, scene, context);
  const address = addressOf(message, { user: String(author.id), language: author.language_code, photo });
  const request: CommandRequest = { key: keyOf(message), address, group: scene.group, command, options, photos };
  return { kind: isAnonymous(message) ? 'anonymous' : kindOf(request, context), request, payload: payloadOf(line) };
}

/** The second word of a line. */
function payloadOf(line: string): string {
  return line.split(/\s+/)[1] ?? '';
}

/** Whether a group or a channel speaks: the author Telegram names is a stand-in, the same for all who do so. */
function isAnonymous(message: Message): boolean {
  return message.from?.is_bot === true && 'sender_chat' in message && message.sender_chat !== undefined;
}

/** The same for a message that comes again or was edited, and for every message of an album. */
function keyOf(message: Message): string {
  const group = 'media_group_id' in message ? message.media_group_id : undefined;
  return `${message.chat.id}:${group === undefined ? message.message_id : `album-${group}`}`;
}

function kindOf(
  { command, options, photos, address }: CommandRequest,
  { fallback }: MessageContext,
): ParsedMessages['kind'] {
  if (command === START) return 'start';
  if (photos.some(({ owner }) => owner !== address.user)) return 'foreign';
  return photos.length > 0 && command === fallback && Object.keys(options).length === 0 ? 'choose' : 'request';
}

/** The photos a request is about: its own, those it answers, or those sent before it without words. */
function sourceOf(command: string, { message, own, answered, waiting }: Scene, context: MessageContext): PhotoSource {
  const none = { message: String(message.message_id), photos: own };
  const takesPhotos = context.commands.some(({ name, photos }) => name === command && photos !== undefined);
  if (own.length > 0 || !takesPhotos) return none;
  // The pictures that ask what to make of a photo are no photo themselves.
  const asks = waiting !== undefined && answered?.from?.username === context.username;
  const photos = answered && !asks ? photosOf(answered, context) : [];
  if (answered && photos.length > 0) return { message: String(answered.message_id), photos };
  return waiting ?? none;
}

/** The photos a message shows, those of its whole album where that is still known. */
export function photosOf(message: Message, { album }: Pick<MessageContext, 'album'>): readonly SentPhoto[] {
  const photo = photoOf(message);
  const group = 'media_group_id' in message ? message.media_group_id : undefined;
  return (group === undefined ? undefined : album(group)) ?? (photo ? [photo] : []);
}

function wordsOf(message: Message): string {
  if ('text' in message) return message.text.trim();
  return ('caption' in message ? message.caption : undefined)?.trim() ?? '';
}

/** The words without what addresses them to the bot; undefined when they are addressed to somebody else. */
function addressed(words: string, scene: Scene, { username, commands }: MessageContext): string | undefined {
  const [, name, addressee] = /^\/([\w-]+)(?:@(\w+))?/.exec(words) ?? [];
  if (addressee !== undefined && addressee.toLowerCase() !== username.toLowerCase()) return undefined;
  if (name?.toLowerCase() === START) return words;
  if (!scene.group) return words;
  if (name !== undefined)
    return addressee !== undefined || commands.some((command) => command.name === name.toLowerCase())
      ? words
      : undefined;
  const mention = new RegExp(`@${username}\\b`, 'i');
  if (mention.test(words)) return words.replace(mention, '').trim();
  return answersQuestion(scene, username) ? words : undefined;
}

/** Words that answer a message of the bot's, with a photo to make something of. */
function answersQuestion({ answered, own, waiting }: Scene, username: string): boolean {
  return answered?.from?.username === username && (own.length > 0 || waiting !== undefined);
}

const OTHER_MEDIA =
  'text sticker video video_note voice audio location contact dice poll story paid_media checklist game venue'.split(
    ' ',
  );

/** Things people send instead of a photo, which deserve a word on what to send. */
function isOtherMedia(message: Message): boolean {
  return OTHER_MEDIA.some((kind) => kind in message);
}

interface Author {
  readonly user: string;
  readonly language: string | undefined;
  /** Id of the message with the photo. */
  readonly photo: string;
}

function addressOf(message: Message, { user, language, photo }: Author): TelegramAddress {
  return {
    chat: String(message.chat.id),
    message: String(message.message_id),
    photo,
    user,
    locale: language ?? '',
    thread: topicOf(message),
    files: '',
  };
}
