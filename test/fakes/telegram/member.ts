import { withoutAnswered } from './rules.js';
import type { FakeTelegram } from './server.js';
import type { FakeChat, FakeMessage, FakeUser, Key } from './world.js';

/** How a message is sent. */
export interface Saying {
  readonly photos?: readonly Uint8Array[];
  /** Another chat than the private one. */
  readonly chat?: FakeChat;
  readonly answers?: FakeMessage;
  /** The photos are sent as files, under these names; without one as a photo. */
  readonly files?: readonly (string | undefined)[];
  /** A topic of a forum. */
  readonly topic?: number;
  /** Who wrote it first, where it is forwarded; `hidden` for somebody who does not want to be named. */
  readonly forwarded?: FakeUser | 'hidden';
}

/** What was sent: one message, or those of an album, with the updates that told of them. */
export interface Said {
  readonly messages: readonly FakeMessage[];
  readonly updates: readonly number[];
}

/** Pictures that came as one message, and what was written with them. */
export interface SeenAlbum {
  readonly caption: string;
  readonly messages: readonly FakeMessage[];
}

/** Somebody with Telegram on their telephone. Their id needs more than 32 bits. */
export class FakeMember {
  readonly user: FakeUser;
  readonly chat: FakeChat;
  readonly #fake: FakeTelegram;

  constructor(fake: FakeTelegram) {
    this.#fake = fake;
    const id = 4503599627000000 + fake.world.next();
    this.user = { id, is_bot: false, first_name: 'Ann', language_code: 'en' };
    this.chat = fake.world.addChat(id, 'private');
  }

  /** Writes words, a photo with a caption, or an album, which comes as one update a photo. */
  async say(text: string, saying: Saying = {}): Promise<Said> {
    const { photos = [], chat = this.chat, answers, files, topic, forwarded } = saying;
    const { world } = this.#fake;
    const group = photos.length > 1 ? { media_group_id: `album-${world.next()}` } : {};
    // In a forum, what answers nothing answers the message that opened the topic.
    const replied = answers ?? (topic === undefined ? undefined : chat.messages.get(topic));
    const answered = {
      ...(replied && { reply_to_message: withoutAnswered(replied) }),
      ...(topic !== undefined && { message_thread_id: topic, is_topic_message: true }),
      ...(forwarded && { forward_origin: originOf(forwarded) }),
    };
    const contents: Partial<FakeMessage>[] =
      photos.length === 0
        ? [{ text, ...answered }]
        : photos.map((bytes, index) => ({
            ...group,
            ...answered,
            ...this.#picture(bytes, files?.[index]),
            ...(index === 0 && text !== '' && { caption: text }),
          }));
    const messages = contents.map((content) => world.post(chat, this.user, content));
    const ids: number[] = [];
    for (const message of messages) ids.push(...(await this.#tell({ message })));
    return { messages, updates: ids };
  }

  /** Changes the words of a message, or puts a photo in its place or beside its words. */
  async edit(message: FakeMessage, words: string, photo?: Uint8Array): Promise<void> {
    const { world } = this.#fake;
    const chat = world.chats.get(message.chat.id);
    const { text, ...others } = message;
    const captioned = words === '' ? {} : { caption: words };
    const shown = photo ? { ...this.#picture(photo), ...captioned } : text === undefined ? captioned : { text: words };
    const edited = { ...others, ...shown, edit_date: Math.floor(world.now / 1000) };
    chat?.messages.set(message.message_id, edited);
    await this.#tell({ edited_message: edited });
  }

  /** Opens a topic in a forum. */
  openTopic(chat: FakeChat, name: string): number {
    const { message_id: id } = this.#fake.world.post(chat, this.user, { forum_topic_created: { name } } as object);
    chat.topics.add(id);
    return id;
  }

  /** Blocks the bot, or throws it out of a group; lets it in again. */
  async block(chat = this.chat, blocked = true): Promise<void> {
    const { world, updates } = this.#fake;
    chat.blocked = blocked;
    const status = (gone: boolean): object => ({ user: world.bot, status: gone ? 'kicked' : 'member' });
    const about = { chat: { id: chat.id, type: chat.type }, from: this.user, date: Math.floor(world.now / 1000) };
    const my_chat_member = { ...about, old_chat_member: status(!blocked), new_chat_member: status(blocked) };
    await updates.add({ my_chat_member });
  }

  /** Presses the newest button with that label, or one of a message; answers the words Telegram then shows. */
  async press(label: string, { chat = this.chat, on }: { readonly chat?: FakeChat; readonly on?: FakeMessage } = {}) {
    const { told, updates, world } = this.#fake;
    const shown = on ? [on] : [...chat.messages.values()].reverse();
    for (const message of shown) {
      const key = keysOf(message).find(({ text }) => text === label);
      if (!key) continue;
      const id = `press-${world.next()}`;
      const answer = new Promise<string | undefined>((resolve) => told.presses.set(id, resolve));
      const query = { id, from: this.user, message, chat_instance: '1', data: key.callback_data };
      await updates.add({ callback_query: query });
      return answer;
    }
    throw new Error(`no button ${label}`);
  }

  /** What the bot wrote to a chat and is still there. */
  seen(chat = this.chat): readonly FakeMessage[] {
    return [...chat.messages.values()].filter(({ from }) => from.is_bot);
  }

  /** The newest album, or single picture, in a chat. */
  lastAlbum(chat = this.chat): SeenAlbum | undefined {
    const pictures = this.seen(chat).filter((message) => message.photo ?? message.document);
    const last = pictures.at(-1);
    if (!last) return undefined;
    const messages = pictures.filter(
      ({ media_group_id: group }) => group !== undefined && group === last.media_group_id,
    );
    const whole = messages.length > 0 ? messages : [last];
    return { caption: whole[0]?.caption ?? '', messages: whole };
  }

  /** Tells the bot, where it is to know; answers the update's id. */
  async #tell(update: { readonly message?: FakeMessage; readonly edited_message?: FakeMessage }): Promise<number[]> {
    const { world, updates } = this.#fake;
    const message = update.message ?? update.edited_message;
    return message && world.hears(message) ? [await updates.add(update)] : [];
  }

  #picture(bytes: Uint8Array, name?: string): Partial<FakeMessage> {
    const { id } = this.#fake.world.store(bytes, name ?? 'photo.jpg');
    const file = { file_id: id, file_size: bytes.length };
    if (name === undefined) return { photo: [{ file_id: 'thumbnail', file_size: 9 }, file] };
    if (name.endsWith('.mp4')) return { video: { ...file, file_name: name, mime_type: 'video/mp4' } };
    const mime_type = name.endsWith('.pdf') ? 'application/pdf' : 'image/jpeg';
    return { document: { ...file, file_name: name, mime_type } };
  }
}

function originOf(author: FakeUser | 'hidden'): object {
  const date = 1_700_000_000;
  return author === 'hidden'
    ? { type: 'hidden_user', sender_user_name: 'Somebody', date }
    : { type: 'user', sender_user: author, date };
}

/** The keys under a message. */
export function keysOf({ reply_markup: markup }: FakeMessage): readonly Key[] {
  return markup?.inline_keyboard.flat() ?? [];
}
