import type { MessageEntity } from 'telegraf/types';
import type { CommandDefinition } from '../../chat/command-definition.js';
import { formatLine } from '../../chat/parse.js';
import type { SizedPicture } from '../../chat/picture.js';
import type { Presets } from '../../chat/presets.js';
import { gapOf, type AnswerPoint } from '../../chat/point.js';
import type { AlbumMessage, LineButton, Offer, Reply } from '../../chat/reply.js';
import { compact } from '../../media/picture-file.js';
import { fitMessages, fitOneMessage } from '../../media/size-ladder.js';
import { type AlbumMemory, copyPictures } from '../album-memory.js';
import { packPicture } from '../picture-key.js';
import { memberAt, placesOf, type TelegramAddress } from './address.js';
import { TelegramFailure } from './failure.js';
import type { MaySend } from './rights.js';
import type { AlbumDraft, TextDraft } from './sender.js';
import type { Statuses, StatusParts } from './statuses.js';
import { fitText, MAX_CAPTION, MAX_TEXT } from './text.js';

const MB = 1024 * 1024;
/** What Telegram takes in one message of photos to look at; all of them together are not limited. */
const PHOTOS = { fileBytes: 10 * MB, messageBytes: Infinity } as const;
/** What it takes in one message of files. */
export const FILES = { fileBytes: 50 * MB, messageBytes: Infinity, files: 10 } as const;

export interface ReplyParts extends StatusParts {
  readonly statuses: Statuses;
  /** The command albums come from, to write the line of More. */
  readonly albumCommand: CommandDefinition;
  readonly presets: Presets;
  /** The pictures of the last minutes, each by where it is, for what is done with them. */
  readonly albums: AlbumMemory;
  readonly maySend: MaySend;
  /** Called when something went wrong that is answered in another way. */
  readonly onError: (error: unknown) => void;
  /** Called when a member or a chat cannot be reached any more. */
  readonly onGone: (failure: TelegramFailure, to: TelegramAddress) => void;
}

/** Answers in a chat of Telegram's. */
export function createReply(to: TelegramAddress, parts: ReplyParts): Reply {
  const { sender, pace, statuses, keyboards, maySend, textsFor, onError, onGone } = parts;
  /** Answers false where the place is closed or gone. */
  const tryAt = async (at: TelegramAddress, run: (at: TelegramAddress) => Promise<unknown>): Promise<boolean> => {
    try {
      await run(at);
      return true;
    } catch (error) {
      if (!(error instanceof TelegramFailure && (error.gone || error.closed))) throw error;
      if (!error.closed || at === to) onGone(error, at);
      return false;
    }
  };
  /** Something passing, which is not worth saying elsewhere. */
  const here = async (run: () => Promise<unknown>): Promise<void> => void (await tryAt(to, run));
  /** Where its place is closed, an answer goes elsewhere, once. */
  const reach = async (run: (at: TelegramAddress) => Promise<unknown>): Promise<boolean> => {
    for (const at of placesOf(to)) if (await tryAt(at, run)) return true;
    return false;
  };
  const writeDraft = async (draft: TextDraft, lines: readonly LineButton[] = []): Promise<void> => {
    const keyboard = lines.length > 0 && { keyboard: keyboards.lines(lines, memberAt(to)) };
    await reach((at) =>
      pace.take({ chat: at.chat }, () => sender.text(at, { ...draft, answers: at.message, ...keyboard })),
    );
  };
  const write = (text: string, lines?: readonly LineButton[]): Promise<void> => writeDraft({ text }, lines);
  return {
    whispers: to.chat === to.user,
    // Where Telegram does not take the sign, the answer itself comes all the same.
    acknowledge: () => here(() => pace.chatAction(() => sender.typing(to))).catch(onError),
    say: write,
    list: (points, lines) => writeDraft(drawPoints(points), lines),
    // Albums have no buttons there, and events are in groups, whose posts have some.
    show: async (text, pictures) => void (await reach((at) => showPictures({ text, pictures }, at, parts))),
    refuse: (text) => write(`⚠️ ${text}`),
    async askConsent(text) {
      const owner = memberAt(to);
      const keyboard = keyboards.consent(owner, await textsFor(owner, to.locale));
      await reach((at) => pace.take({ chat: at.chat }, () => sender.text(at, { text, keyboard, answers: at.message })));
    },
    async canDeliver() {
      // Who writes in private can be answered there.
      if (to.chat === to.user) return true;
      for (const at of placesOf(to)) if (await maySend(at)) return true;
      return false;
    },
    status: (view) => here(() => statuses.show(to, view)),
    async album(album) {
      const t = await textsFor(memberAt(to), to.locale);
      const arrived = await reach((at) => {
        const moved = at.chat === to.chat ? [] : [t('telegram.elsewhere')];
        return deliver({ ...album, notes: [...moved, ...album.notes] }, { at, to }, parts);
      });
      if (!arrived) await write(`⚠️ ${t('errors.place-closed')}`);
    },
    async conclude(jobId, text, offer) {
      await reach((at) =>
        offer ? concludeWith(offer, { jobId, text }, { to: at, parts }) : statuses.conclude(at, jobId, text),
      );
    },
  };
}

