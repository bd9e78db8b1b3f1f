import type { InlineKeyboardButton, InlineKeyboardMarkup } from 'telegraf/types';
import type { Member } from '../../chat/member.js';
import type { LineButton, PublicPost } from '../../chat/reply.js';
import type { TextKey, Translate } from '../../language/texts.js';
import type { Button, ButtonAction, Buttons, ButtonForAll } from '../buttons.js';
import { type NumberPage, numbersOn, PER_ROW } from './numbers.js';

/** A button as it is shown. */
export interface KeyView {
  readonly label: string;
  readonly button: Button;
}

/** What is known of an album that was sent. */
export interface SentAlbum {
  /** Ids of its messages. */
  readonly messages: readonly string[];
  /** Its pictures, in the order of the messages, as `packPicture` writes them. */
  readonly pictures: readonly string[];
  readonly shared: boolean;
}

/** One picture of an album: its number, and the subject of its key. */
interface SentPicture {
  readonly number: number;
  readonly subject: string;
}

/** Makes the keyboards under messages; every key is signed for the member it is shown to. */
export interface Keyboards {
  rows(rows: readonly (readonly KeyView[])[], owner: Member): InlineKeyboardMarkup;
  cancel(jobId: string, owner: Member, t: Translate): InlineKeyboardMarkup;
  consent(owner: Member, t: Translate): InlineKeyboardMarkup;
  /** One key that opens an address. */
  link(label: string, url: string): InlineKeyboardMarkup;
  /** Each key says a line. */
  lines(lines: readonly LineButton[], owner: Member): InlineKeyboardMarkup;
  /** Below an album: More, Change, As files, Delete, Report where others see it, and the numbers of its pictures. */
  album(album: SentAlbum, owner: Member, t: Translate): InlineKeyboardMarkup;
  /** Below those, for the picture whose number was pressed: more like it, as avatar, as file, delete. */
  picture(picture: SentPicture, owner: Member, t: Translate): InlineKeyboardMarkup;
  /** Below an event's post: lets everyone take part, vote, and report an entry. */
  post(post: Pick<PublicPost, 'event' | 'report'>): InlineKeyboardMarkup;
  /** In its place: the numbers of the entries, to vote for one or to report it. */
  numbers(page: NumberPage, action: 'vote' | 'report-entry'): InlineKeyboardMarkup;
  /** Makes the same album again, as photos or as files. */
  resend(owner: Member, t: Translate, asFiles: boolean): InlineKeyboardMarkup;
}

export function createKeyboards(buttons: Buttons): Keyboards {
  const rows: Keyboards['rows'] = (views, owner) => ({
    inline_keyboard: views.map((row) =>
      row.map(({ label, button }) => ({ text: label, callback_data: buttons.sign(button, owner) })),
    ),
  });
  const openKey = (label: string, button: ButtonForAll): InlineKeyboardButton.CallbackButton => ({
    text: label,
    callback_data: buttons.signForAll(button),
  });
  const key = (t: Translate, label: TextKey, button: Button): KeyView => ({ label: t(label), button });
  return {
    rows,
    cancel: (subject, owner, t) => rows([[key(t, 'telegram.cancel', { action: 'cancel', subject })]], owner),
    consent: (owner, t) => rows([[key(t, 'telegram.agree', { action: 'consent', subject: '' })]], owner),
    link: (text, url) => ({ inline_keyboard: [[{ text, url }]] }),
    lines: (lines, owner) =>
      rows(
        lines.map(({ label, line }) => [{ label, button: { action: 'say', subject: line } }]),
        owner,
      ),
    album({ messages, pictures, shared }, owner, t) {
      const { inline_keyboard: own } = rows(
        [
          [
            key(t, 'telegram.more', { action: 'more', subject: '' }),
            key(t, 'telegram.change', { action: 'change', subject: '' }),
          ],
          [
            key(t, 'telegram.files', { action: 'files', subject: packMessages(messages) }),
            key(t, 'telegram.delete', { action: 'delete', subject: packMessages(messages) }),
          ],
        ],
        owner,
      );
      const report = { action: 'report', owner: owner.id, subject: packMessages(messages) } as const;
      const numbers = pictures.map((picture, index): KeyView => {
        const subject = `${picture}.${BigInt(messages[index] ?? 0).toString(36)}`;
        return { label: String(index + 1), button: { action: 'picture', subject } };
      });
      const { inline_keyboard: choosing } = rows(inRows(numbers, PER_ROW), owner);
      const reporting = shared ? [[openKey(t('telegram.report'), report)]] : [];
      return { inline_keyboard: [...own, ...reporting, ...choosing] };
    },
    picture({ number, subject }, owner, t) {
      const act = (action: 'like' | 'avatar' | 'file' | 'remove'): KeyView => ({
        label: t(`picture.${action}`, { number }),
        button: { action, subject },
      });
      return rows(
        [
          [act('like'), act('remove')],
          [act('avatar'), act('file')],
        ],
        owner,
      );
    },
    post({ event, report }) {
      const open = (label: string, action: ButtonAction, subject: string) =>
        openKey(label, { action, owner: '', subject });
      const lines = [
        [
          ...(event ? [open(event.join.label, 'join', event.join.line)] : []),
          ...(event?.vote ? [open(event.vote.label, 'vote', `${event.vote.highest}.1`)] : []),
        ],
        report ? [open(report.label, 'report-entry', `${report.highest}.1`)] : [],
      ].filter((row) => row.length > 0);
      return { inline_keyboard: lines };
    },
    numbers(page, action) {
      const keys = numbersOn(page).map(({ label, subject }) => openKey(label, { action, owner: '', subject }));
      return { inline_keyboard: inRows(keys, PER_ROW) };
    },
    resend: (owner, t, asFiles) =>
      rows([[key(t, 'telegram.resend', { action: asFiles ? 'files' : 'again', subject: '' })]], owner),
  };
}

/** Keys side by side, so many in a row. */
export function inRows<Key>(keys: readonly Key[], columns: number): Key[][] {
  const starts = Array.from({ length: Math.ceil(keys.length / columns) }, (_, row) => row * columns);
  return starts.map((start) => keys.slice(start, start + columns));
}

/** The id of the message that a picture is, by the subject of its keys. */
export function idOfPicture(subject: string): string {
  return BigInt(Number.parseInt(subject.split('.').at(-1) ?? '', 36)).toString();
}

/** Writes up to ten ids in the room of a button: the first, then the steps from each to the next, in base 36. */
export function packMessages(messages: readonly string[]): string {
  let previous = 0n;
  return messages
    .map((message) => {
      const step = BigInt(message) - previous;
      previous = BigInt(message);
      return step.toString(36);
    })
    .join('.');
}

/** Reads what `packMessages` wrote. */
export function unpackMessages(packed: string): string[] {
  let id = 0n;
  return packed.split('.').map((step) => {
    id += BigInt(Number.parseInt(step, 36));
    return id.toString();
  });
}
