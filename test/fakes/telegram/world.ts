/** What a refused call is answered. */
export class Refusal extends Error {
  constructor(
    readonly code: number,
    readonly description: string,
    readonly parameters: { readonly retry_after?: number; readonly migrate_to_chat_id?: number } = {},
  ) {
    super(description);
  }
}

export interface FakeUser {
  readonly id: number;
  readonly is_bot: boolean;
  readonly first_name: string;
  readonly username?: string;
  readonly language_code?: string;
}

export interface Key {
  readonly text: string;
  readonly callback_data?: string;
  readonly url?: string;
}

/** A message as the API shows it; `files` are the uploaded pictures behind it. */
export interface FakeMessage {
  readonly message_id: number;
  readonly from: FakeUser;
  readonly chat: { readonly id: number; readonly type: string };
  readonly date: number;
  readonly text?: string;
  readonly caption?: string;
  readonly entities?: readonly { readonly type: string; readonly offset: number; readonly length: number }[];
  readonly photo?: readonly object[];
  readonly document?: object;
  readonly video?: object;
  readonly media_group_id?: string;
  readonly message_thread_id?: number;
  readonly is_topic_message?: boolean;
  readonly forward_origin?: object;
  readonly edit_date?: number;
  readonly reply_to_message?: FakeMessage;
  readonly reply_markup?: { readonly inline_keyboard: readonly (readonly Key[])[] };
}

export interface FakeChat {
  readonly id: number;
  readonly type: 'private' | 'group';
  readonly messages: Map<number, FakeMessage>;
  /** Topics of a forum, by the message that opened each. */
  readonly topics: Set<number>;
  /** Ids of those who administer a group. */
  readonly admins: Set<number>;
  /** Messages pinned by the bot, and whether it may. */
  readonly pinned: number[];
  mayPin: boolean;
  /** What a group forbids members to send, the bot among them. */
  forbids: 'nothing' | 'photos' | 'everything';
  /** What administrators forbid the bot alone. */
  restricts: FakeChat['forbids'];
  /** The member blocked the bot, or it was thrown out. */
  blocked: boolean;
  movedTo?: number;
}

/** A file on Telegram's side. */
export interface StoredFile {
  readonly id: string;
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly name: string;
}

/** Telegram's side of the world: who is there, what was said, and a clock. */
export class World {
  readonly bot: FakeUser = { id: 4503599627370000, is_bot: true, first_name: 'Likeness', username: 'LikenessBot' };
  /** What was chosen for the bot at BotFather. */
  botSettings = { can_join_groups: true, can_read_all_group_messages: false, supports_inline_queries: false };
  readonly chats = new Map<number, FakeChat>();
  readonly files = new Map<string, StoredFile>();
  /** Whether files can be fetched for as long as bots want them. */
  keepsFiles = true;
  /** Messages with an address that the bot let be shown as a page. */
  previews = 0;
  #last = 0;
  #moved = 0;
  readonly #clock: () => number;

  /** `clock` answers milliseconds; without one, time stands still but for `advance`. */
  constructor(clock: () => number = () => 1_800_000_000_000) {
    this.#clock = clock;
  }

  /** Milliseconds since 1970. */
  get now(): number {
    return this.#clock() + this.#moved;
  }

  /** A number nobody had yet. */
  next(): number {
    return ++this.#last;
  }

  advance(milliseconds: number): void {
    this.#moved += milliseconds;
  }

  addChat(id: number, type: FakeChat['type']): FakeChat {
    const sets = { topics: new Set<number>(), admins: new Set<number>(), pinned: [] };
    const chat: FakeChat = {
      id,
      type,
      messages: new Map(),
      ...sets,
      mayPin: true,
      forbids: 'nothing',
      restricts: 'nothing',
      blocked: false,
    };
    this.chats.set(id, chat);
    return chat;
  }

  /** The chat a call names. @throws Refusal when it is not there, moved, or closed to the bot. */
  chat(given: unknown): FakeChat {
    const chat = this.chats.get(Number(given));
    if (!chat) throw new Refusal(400, 'Bad Request: chat not found');
    if (chat.movedTo !== undefined) {
      const moved = { migrate_to_chat_id: chat.movedTo };
      throw new Refusal(400, 'Bad Request: group chat was upgraded to a supergroup chat', moved);
    }
    const shut = chat.type === 'private' ? 'blocked by the user' : 'kicked from the group chat';
    if (chat.blocked) throw new Refusal(403, `Forbidden: bot was ${shut}`);
    return chat;
  }

  /** Puts a message into a chat. */
  post(chat: FakeChat, from: FakeUser, content: Partial<FakeMessage>): FakeMessage {
    const message: FakeMessage = {
      message_id: this.next(),
      from,
      chat: { id: chat.id, type: chat.type },
      date: Math.floor(this.now / 1000),
      ...content,
    };
    chat.messages.set(message.message_id, message);
    return message;
  }

  /** Switches privacy mode off. */
  hearEverything(): void {
    this.botSettings = { ...this.botSettings, can_read_all_group_messages: true };
  }

  /** Whether the bot is told of a message: in privacy mode, of a group it hears only what is certainly meant for it. */
  hears(message: FakeMessage): boolean {
    if (message.chat.type === 'private' || this.botSettings.can_read_all_group_messages) return true;
    if (message.reply_to_message?.from.id === this.bot.id) return true;
    const [, , addressee] = /^\/(\w+)(?:@(\w+))?/.exec(message.text ?? message.caption ?? '') ?? ['', '', 'nobody'];
    return addressee === undefined || addressee.toLowerCase() === this.bot.username?.toLowerCase();
  }

  store(bytes: Uint8Array, name: string): StoredFile {
    const number = this.next();
    const file = { id: `file-${number}`, path: `photos/file_${number}.jpg`, bytes, name };
    if (this.keepsFiles) this.files.set(file.id, file);
    return file;
  }
}