/** A line for each point, its head bold. */
function drawPoints(points: readonly AnswerPoint[]): TextDraft {
  const entities: MessageEntity[] = [];
  let text = '';
  for (const point of points) {
    if (text !== '') text += '\n';
    entities.push({ type: 'bold', offset: text.length, length: point.head.length });
    text += `${point.head}${gapOf(point)}${point.text}`;
  }
  return { text, entities };
}

/** Words and pictures; where there are too many words for a caption they come before. */
async function showPictures(
  { text, pictures }: { readonly text: string; readonly pictures: readonly SizedPicture[] },
  to: TelegramAddress,
  { sender, pace }: ReplyParts,
): Promise<void> {
  const answers = to.message;
  const fits = text.length <= MAX_CAPTION;
  if (!fits) await pace.take({ chat: to.chat }, () => sender.text(to, { text, answers }));
  const caption = fits ? text : '';
  await pace.take({ chat: to.chat, weight: pictures.length }, () =>
    sender.album(to, { pictures, caption, as: 'photos', answers }),
  );
}

/** Ends a job with an offer: in answer to the photo, which a press on the button then takes once more. */
async function concludeWith(
  { action, options }: Offer,
  { jobId, text }: { readonly jobId: string; readonly text: string },
  { to, parts }: { readonly to: TelegramAddress; readonly parts: ReplyParts },
): Promise<void> {
  const { sender, statuses, pace, keyboards, albumCommand, textsFor } = parts;
  const owner = memberAt(to);
  const label = (await textsFor(owner, to.locale))(`telegram.${action}`);
  const line = formatLine(albumCommand, options);
  const said = `${fitText(text, MAX_TEXT - line.length - 2)}\n\n`;
  await statuses.remove(to, jobId);
  await pace.take({ chat: to.chat }, () =>
    sender.text(to, {
      text: `${said}${line}`,
      entities: [{ type: 'code', offset: said.length, length: line.length }],
      keyboard: keyboards.rows([[{ label, button: { action, subject: '' } }]], owner),
      answers: to.photo,
    }),
  );
}

/**
 * Sends an album once, to `at`; its status stands where it was asked for. Telegram knows no message that is sent at most once, so it is recorded before and after: where
 * the end of an earlier try is unknown, the member is offered to have the album made again instead.
 */
async function deliver(
  album: AlbumMessage,
  { at, to }: { readonly at: TelegramAddress; readonly to: TelegramAddress },
  parts: ReplyParts,
): Promise<void> {
  const { ledger, pace, statuses } = parts;
  const { jobId } = album;
  const known = await ledger.album(jobId);
  // A restart may have shown a status once more.
  if (known?.kind === 'closed') return statuses.remove(to, jobId);
  const messages = known?.kind === 'sent' ? known.messages : known ? undefined : await sendOnce(album, at, parts);
  await statuses.remove(to, jobId);
  if (messages) keepAlbum(album, { messages, at }, parts.albums);
  await pace.take({ chat: at.chat }, () => sendButtons({ album, messages }, at, parts));
  await ledger.keepAlbum(jobId, { kind: 'closed' });
}

