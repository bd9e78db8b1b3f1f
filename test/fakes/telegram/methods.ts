import {
  type Call,
  checkAnswered,
  checkCaption,
  checkCommands,
  checkKeyboard,
  checkText,
  checkTopic,
  checkUpload,
  SendLimits,
  textOf,
} from './rules.js';
import { type FakeChat, type FakeMessage, Refusal, type World } from './world.js';

const MB = 1024 * 1024;
const TWO_DAYS = 48 * 60 * 60_000;

/** A method of the Bot API. */
export type Method = (call: Call) => Promise<unknown>;

/** What was told to the fake rather than to a chat. */
export interface Told {
  /** What members saw the bot doing, in its order. */
  readonly actions: { readonly chat: number; readonly action: string }[];
  /** Commands by scope and language, as registered. */
  readonly commands: Map<string, readonly { readonly command: string; readonly description: string }[]>;
  /** Presses that wait for their answer. */
  readonly presses: Map<string, (answer: string | undefined) => void>;
}

/** What is left where something is forbidden, as the API says it. */
function permissions(forbidden: FakeChat['forbids']) {
  const [words, pictures] = [forbidden !== 'everything', forbidden === 'nothing'];
  return { can_send_messages: words, can_send_photos: pictures, can_send_documents: pictures };
}

/** What the bot may send to a chat: administrators may everything. */
function rightsIn({ admins, forbids, restricts }: FakeChat, bot: number): ReturnType<typeof permissions> {
  if (admins.has(bot)) return permissions('nothing');
  const [group, own] = [permissions(forbids), permissions(restricts)];
  return {
    can_send_messages: group.can_send_messages && own.can_send_messages,
    can_send_photos: group.can_send_photos && own.can_send_photos,
    can_send_documents: group.can_send_documents && own.can_send_documents,
  };
}

