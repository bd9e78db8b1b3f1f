import type { InlineKeyboardMarkup } from 'telegraf/types';
import type { TextKey, Translate } from '../../texts.js';
import type { Button, Buttons } from '../buttons.js';
import type { Member } from '../platform.js';

/** A button as it is shown. */
export interface KeyView {
  readonly label: string;
  readonly button: Button;
}

/** Makes the keyboards under messages; every key is signed for the member it is shown to. */
export interface Keyboards {
  rows(rows: readonly (readonly KeyView[])[], owner: Member): InlineKeyboardMarkup;
  cancel(jobId: string, owner: Member, t: Translate): InlineKeyboardMarkup;
  consent(owner: Member, t: Translate): InlineKeyboardMarkup;
  /** Below an album: Again, New seed, As files, Delete. `messages` are the ids of the album's messages. */
  album(messages: readonly string[], owner: Member, t: Translate): InlineKeyboardMarkup;
  /** Makes the same album again, as photos or as files. */
  resend(owner: Member, t: Translate, asFiles: boolean): InlineKeyboardMarkup;
}

export function createKeyboards(buttons: Buttons): Keyboards {
  const rows: Keyboards['rows'] = (views, owner) => ({
    inline_keyboard: views.map((row) =>
      row.map(({ label, button }) => ({ text: label, callback_data: buttons.sign(button, owner) })),
    ),
  });
  const key = (t: Translate, label: TextKey, button: Button): KeyView => ({ label: t(label), button });
  return {
    rows,
    cancel: (subject, owner, t) => rows([[key(t, 'telegram.cancel', { action: 'cancel', subject })]], owner),
    consent: (owner, t) => rows([[key(t, 'telegram.agree', { action: 'consent', subject: '' })]], owner),
    album: (messages, owner, t) =>
      rows(
        [
          [
            key(t, 'telegram.again', { action: 'again', subject: '' }),
            key(t, 'telegram.new-seed', { action: 'new-seed', subject: '' }),
          ],
          [
            key(t, 'telegram.files', { action: 'files', subject: '' }),
            key(t, 'telegram.delete', { action: 'delete', subject: packMessages(messages) }),
          ],
        ],
        owner,
      ),
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
