import type { InlineKeyboardMarkup, MessageEntity } from 'telegraf/types';
import type { SizedPicture } from '../../media/size-ladder.js';
import { type TelegramAddress, toMessageNumber } from './address.js';
import type { CarefulTelegram } from './client.js';
import { TelegramFailure } from './failure.js';
import type { Ledger } from './ledger.js';
import { fitText, MAX_CAPTION, MAX_TEXT } from './text.js';

/** A text message to be. */
export interface TextDraft {
  readonly text: string;
  readonly entities?: MessageEntity[];
  readonly keyboard?: InlineKeyboardMarkup;
  /** The message that is answered. */
  readonly answers?: string;
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

function fileOf({ name, bytes }: SizedPicture): { source: Buffer; filename: string } {
  return { source: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), filename: name };
}

function markupOf({ keyboard }: TextDraft): { reply_markup?: InlineKeyboardMarkup } {
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