/** Every method about messages, by name, with the rules Telegram holds it to. */
export function createMethods(world: World, told: Told): Readonly<Record<string, Method>> {
  const limits = new SendLimits(world);
  /** The chat of a call that writes, when it may be written to. */
  const writable = ({ fields }: Call, messages = 1, kind: 'text' | 'photos' = 'text'): FakeChat => {
    const chat = world.chat(fields['chat_id']);
    const { can_send_messages: words, can_send_photos: photos } = rightsIn(chat, world.bot.id);
    if (!words) throw new Refusal(400, 'Bad Request: have no rights to send a message');
    if (!photos && kind === 'photos')
      throw new Refusal(400, 'Bad Request: not enough rights to send photos to the chat');
    limits.take(chat, messages);
    return chat;
  };
  const post = (chat: FakeChat, { fields }: Call, content: Partial<FakeMessage>): FakeMessage => {
    if (fields['parse_mode'] !== undefined)
      throw new Refusal(400, "Bad Request: can't parse entities: this server reads no markup");
    const answered = checkAnswered(fields['reply_parameters'], chat);
    const topic = checkTopic(fields['message_thread_id'], chat);
    const markup = checkKeyboard(fields['reply_markup']);
    return world.post(chat, world.bot, {
      ...content,
      ...topic,
      ...(answered && { reply_to_message: answered }),
      ...(markup && { reply_markup: markup }),
    });
  };
  const upload = async (kind: 'photo' | 'document', media: unknown, call: Call): Promise<Partial<FakeMessage>> => {
    const file = await checkUpload(media, kind, call);
    const { id } = world.store(new Uint8Array(await file.arrayBuffer()), file.name);
    const shown = { file_id: id, file_size: file.size };
    return kind === 'photo' ? { photo: [shown] } : { document: { ...shown, file_name: file.name } };
  };
  /** A photo that is uploaded, or one that Telegram has already. */
  const photoFrom = async (media: unknown, call: Call): Promise<Partial<FakeMessage>> => {
    const known = typeof media === 'string' ? world.files.get(media) : undefined;
    if (!known) return upload('photo', media, call);
    return { photo: [{ file_id: known.id, file_size: known.bytes.length }] };
  };
  /** The message of the bot's own that a call changes. */
  const editable = (chat: FakeChat, { fields }: Call): FakeMessage => {
    const message = chat.messages.get(Number(fields['message_id']));
    if (!message) throw new Refusal(400, 'Bad Request: message to edit not found');
    if (message.from.id !== world.bot.id) throw new Refusal(400, "Bad Request: message can't be edited");
    limits.take(chat);
    return message;
  };
  const editPhoto = async (call: Call, caption: unknown, photo: Partial<FakeMessage>): Promise<FakeMessage> => {
    const chat = world.chat(call.fields['chat_id']);
    const markup = checkKeyboard(call.fields['reply_markup']);
    const said = checkCaption(caption);
    const { reply_markup: _, ...rest } = editable(chat, call);
    if (!rest.photo) throw new Refusal(400, 'Bad Request: there is no photo in the message to edit');
    const changed = {
      ...rest,
      ...photo,
      ...(said !== undefined && { caption: said }),
      ...(markup && { reply_markup: markup }),
    };
    const edited = { ...changed, edit_date: Math.floor(world.now / 1000) };
    chat.messages.set(edited.message_id, edited);
    return edited;
  };
  const single =
    (kind: 'photo' | 'document'): Method =>
    async (call) => {
      const caption = checkCaption(call.fields['caption']);
      const media = call.files.get(kind) ?? call.fields[kind];
      const content = await (kind === 'photo' ? photoFrom(media, call) : upload(kind, media, call));
      return post(writable(call, 1, 'photos'), call, { ...content, ...(caption !== undefined && { caption }) });
    };
  return {
    getMe: async () => ({ ...world.bot, ...world.botSettings }),
    async sendMessage(call) {
      const text = checkText(call.fields['text']);
      const { is_disabled: unseen = false } = (call.fields['link_preview_options'] ?? {}) as { is_disabled?: boolean };
      if (!unseen && /https?:\/\//.test(text)) world.previews++;
      const entities = call.fields['entities'] as FakeMessage['entities'];
      if (entities?.some(({ offset, length }) => length < 1 || offset + length > text.length))
        throw new Refusal(400, 'Bad Request: entity beyond the end of the message');
      return post(writable(call), call, { text, ...(entities && { entities }) });
    },
    sendPhoto: single('photo'),
    sendDocument: single('document'),
    async sendMediaGroup(call) {
      const items = call.fields['media'] as readonly { type: 'photo' | 'document'; media: unknown; caption?: string }[];
      if (items.length < 2 || items.length > 10) throw new Refusal(400, 'Bad Request: MEDIA_GROUP_INVALID');
      if (call.fields['reply_markup'] !== undefined) throw new Refusal(400, 'Bad Request: albums have no buttons');
      if (new Set(items.map(({ type }) => type)).size > 1) throw new Refusal(400, 'Bad Request: MEDIA_GROUP_MIXED');
      const contents: Partial<FakeMessage>[] = [];
      for (const { type, media, caption } of items) {
        const said = checkCaption(caption);
        contents.push({ ...(await upload(type, media, call)), ...(said !== undefined && { caption: said }) });
      }
      const chat = writable(call, items.length, 'photos');
      const group = `group-${world.next()}`;
      return contents.map((content) => post(chat, call, { ...content, media_group_id: group }));
    },
    async editMessageText(call) {
      const chat = world.chat(call.fields['chat_id']);
      const text = checkText(call.fields['text']);
      const markup = checkKeyboard(call.fields['reply_markup']);
      const message = editable(chat, call);
      if (message.text === undefined) throw new Refusal(400, 'Bad Request: there is no text in the message to edit');
      const { reply_markup: old, entities: _, ...rest } = message;
      const keysOf = (given: FakeMessage['reply_markup']): string => JSON.stringify(given?.inline_keyboard ?? []);
      if (message.text === text && keysOf(old) === keysOf(markup))
        throw new Refusal(
          400,
          'Bad Request: message is not modified: specified new message content is exactly the same',
        );
      const edited = {
        ...rest,
        text,
        ...(markup && { reply_markup: markup }),
        edit_date: Math.floor(world.now / 1000),
      };
      chat.messages.set(message.message_id, edited);
      return edited;
    },
    async editMessageReplyMarkup(call) {
      const chat = world.chat(call.fields['chat_id']);
      const markup = checkKeyboard(call.fields['reply_markup']);
      const message = { ...editable(chat, call), ...(markup && { reply_markup: markup }) };
      chat.messages.set(message.message_id, message);
      return message;
    },
    editMessageCaption: (call) => editPhoto(call, call.fields['caption'], {}),
    async editMessageMedia(call) {
      const { media, caption } = call.fields['media'] as { readonly media: unknown; readonly caption?: string };
      return editPhoto(call, caption, await photoFrom(media, call));
    },
    async copyMessages(call) {
      const ids = call.fields['message_ids'] as readonly number[];
      const ascending = ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? 0));
      if (ids.length < 1 || ids.length > 100 || !ascending) throw new Refusal(400, 'Bad Request: MESSAGE_IDS_INVALID');
      const from = world.chat(call.fields['from_chat_id']);
      const found = ids.map((id) => from.messages.get(id)).filter((message) => message !== undefined);
      if (found.length === 0) throw new Refusal(400, 'Bad Request: there are no messages to copy');
      const chat = writable(call, found.length);
      const copies = found.map(({ text, caption, photo, document, media_group_id: group }) => ({
        ...(text !== undefined && { text }),
        ...(caption !== undefined && { caption }),
        ...(photo && { photo }),
        ...(document && { document }),
        ...(group !== undefined && { media_group_id: `${group}-copy` }),
      }));
      return copies.map((copy) => ({ message_id: post(chat, call, copy).message_id }));
    },
    async pinChatMessage({ fields }) {
      const chat = world.chat(fields['chat_id']);
      if (!chat.messages.has(Number(fields['message_id'])))
        throw new Refusal(400, 'Bad Request: message to pin not found');
      if (!chat.mayPin) throw new Refusal(400, 'Bad Request: not enough rights to manage pinned messages in the chat');
      chat.pinned.push(Number(fields['message_id']));
      return true;
    },
    async deleteMessages({ fields }) {
      const chat = world.chat(fields['chat_id']);
      const ids = fields['message_ids'] as readonly number[];
      if (ids.length < 1 || ids.length > 100) throw new Refusal(400, 'Bad Request: MESSAGE_IDS_INVALID');
      for (const id of ids) {
        const message = chat.messages.get(id);
        if (message && message.date * 1000 < world.now - TWO_DAYS)
          throw new Refusal(400, "Bad Request: message can't be deleted");
        chat.messages.delete(id);
      }
      return true;
    },
    async sendChatAction({ fields }) {
      const action = textOf(fields['action']);
      if (!/^(typing|upload_(photo|document))$/.test(action)) throw new Refusal(400, 'Bad Request: wrong action');
      const chat = world.chat(fields['chat_id']);
      checkTopic(fields['message_thread_id'], chat);
      limits.chatAction();
      told.actions.push({ chat: chat.id, action });
      return true;
    },
    async getChatMember({ fields }) {
      const chat = world.chat(fields['chat_id']);
      const id = Number(fields['user_id']);
      if (!Number.isSafeInteger(id) || id <= 0) throw new Refusal(400, 'Bad Request: PARTICIPANT_ID_INVALID');
      const user = { id, is_bot: id === world.bot.id };
      if (chat.admins.has(id)) return { status: 'administrator', user };
      if (id !== world.bot.id || chat.restricts === 'nothing') return { status: 'member', user };
      return { status: 'restricted', user, is_member: true, ...permissions(chat.restricts) };
    },
    async getChat({ fields }) {
      const chat = world.chat(fields['chat_id']);
      if (chat.type === 'private') return { id: chat.id, type: chat.type, first_name: 'Ann' };
      return { id: chat.id, type: 'supergroup', title: 'Club', permissions: permissions(chat.forbids) };
    },
    async answerCallbackQuery({ fields }) {
      const id = String(fields['callback_query_id']);
      const answered = told.presses.get(id);
      if (!answered)
        throw new Refusal(400, 'Bad Request: query is too old and response timeout expired or query ID is invalid');
      told.presses.delete(id);
      const url = fields['url'] === undefined ? undefined : textOf(fields['url']);
      answered(fields['text'] === undefined ? url : textOf(fields['text']));
      return true;
    },
    async setMyCommands({ fields }) {
      checkCommands(fields);
      const { type } = fields['scope'] as { readonly type: string };
      told.commands.set(`${type}/${textOf(fields['language_code'])}`, fields['commands'] as never);
      return true;
    },
    async getFile({ fields }) {
      const file = world.files.get(String(fields['file_id']));
      if (!file) throw new Refusal(400, 'Bad Request: wrong file_id or the file is temporarily unavailable');
      if (file.bytes.length > 20 * MB) throw new Refusal(400, 'Bad Request: file is too big');
      return { file_id: file.id, file_unique_id: file.id, file_size: file.bytes.length, file_path: file.path };
    },
  };
}
