import type { CallbackQuery } from 'telegraf/types';
import type { ChatHost, EventView, Refusal } from '../../chat/host.js';
import type { Member } from '../../chat/member.js';
import type { Translate } from '../../language/texts.js';
import type { Buttons } from '../buttons.js';
import { memberAt, type TelegramAddress } from './address.js';
import type { CarefulTelegram } from './client.js';
import type { CommandRequest } from './command-request.js';
import type { Keyboards } from './keyboards.js';
import type { Pace } from './pace.js';
import type { Remembered } from './remembered.js';
import type { Sender } from './sender.js';

/** What a member types, and a bot is sent, to take part in an event. */
const JOIN = { command: 'event', options: { do: 'join', agree: 'yes' } } as const;

export interface JoinParts {
  readonly host: ChatHost;
  readonly telegram: CarefulTelegram;
  readonly buttons: Buttons;
  readonly keyboards: Keyboards;
  readonly sender: Sender;
  readonly pace: Pace;
  readonly remembered: Pick<Remembered, 'keepJoining' | 'takeJoining' | 'wordless'>;
  readonly textsFor: (member: Member, tag: string) => Promise<Translate>;
  /** Hands a request to the host. */
  readonly invoke: (request: CommandRequest) => Promise<void>;
  /** The bot's own user name. */
  readonly username: string;
}

/**
 * Take part was pressed under the post of an event in a group: the member's own chat with the bot is opened, where the terms
 * are said. The link is for them alone. Answers why not, where there is nothing to take part in.
 */
export async function inviteToJoin(
  query: CallbackQuery,
  { chat, user, locale }: Pick<TelegramAddress, 'chat' | 'user' | 'locale'>,
  { host, telegram, buttons, username }: Pick<JoinParts, 'host' | 'telegram' | 'buttons' | 'username'>,
): Promise<string | undefined> {
  const member = memberAt({ user });
  const event = await eventAt(chat, { member, locale, host });
  if ('refusal' in event) return event.refusal;
  const payload = Buffer.from(buttons.sign({ action: 'join', subject: chat }, member)).toString('base64url');
  await telegram.answerCbQuery(query.id, undefined, { url: `https://t.me/${username}?start=${payload}` });
  return undefined;
}

function eventAt(
  group: string,
  { member, locale, host }: { readonly member: Member; readonly locale: string } & Pick<JoinParts, 'host'>,
): Promise<EventView | Refusal> {
  return host.event({ member, server: { platform: 'telegram', id: group }, ...(locale !== '' && { locale }) });
}

/** What a member is told and asked in their own chat, on the way into an event. */
export interface Joining {
  /** Says the terms where the word after /start is an invitation of theirs; false where it is none. */
  begin(payload: string, to: TelegramAddress): Promise<boolean>;
  /** The entry of the photos that they sent to their chat before they agreed; undefined where there are none. */
  entryAt(group: string, to: TelegramAddress): CommandRequest | undefined;
  /** They agreed: what they sent is entered, or a photo is asked for. */
  agree(group: string, to: TelegramAddress): Promise<void>;
  /** The entry that a photo is meant for, its caption the name to stand under; undefined where none is waited for. */
  entryOf(request: CommandRequest): CommandRequest | undefined;
}

export function createJoining(parts: JoinParts): Joining {
  const { host, buttons, keyboards, sender, pace, remembered, textsFor, invoke } = parts;
  const entryAt: Joining['entryAt'] = (group, to) => {
    const sent = remembered.wordless(to.chat, to.user);
    if (!sent) return undefined;
    const address = { ...to, message: sent.message, photo: sent.message };
    const key = `join:${group}:${sent.message}`;
    return { key, address, group: false, server: group, ...JOIN, photos: sent.photos };
  };
  return {
    entryAt,
    async begin(payload, to) {
      const owner = memberAt(to);
      const invited = buttons.open(Buffer.from(payload, 'base64url').toString('latin1'), owner);
      if (invited?.action !== 'join') return false;
      const t = await textsFor(owner, to.locale);
      const event = await eventAt(invited.subject, { member: owner, locale: t.locale, host });
      const draft =
        'refusal' in event
          ? { text: `⚠️ ${event.refusal}` }
          : {
              text: `${t('event.join-terms', { title: event.title })}\n\n${t('consent.ask')}`,
              keyboard: keyboards.rows([[{ label: t('event.join-agree'), button: invited }]], owner),
            };
      await pace.take({ chat: to.chat }, () => sender.text(to, draft));
      return true;
    },
    async agree(group, to) {
      const owner = memberAt(to);
      await host.consent(owner);
      const entry = entryAt(group, to);
      if (entry) return invoke(entry);
      remembered.keepJoining(to, group);
      const t = await textsFor(owner, to.locale);
      await pace.take({ chat: to.chat }, () => sender.text(to, { text: t('telegram.join-photo') }));
    },
    entryOf(request) {
      const { photos, options, address, group } = request;
      const [name, ...others] = Object.entries(options);
      const isPlain = others.length === 0 && (name === undefined || name[0] === 'prompt');
      if (photos.length === 0 || group || !isPlain) return undefined;
      const server = remembered.takeJoining(address);
      if (server === undefined) return undefined;
      return { ...request, ...JOIN, options: { ...JOIN.options, ...(name && { name: name[1] }) }, server };
    },
  };
}
