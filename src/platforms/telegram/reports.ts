import type { CallbackQuery, InlineKeyboardMarkup, Message } from 'telegraf/types';
import type { ChatHost, MemberReport } from '../../chat/host.js';
import type { Translate } from '../../language/texts.js';
import type { ButtonForAll } from '../buttons.js';
import type { TelegramAddress } from './address.js';
import { type Keyboards, unpackMessages } from './keyboards.js';
import { readNumberKey } from './numbers.js';
import type { Pace } from './pace.js';
import type { Sender } from './sender.js';

interface ReportParts {
  readonly host: ChatHost;
  readonly keyboards: Keyboards;
  readonly sender: Sender;
  readonly pace: Pace;
}

/** A press on a button that everyone may press. */
export interface OpenPress {
  readonly query: CallbackQuery;
  readonly t: Translate;
  readonly button: ButtonForAll;
  /** The message the button is under. */
  readonly message: Message;
  readonly address: TelegramAddress;
}

/**
 * Reports an album, or lets the presser choose the number of an entry, to report it or to vote for it; answers what to tell
 * them.
 */
export async function pressNumbers(press: OpenPress, parts: ReportParts): Promise<string | undefined> {
  const { button, message, address } = press;
  const { keyboards, sender, pace } = parts;
  if (button.action === 'report') return hand(press, albumAt(press), parts);
  const key = readNumberKey(button.subject);
  const action = button.action === 'vote' ? 'vote' : 'report-entry';
  if (typeof key === 'number') return action === 'vote' ? vote(press, key, parts) : hand(press, key, parts);
  const text = 'text' in message ? message.text : '';
  const keyboard = key.page > 0 ? keyboards.numbers(key, action) : drawPostKeys(key.highest, press, keyboards);
  await pace.take({ chat: address.chat }, () => sender.edit(address, String(message.message_id), { text, keyboard }));
  return undefined;
}

/** The keys of the post again. */
function drawPostKeys(highest: number, { t }: OpenPress, keyboards: Keyboards): InlineKeyboardMarkup {
  const join = { label: t('event.join'), line: '/event join', agreed: '' };
  const voting = { label: t('event.vote'), line: '', highest };
  const report = { label: t('event.report'), line: '', highest };
  return keyboards.post({ event: { join, vote: voting }, report });
}

/** Votes without a word in the group: who voted for whom is nobody's to see. */
function vote({ query, t, address }: OpenPress, number: number, { host }: ReportParts): Promise<string> {
  const member = { platform: 'telegram', id: String(query.from.id) } as const;
  return host.vote({ member, server: { platform: 'telegram', id: address.chat }, locale: t.locale }, number);
}

/** The album above the message with the button. */
function albumAt({ button: { owner, subject }, message, address: { chat } }: OpenPress): MemberReport['what'] {
  const copies = { chat, messages: unpackMessages(subject) };
  return { id: `${chat}/${message.message_id}`, owner, named: owner, show: async () => ({ copies }) };
}

function hand({ query, t, address }: OpenPress, what: MemberReport['what'], { host }: ReportParts): Promise<string> {
  const reporter = { platform: 'telegram', id: String(query.from.id) } as const;
  return host.report({ reporter, locale: t.locale, server: address.chat, what });
}
