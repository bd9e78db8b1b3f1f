import type { InlineKeyboardMarkup, Message, MessageEntity } from 'telegraf/types';
import type { SizedPicture } from '../../media/size-ladder.js';
import { type TelegramAddress, toMessageNumber } from './address.js';
import type { CarefulTelegram } from './client.js';
import { TelegramFailure } from './failure.js';
import type { Ledger } from './ledger.js';
import type { OwnPicture } from './picture-book.js';
import { fitText, MAX_CAPTION, MAX_TEXT } from './text.js';

/** A text message to be. */
export interface TextDraft {
  readonly text: string;
  readonly entities?: MessageEntity[];
  readonly keyboard?: InlineKeyboardMarkup;
  /** The message that is answered. */
  readonly answers?: string;
}

/** A picture over a text; where there is none, that of the message stays. */
export interface PictureDraft extends Omit<TextDraft, 'entities'> {
  readonly picture?: OwnPicture | undefined;
}

/** A message with a picture, and the picture, by their ids. */
export interface SentPicture {
  readonly id: string;
  readonly file: string;
}

/** Pictures to be sent as one message. */
export interface AlbumDraft {
  readonly pictures: readonly SizedPicture[];
  readonly caption: string;
  /** As photos to look at, or as files in full quality. */
  readonly as: 'photos' | 'files';
  readonly answers: string;
}

/** Writes to chats, at once: who calls has taken a slot of `Pace`. Every message that was sent is noted in the ledger. */
export interface Sender {
  /** Sends a text and answers its id. */
  text(to: TelegramAddress, draft: TextDraft): Promise<string>;
  /** Changes a text; false when the message is not there any more. */
  edit(to: TelegramAddress, message: string, draft: TextDraft): Promise<boolean>;
  /** Changes the keys under a message, which may be gone. */
  keys(chat: string, message: string, keyboard: InlineKeyboardMarkup): Promise<void>;
  /** Sends one picture of the bot's own over a text, and answers the ids of the message and of the picture. */
  picture(to: TelegramAddress, draft: PictureDraft): Promise<SentPicture>;
  /** Changes such a message; answers the id of its picture. Nothing where the message is not there any more. */
  editPicture(to: TelegramAddress, message: string, draft: PictureDraft): Promise<SentPicture | undefined>;
  /** Sends pictures and answers the ids of the messages they became. */
  album(to: TelegramAddress, draft: AlbumDraft): Promise<readonly string[]>;
  /** Sends messages of a chat once more, without saying where they are from; those that are gone are left out. */
  copy(to: TelegramAddress, from: string, messages: readonly string[]): Promise<void>;
  /** Pins a message without a sound, where the bot may. */
  pin(chat: string, message: string): Promise<void>;
  /** Deletes messages; those that are gone already are fine. */
  remove(chat: string, messages: readonly string[]): Promise<void>;
  /** Shows that an answer is on its way. */
  typing(to: TelegramAddress): Promise<void>;
  /** Shows that pictures are on their way. */
  uploading(to: TelegramAddress): Promise<void>;
}

/** The most messages one call deletes. */
const MAX_DELETED = 100;

export function createSender(telegram: CarefulTelegram, ledger: Ledger): Sender {
  const noted = async ({ user, chat }: TelegramAddress, messages: readonly string[]): Promise<readonly string[]> => {
    await ledger.note(user, chat, messages);
    return messages;
  };
  return {
    async text(to, draft) {
      const sent = await telegram.sendMessage(to.chat, fitText(draft.text, MAX_TEXT), {
        ...threadOf(to),
        ...answering(draft.answers),
        ...markupOf(draft),
        ...(draft.entities && { entities: draft.entities }),
        link_preview_options: { is_disabled: true },
      });
      const id = String(sent.message_id);
      await noted(to, [id]);
      return id;
    },
    async edit(to, message, draft) {
      const text = fitText(draft.text, MAX_TEXT);
      try {
        await telegram.editMessageText(to.chat, toMessageNumber(message), undefined, text, markupOf(draft));
      } catch (error) {
        if (!(error instanceof TelegramFailure)) throw error;
        if (error.missing) return false;
        if (!error.unmodified) throw error;
      }
      return true;
    },
    async keys(chat, message, keyboard) {
      const edited = telegram.editMessageReplyMarkup(chat, toMessageNumber(message), undefined, keyboard);
      await edited.catch((error: unknown) => {
        if (!(error instanceof TelegramFailure && (error.missing || error.unmodified))) throw error;
      });
    },
    async picture(to, draft) {
      const sent = await telegram.sendPhoto(to.chat, mediaOf(draft), {
        ...threadOf(to),
        ...answering(draft.answers),
        ...markupOf(draft),
        caption: fitText(draft.text, MAX_CAPTION),
      });
      await noted(to, [String(sent.message_id)]);
      return sentPicture(sent);
    },
    editPicture: (to, message, draft) => editPicture(telegram, { to, message }, draft),
    album: async (to, draft) => noted(to, await sendAlbum(telegram, to, draft)),
    async copy(to, from, messages) {
      const copied = telegram.copyMessages(to.chat, from, messages.map(toMessageNumber), threadOf(to));
      await copied.catch((error: unknown) => {
        if (!(error instanceof TelegramFailure && (error.missing || error.refused))) throw error;
      });
    },
    async pin(chat, message) {
      const pinned = telegram.pinChatMessage(chat, toMessageNumber(message), { disable_notification: true });
      await pinned.catch((error: unknown) => {
        if (!(error instanceof TelegramFailure && error.refused)) throw error;
      });
    },
    async remove(chat, messages) {
      for (let start = 0; start < messages.length; start += MAX_DELETED) {
        const ids = messages.slice(start, start + MAX_DELETED).map(toMessageNumber);
        await telegram.deleteMessages(chat, ids).catch((error: unknown) => {
          if (!(error instanceof TelegramFailure && (error.missing || error.gone))) throw error;
        });
      }
    },
    typing: async (to) => void (await telegram.sendChatAction(to.chat, 'typing', threadOf(to))),
    async uploading(to) {
      const action = to.files === 'yes' ? 'upload_document' : 'upload_photo';
      await telegram.sendChatAction(to.chat, action, threadOf(to));
    },
  };
}

