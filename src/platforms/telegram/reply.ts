import { formatLine } from '../../../commands/parse.js';
import type { Command } from '../../../commands/command.js';
import { translator } from '../../texts.js';
import type { AlbumMessage, Reply } from '../platform.js';
import { memberAt, type TelegramAddress } from './address.js';
import { TelegramFailure } from './failure.js';
import type { Statuses, StatusParts } from './statuses.js';
import type { AlbumDraft } from './sender.js';
import { fitText, MAX_TEXT } from './text.js';

/** The largest picture Telegram takes as a photo, in bytes. */
const MAX_PHOTO = 10 * 1024 * 1024;

export interface ReplyParts extends StatusParts {
  readonly statuses: Statuses;
  /** The command albums come from, to write the line of Again. */
  readonly albumCommand: Command;
  /** Hears of what went wrong and is answered in another way. */
  readonly onError: (error: unknown) => void;
  /** Hears of members and chats that cannot be reached any more. */
  readonly onGone: (failure: TelegramFailure) => void;
}

/** Answers in a chat of Telegram's. */
export function createReply(to: TelegramAddress, parts: ReplyParts): Reply {
  const { sender, pace, statuses, keyboards, onGone } = parts;
  const t = translator(to.locale);
  const reach = async (run: () => Promise<unknown>): Promise<void> => {
    try {
      await run();
    } catch (error) {
      if (!(error instanceof TelegramFailure && error.gone)) throw error;
      onGone(error);
    }
  };
  const write = (text: string): Promise<void> =>
    reach(() => pace.take({ chat: to.chat }, () => sender.text(to, { text, answers: to.message })));
  return {
    acknowledge: () => reach(() => sender.typing(to)),
    say: write,
    refuse: (text) => write(`⚠️ ${text}`),
    askConsent: (text) =>
      reach(() => {
        const keyboard = keyboards.consent(memberAt(to), t);
        return pace.take({ chat: to.chat }, () => sender.text(to, { text, keyboard, answers: to.message }));
      }),
    status: (view) => reach(() => statuses.show(to, view)),
    album: (album) => reach(() => deliver(album, to, parts)),
    conclude: (jobId, text) => reach(() => statuses.conclude(to, jobId, text)),
  };
}

/**
 * Sends an album once. Telegram knows no message that is sent at most once, so it is recorded before and after: where
 * the end of an earlier try is unknown, the member is offered to have the album made again instead.
 */
async function deliver(album: AlbumMessage, to: TelegramAddress, parts: ReplyParts): Promise<void> {
  const { ledger, pace, statuses, onError } = parts;
  const { jobId } = album;
  const state = await ledger.album(jobId);
  if (state === 'sent') return;
  let messages: readonly string[] | undefined;
  if (state === undefined) {
    await ledger.keepAlbum(jobId, 'sending');
    try {
      messages = await pace.take({ chat: to.chat, weight: album.pictures.length }, () => send(album, to, parts));
    } catch (error) {
      const refused = error instanceof TelegramFailure && error.refused;
      if (refused) await ledger.dropAlbum(jobId);
      if (refused || !(error instanceof TelegramFailure)) throw error;
      onError(error);
    }
  }
  await ledger.keepAlbum(jobId, 'sent');
  await statuses.remove(to, jobId);
  await pace.take({ chat: to.chat }, () => sendButtons({ album, messages }, to, parts));
}

/** As photos where they fit and Telegram takes them, else as files. */
async function send(album: AlbumMessage, to: TelegramAddress, { sender }: ReplyParts): Promise<readonly string[]> {
  const { pictures, options } = album;
  const prompt = options['prompt'];
  const caption = prompt === undefined ? album.caption : `${album.caption}\n${prompt}`;
  const draft: AlbumDraft = { pictures, caption, as: 'files', answers: to.photo };
  const fit = pictures.every(({ preview }) => preview.length <= MAX_PHOTO);
  if (to.files === 'yes' || !fit) return sender.album(to, draft);
  try {
    return await sender.album(to, { ...draft, as: 'photos' });
  } catch (error) {
    if (!(error instanceof TelegramFailure && /PHOTO_|IMAGE_PROCESS|too (big|large)/i.test(error.description)))
      throw error;
    return sender.album(to, draft);
  }
}

/** The message after the album: what there is to say of it, the line that makes it again, and its buttons. */
async function sendButtons(
  { album, messages }: { readonly album: AlbumMessage; readonly messages: readonly string[] | undefined },
  to: TelegramAddress,
  { sender, keyboards, albumCommand }: ReplyParts,
): Promise<void> {
  const t = translator(to.locale);
  const line = formatLine(albumCommand, album.options);
  const notes = messages ? album.notes : [t('telegram.resend-offer')];
  const said = fitText(notes.map((note) => `${note}\n\n`).join(''), MAX_TEXT - line.length);
  await sender.text(to, {
    text: `${said}${line}`,
    entities: [{ type: 'code', offset: said.length, length: line.length }],
    keyboard: messages ? keyboards.album(messages, memberAt(to), t) : keyboards.resend(memberAt(to), t),
    answers: to.photo,
  });
}
