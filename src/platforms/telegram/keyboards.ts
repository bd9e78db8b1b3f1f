import type { InlineKeyboardButton, InlineKeyboardMarkup } from 'telegraf/types';
import type { Member } from '../../chat/member.js';
import type { LineButton, PublicPost } from '../../chat/reply.js';
import type { TextKey, Translate } from '../../language/texts.js';
import type { Button, ButtonAction, Buttons, OpenButton } from '../buttons.js';
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
  readonly shared: boolean;
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
  /** Below an album: More, Change, As files, Delete, and Report where others see it. */
  album(album: SentAlbum, owner: Member, t: Translate): InlineKeyboardMarkup;
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
  const openKey = (label: string, button: OpenButton): InlineKeyboardButton.CallbackButton => ({
    text: label,
    callback_data: buttons.signOpen(button),
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
    album({ messages, shared }, owner, t) {
      const { inline_keyboard: own } = rows(
        [
          [
            key(t, 'telegram.more', { action: 'more', subject: '' }),
            key(t, 'telegram.change', { action: 'change', subject: '' }),
          ],
          [
            key(t, 'telegram.files', { action: 'files', subject: '' }),
            key(t, 'telegram.delete', { action: 'delete', subject: packMessages(messages) }),
          ],
        ],
        owner,
      );
      const report = { action: 'report', owner: owner.id, subject: packMessages(messages) } as const;
      return { inline_keyboard: shared ? [...own, [openKey(t('telegram.report'), report)]] : own };
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
      const starts = Array.from({ length: Math.ceil(keys.length / PER_ROW) }, (_, row) => row * PER_ROW);
      return { inline_keyboard: starts.map((start) => keys.slice(start, start + PER_ROW)) };
    },
    resend: (owner, t, asFiles) =>
      rows([[key(t, 'telegram.resend', { action: asFiles ? 'files' : 'again', subject: '' })]], owner),
  };
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
