import sharp from 'sharp';
import { type FakeChat, type FakeMessage, Refusal, type World } from './world.js';

/** A call's fields, and the files uploaded with it. */
export interface Call {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly files: ReadonlyMap<string, File>;
}

const MB = 1024 * 1024;
/** A field that is text; empty where it is none. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const lengthOf = (text: string): number => [...text].length;

/** Text of a message: 1 to 4096 characters. */
export function checkText(text: unknown): string {
  if (typeof text !== 'string' || text.trim() === '') throw new Refusal(400, 'Bad Request: message text is empty');
  if (lengthOf(text) > 4096) throw new Refusal(400, 'Bad Request: message is too long');
  return text;
}

/** A caption: at most 1024 characters, and whole ones. */
export function checkCaption(caption: unknown): string | undefined {
  if (caption === undefined) return undefined;
  const text = textOf(caption);
  if (lengthOf(text) > 1024) throw new Refusal(400, 'Bad Request: message caption is too long');
  if (/\p{Surrogate}/u.test(text)) throw new Refusal(400, 'Bad Request: strings must be encoded in UTF-8');
  return text;
}

/** An inline keyboard: each key has words and 1 to 64 bytes of data. */
export function checkKeyboard(markup: unknown): FakeMessage['reply_markup'] {
  if (markup === undefined) return undefined;
  const keyboard = markup as NonNullable<FakeMessage['reply_markup']>;
  for (const key of keyboard.inline_keyboard.flat()) {
    if (key.url !== undefined && !URL.canParse(key.url)) throw new Refusal(400, 'Bad Request: BUTTON_URL_INVALID');
    const bytes = key.url === undefined ? Buffer.byteLength(key.callback_data ?? '') : 1;
    if (key.text === '' || bytes < 1 || bytes > 64) throw new Refusal(400, 'Bad Request: BUTTON_DATA_INVALID');
  }
  return keyboard;
}

/** The message a call answers, without what that one answered. */
export function checkAnswered(parameters: unknown, chat: FakeChat): FakeMessage | undefined {
  if (parameters === undefined) return undefined;
  const { message_id: id, allow_sending_without_reply: lenient } = parameters as {
    message_id: unknown;
    allow_sending_without_reply?: boolean;
  };
  if (typeof id !== 'number') throw new Refusal(400, 'Bad Request: message_id must be a number');
  const answered = chat.messages.get(id);
  if (!answered && lenient !== true) throw new Refusal(400, 'Bad Request: message to be replied not found');
  return answered && withoutAnswered(answered);
}

/** The topic a call writes to, which must be there. */
export function checkTopic(given: unknown, chat: FakeChat): Partial<FakeMessage> {
  if (given === undefined) return {};
  const topic = Number(given);
  if (!chat.topics.has(topic)) throw new Refusal(400, 'Bad Request: message thread not found');
  return { message_thread_id: topic, is_topic_message: true };
}

/** Messages are shown with the one they answer, and that one without its own. */
export function withoutAnswered(message: FakeMessage): FakeMessage {
  const { reply_to_message: _, ...shown } = message;
  return shown;
}

/** An uploaded picture within the limits of its kind. It must be bytes with a name: addresses are refused here. */
export async function checkUpload(media: unknown, kind: 'photo' | 'document', { files }: Call): Promise<File> {
  const name = typeof media === 'string' ? /^attach:\/\/(.+)$/.exec(media)?.[1] : undefined;
  const file = media instanceof File ? media : files.get(name ?? '');
  if (!file) throw new Refusal(400, 'Bad Request: wrong file identifier/HTTP URL specified');
  if (!/^[\w-]+\.(jpg|png)$/.test(file.name)) throw new Refusal(400, `Bad Request: no file name: ${file.name}`);
  if (file.size > 50 * MB) throw new Refusal(413, 'Request Entity Too Large');
  if (kind === 'photo') await checkPhoto(file);
  return file;
}

async function checkPhoto(file: File): Promise<void> {
  if (file.size > 10 * MB) throw new Refusal(400, 'Bad Request: file is too big');
  const size = await sharp(Buffer.from(await file.arrayBuffer()))
    .metadata()
    .catch(() => undefined);
  // The suites send albums of plain bytes, whose dimensions nobody can know.
  if (!size) return;
  const ratio = Math.max(size.width / size.height, size.height / size.width);
  if (size.width + size.height > 10_000 || ratio > 20) throw new Refusal(400, 'Bad Request: PHOTO_INVALID_DIMENSIONS');
}

/** Commands as `setMyCommands` takes them. */
export function checkCommands({ commands, scope, language_code: language }: Call['fields']): void {
  const list = commands as readonly { readonly command: string; readonly description: string }[];
  if (list.length > 100) throw new Refusal(400, 'Bad Request: BOT_COMMANDS_TOO_MUCH');
  for (const { command, description } of list) {
    if (!/^[a-z0-9_]{1,32}$/.test(command)) throw new Refusal(400, 'Bad Request: BOT_COMMAND_INVALID');
    if (description === '' || lengthOf(description) > 256)
      throw new Refusal(400, 'Bad Request: BOT_COMMAND_DESCRIPTION_INVALID');
  }
  const { type } = scope as { readonly type: string };
  if (!/^(default|all_private_chats|all_group_chats|all_chat_administrators)$/.test(type))
    throw new Refusal(400, "Bad Request: can't parse BotCommandScope");
  if (language !== undefined && !/^[a-z]{2}$/.test(textOf(language)))
    throw new Refusal(400, 'Bad Request: invalid language code');
}

/** How much may be written: one message a second to a chat, twenty a minute to a group, thirty a second to all. */
export class SendLimits {
  readonly #sent: { readonly chat: number; readonly at: number }[] = [];
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** Counts messages that are to be written. @throws Refusal 429, with the seconds to wait. */
  take(chat: FakeChat, messages = 1): void {
    this.#check((sent) => sent.chat === chat.id, { room: 1, window: 1000 });
    if (chat.type === 'group') this.#check((sent) => sent.chat === chat.id, { room: 20, window: 60_000 });
    this.#check(() => true, { room: 30, window: 1000 });
    for (let count = 0; count < messages; count++) this.#sent.push({ chat: chat.id, at: this.#world.now });
  }

  /** Something that is no message; it counts among everything that is sent. @throws Refusal 429. */
  chatAction(): void {
    this.#check(() => true, { room: 30, window: 1000 });
    this.#sent.push({ chat: 0, at: this.#world.now });
  }

  #check(
    counts: (sent: { readonly chat: number }) => boolean,
    { room, window }: { readonly room: number; readonly window: number },
  ): void {
    const within = this.#sent.filter((sent) => counts(sent) && sent.at > this.#world.now - window);
    if (within.length < room) return;
    const free = (within.at(-room)?.at ?? 0) + window;
    const seconds = Math.max(1, Math.ceil((free - this.#world.now) / 1000));
    throw new Refusal(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });
  }
}
