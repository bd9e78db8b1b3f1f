import type { Member } from '../../chat/member.js';
import type { StatusView } from '../../chat/reply.js';
import type { Translate } from '../../language/texts.js';
import { memberAt, type TelegramAddress } from './address.js';
import type { Keyboards } from './keyboards.js';
import type { Ledger } from './ledger.js';
import type { Pace } from './pace.js';
import type { Sender } from './sender.js';
import { progressBar } from './text.js';
import type { UploadIndicator } from './upload-indicator.js';

/** The one message of each job that is edited while the job lives. */
export interface Statuses {
  /** Shows the newest state when the chat's slot comes; states that were overtaken on the way are left out. */
  show(to: TelegramAddress, view: StatusView): Promise<void>;
  /** Turns the status into a closing sentence. */
  conclude(to: TelegramAddress, jobId: string, text: string): Promise<void>;
  /** Takes the status away. */
  remove(to: TelegramAddress, jobId: string): Promise<void>;
}

export interface StatusParts {
  readonly sender: Sender;
  readonly pace: Pace;
  readonly ledger: Ledger;
  readonly keyboards: Keyboards;
  readonly uploading: UploadIndicator;
  /** The texts for a member, whose app tells that language. */
  readonly textsFor: (member: Member, tag: string) => Promise<Translate>;
}

interface Waiting {
  view: StatusView;
  readonly shown: Promise<void>;
}

export function createStatuses(parts: StatusParts): Statuses {
  const { sender, pace, ledger, keyboards, uploading, textsFor } = parts;
  const waiting = new Map<string, Waiting>();

  const put = async (to: TelegramAddress, { jobId, text, progress, cancellable }: StatusView): Promise<void> => {
    const owner = memberAt(to);
    const keyboard = cancellable
      ? keyboards.cancel(jobId, owner, await textsFor(owner, to.locale))
      : { inline_keyboard: [] };
    const lines = progress === undefined ? [text] : [text, progressBar(progress)];
    const draft = { text: lines.join('\n'), keyboard, answers: to.message };
    const known = await ledger.status(jobId);
    if (known !== undefined && (await sender.edit(to, known, draft))) return;
    await ledger.keepStatus(jobId, await sender.text(to, draft));
  };
  return {
    show(to, view) {
      if (view.progress !== undefined) uploading.sign(to, view.jobId);
      const known = waiting.get(view.jobId);
      if (known) {
        known.view = view;
        return known.shown;
      }
      const shown = pace.take({ chat: to.chat, yields: true }, () => {
        const newest = waiting.get(view.jobId)?.view ?? view;
        waiting.delete(view.jobId);
        return put(to, newest);
      });
      waiting.set(view.jobId, { view, shown });
      return shown;
    },
    conclude(to, jobId, text) {
      uploading.end(jobId);
      return pace.take({ chat: to.chat }, async () => {
        // Forgotten last: what a crash interrupts is found and done once more.
        const known = await ledger.status(jobId);
        const keyboard = { inline_keyboard: [] };
        const edited = known !== undefined && (await sender.edit(to, known, { text, keyboard }));
        if (!edited) await sender.text(to, { text, answers: to.message });
        await ledger.dropStatus(jobId);
      });
    },
    async remove(to, jobId) {
      uploading.end(jobId);
      const known = await ledger.status(jobId);
      if (known === undefined) return;
      await sender.remove(to.chat, [known]);
      await ledger.dropStatus(jobId);
    },
  };
}
