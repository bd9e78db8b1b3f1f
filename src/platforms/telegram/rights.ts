import type { ChatPermissions } from 'telegraf/types';
import type { TelegramAddress } from './address.js';
import type { CarefulTelegram } from './client.js';
import { TelegramFailure } from './failure.js';
import { Recent } from './recent.js';

/** Answers whether the bot may send albums to a chat. */
export type MaySend = (to: TelegramAddress) => Promise<boolean>;

/** Milliseconds for which a group that lets the bot send is not asked again. */
const KNOWN_FOR = 60_000;
/** Groups remembered. */
const REMEMBERED = 1000;

type Kind = Extract<keyof ChatPermissions, 'can_send_photos' | 'can_send_documents'>;

/**
 * Asks Telegram what the bot may do. A group that forbids something is asked again each time: its administrators may have
 * been told to allow it. Where Telegram does not say, the bot may.
 */
export function createRights(telegram: CarefulTelegram, bot: number): MaySend {
  const allowed = new Recent<number>(REMEMBERED);
  const ask = async (chat: string, kind: Kind): Promise<boolean> => {
    const member = await telegram.getChatMember(chat, bot);
    if (member.status === 'creator' || member.status === 'administrator') return true;
    if (member.status === 'left' || member.status === 'kicked') return false;
    if (member.status === 'restricted' && !(member.can_send_messages && member[kind])) return false;
    const asked = await telegram.getChat(chat);
    const { can_send_messages: words, [kind]: pictures }: ChatPermissions =
      'permissions' in asked ? (asked.permissions ?? {}) : {};
    return words !== false && pictures !== false;
  };
  const askGroup = async (chat: string, kind: Kind): Promise<boolean> => {
    const key = `${chat} ${kind}`;
    if (Date.now() - (allowed.get(key) ?? 0) < KNOWN_FOR) return true;
    const may = await ask(chat, kind);
    if (may) allowed.set(key, Date.now());
    return may;
  };
  /** Nothing but a try says whether a member has begun a conversation with the bot and not blocked it. */
  const tryMember = (user: string): Promise<boolean> => telegram.sendChatAction(user, 'typing');
  return async ({ chat, user, files }) => {
    try {
      if (chat === user) return await tryMember(user);
      return await askGroup(chat, files === 'yes' ? 'can_send_documents' : 'can_send_photos');
    } catch (error) {
      if (!(error instanceof TelegramFailure)) throw error;
      return !error.gone && !error.closed;
    }
  };
}