async function editPicture(
  telegram: CarefulTelegram,
  { to: { chat }, message }: { readonly to: TelegramAddress; readonly message: string },
  draft: PictureDraft,
): Promise<SentPicture | undefined> {
  const caption = fitText(draft.text, MAX_CAPTION);
  const id = toMessageNumber(message);
  const photo = draft.picture && { type: 'photo' as const, media: mediaOf(draft), caption };
  try {
    const edited = photo
      ? await telegram.editMessageMedia(chat, id, undefined, photo, markupOf(draft))
      : await telegram.editMessageCaption(chat, id, undefined, caption, markupOf(draft));
    return edited === true ? undefined : sentPicture(edited);
  } catch (error) {
    if (error instanceof TelegramFailure && (error.missing || error.unmodified)) return undefined;
    throw error;
  }
}

async function sendAlbum(telegram: CarefulTelegram, to: TelegramAddress, draft: AlbumDraft): Promise<string[]> {
  const extra = { ...threadOf(to), ...answering(draft.answers) };
  const caption = fitText(draft.caption, MAX_CAPTION);
  const [first] = draft.pictures;
  if (draft.pictures.length === 1 && first) {
    const media = fileOf(first);
    const single =
      draft.as === 'photos'
        ? await telegram.sendPhoto(to.chat, media, { ...extra, caption })
        : await telegram.sendDocument(to.chat, media, { ...extra, caption });
    return [String(single.message_id)];
  }
  const captionOf = (index: number): { caption?: string } => (index === 0 ? { caption } : {});
  const sent = await telegram.sendMediaGroup(
    to.chat,
    draft.as === 'photos'
      ? draft.pictures.map((picture, at) => ({ type: 'photo', media: fileOf(picture), ...captionOf(at) }))
      : draft.pictures.map((picture, at) => ({ type: 'document', media: fileOf(picture), ...captionOf(at) })),
    extra,
  );
  return sent.map(({ message_id }) => String(message_id));
}

/** What is read of a message that may have a photo. */
interface PhotoView extends Pick<Message, 'message_id'> {
  readonly photo?: readonly { readonly file_id: string }[];
}

/** A picture as Telegraf takes it. */
function mediaOf({ picture }: PictureDraft): string | { source: Buffer; filename: string } {
  const media = picture?.media ?? '';
  return typeof media === 'string' ? media : fileOf({ name: 'styles.jpg', bytes: media });
}

function sentPicture({ message_id: id, photo = [] }: PhotoView): SentPicture {
  return { id: String(id), file: photo.at(-1)?.file_id ?? '' };
}

function fileOf({ name, bytes }: Pick<SizedPicture, 'name' | 'bytes'>): { source: Buffer; filename: string } {
  return { source: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), filename: name };
}

function markupOf({ keyboard }: Pick<TextDraft, 'keyboard'>): { reply_markup?: InlineKeyboardMarkup } {
  return keyboard ? { reply_markup: keyboard } : {};
}

function threadOf({ thread }: TelegramAddress): { message_thread_id?: number } {
  return thread === '' ? {} : { message_thread_id: toMessageNumber(thread) };
}

function answering(message: string | undefined): {
  reply_parameters?: { message_id: number; allow_sending_without_reply: true };
} {
  const id = toMessageNumber(message ?? '');
  return id === 0 ? {} : { reply_parameters: { message_id: id, allow_sending_without_reply: true } };
}