/** Keeps the pictures of an album a while, each by the message it became. */
function keepAlbum(
  { pictures }: AlbumMessage,
  { messages, at }: { readonly messages: readonly string[]; readonly at: TelegramAddress },
  albums: AlbumMemory,
): void {
  const kept = copyPictures(pictures);
  for (const [index, picture] of kept.entries()) {
    const message = messages[index];
    if (message !== undefined) albums.set(memoryKey(at.chat, message), at.user, [picture]);
  }
  compact(kept);
}

/** Under which a picture is kept: where it is in Telegram. */
export function memoryKey(chat: string, message: string): string {
  return `${chat}/${message}`;
}

/** Answers the ids of the album's messages; undefined where nobody knows whether it arrived. */
async function sendOnce(
  album: AlbumMessage,
  to: TelegramAddress,
  parts: ReplyParts,
): Promise<readonly string[] | undefined> {
  const { ledger, pace, sender, onError } = parts;
  const { jobId } = album;
  const draft = await draftOf(album, to, to.files === 'yes' ? 'files' : 'photos');
  try {
    return await pace.take({ chat: to.chat, weight: draft.pictures.length }, async () => {
      await ledger.keepAlbum(jobId, { kind: 'sending' });
      const messages = await send(draft, { album, to, sender });
      await ledger.keepAlbum(jobId, { kind: 'sent', messages });
      return messages;
    });
  } catch (error) {
    const refused = error instanceof TelegramFailure && error.refused;
    if (refused) await ledger.dropAlbum(jobId);
    if (refused || !(error instanceof TelegramFailure)) throw error;
    onError(error);
    return undefined;
  }
}

/** What is sent of an album, small enough for Telegram. */
async function draftOf(album: AlbumMessage, to: TelegramAddress, as: AlbumDraft['as']): Promise<AlbumDraft> {
  const { caption, pictures: whole } = album;
  const pictures = as === 'photos' ? await fitOneMessage(whole, PHOTOS) : (await fitMessages(whole, FILES)).flat();
  return { pictures, caption, as, answers: to.photo };
}

/** As photos where Telegram takes them, else as files. */
async function send(
  draft: AlbumDraft,
  { album, to, sender }: Pick<ReplyParts, 'sender'> & { readonly album: AlbumMessage; readonly to: TelegramAddress },
): Promise<readonly string[]> {
  try {
    return await sender.album(to, draft);
  } catch (error) {
    const unfit = error instanceof TelegramFailure && /PHOTO_|IMAGE_PROCESS|too (big|large)/i.test(error.description);
    if (!unfit || draft.as === 'files') throw error;
    return sender.album(to, await draftOf(album, to, 'files'));
  }
}

/** The message after the album: what there is to say of it, the line that makes it again, and its buttons. */
async function sendButtons(
  { album, messages }: { readonly album: AlbumMessage; readonly messages: readonly string[] | undefined },
  to: TelegramAddress,
  { sender, keyboards, albumCommand, presets, textsFor }: ReplyParts,
): Promise<void> {
  const owner = memberAt(to);
  const t = await textsFor(owner, to.locale);
  const pictures = album.pictures.map(({ shows = {} }, index) => packPicture({ number: index + 1, shows }, presets));
  const line = formatLine(albumCommand, album.options);
  const notes = messages ? album.notes : [t('telegram.resend-offer')];
  const said = fitText(notes.map((note) => `${note}\n\n`).join(''), MAX_TEXT - line.length);
  await sender.text(to, {
    text: `${said}${line}`,
    entities: [{ type: 'code', offset: said.length, length: line.length }],
    keyboard: messages
      ? keyboards.album({ messages, pictures, shared: to.chat !== to.user }, owner, t)
      : keyboards.resend(owner, t, to.files === 'yes'),
    answers: to.photo,
  });
}
