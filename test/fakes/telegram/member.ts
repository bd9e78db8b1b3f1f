import { withoutAnswered } from './rules.js';
import type { FakeTelegram } from './server.js';
import type { FakeChat, FakeMessage, FakeUser, Key } from './world.js';

/** How a message is sent. */
export interface Saying {
  readonly photos?: readonly Uint8Array[];
  /** Another chat than the private one. */
  readonly chat?: FakeChat;
  readonly answers?: FakeMessage;
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
  async say(text: string, { photos = [], chat = this.chat, answers }: Saying = {}): Promise<Said> {
    const { world, updates } = this.#fake;
    const group = photos.length > 1 ? { media_group_id: `album-${world.next()}` } : {};
    const answered = answers && { reply_to_message: withoutAnswered(answers) };
    const contents: Partial<FakeMessage>[] =
      photos.length === 0
        ? [{ text, ...answered }]
        : photos.map((bytes, index) => ({
            ...group,
            ...answered,
            photo: [{ file_id: 'thumbnail', file_size: 9 }, this.#photo(bytes)],
            ...(index === 0 && text !== '' && { caption: text }),
          }));
    const messages = contents.map((content) => world.post(chat, this.user, content));
    const ids: number[] = [];
    for (const message of messages) ids.push(await updates.add({ message }));
    return { messages, updates: ids };
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

  #photo(bytes: Uint8Array): object {
    const { id } = this.#fake.world.store(bytes, 'photo.jpg');
    return { file_id: id, file_size: bytes.length };
  }
}

/** The keys under a message. */
export function keysOf({ reply_markup: markup }: FakeMessage): readonly Key[] {
  return markup?.inline_keyboard.flat() ?? [];
}
