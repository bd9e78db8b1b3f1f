import type { ChatMemberUpdated, Message } from 'telegraf/types';
import type { ChatHost } from '../../chat/host.js';
import type { CarefulTelegram } from './client.js';

/** Who shut the bot out. */
type Gone = Parameters<ChatHost['gone']>[0];

/** Reports a chat that took the bot out, or a member who blocked it; nothing is to be done when it may stay. */
export function reportGone(
  { chat, new_chat_member: bot }: ChatMemberUpdated,
  host: ChatHost,
): Promise<void> | undefined {
  const out = bot.status === 'left' || bot.status === 'kicked' || (bot.status === 'restricted' && !bot.is_member);
  return out ? host.gone(goneAt(String(chat.id), chat.type === 'private')) : undefined;
}

/** What is kept of a private chat is its member's; what is kept of any other is a server's. */
export function goneAt(chat: string, isPrivate: boolean): Gone {
  const who = { platform: 'telegram', id: chat } as const;
  return isPrivate ? { member: who } : { server: who };
}

/** A group that became a supergroup goes on under another id. */
export function followGroup(
  { chat, migrate_to_chat_id: to }: Message.MigrateToChatIdMessage,
  { telegram, host }: { readonly telegram: CarefulTelegram; readonly host: ChatHost },
): Promise<void> {
  const [old, id] = [String(chat.id), String(to)];
  telegram.moved(old, id);
  return host.moved({ platform: 'telegram', id: old }, { platform: 'telegram', id });
}
