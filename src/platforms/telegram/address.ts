import type { Message } from 'telegraf/types';
import type { Member, ReplyAddress } from '../../chat/member.js';

/** Where in Telegram an answer goes. Ids are decimal text. */
export interface TelegramAddress {
  readonly chat: string;
  /** The member's message that is answered. */
  readonly message: string;
  /** The message with the photo, which the album's buttons refer to. */
  readonly photo: string;
  readonly user: string;
  /** The language Telegram tells of the member, else empty. */
  readonly locale: string;
  /** Topic of a forum, else empty. */
  readonly thread: string;
  /** `yes` when the album is wanted as files in full quality. */
  readonly files: string;
}

/** An address as it is kept with a job. */
export function toReplyAddress(address: TelegramAddress): ReplyAddress {
  return { ...address };
}

/** Reads an address this adapter made; parts that are missing are empty. */
export function readAddress(address: ReplyAddress): TelegramAddress {
  const part = (name: keyof TelegramAddress): string => address[name] ?? '';
  return {
    chat: part('chat'),
    message: part('message'),
    photo: part('photo'),
    user: part('user'),
    locale: part('locale'),
    thread: part('thread'),
    files: part('files'),
  };
}

/** The member behind an address. */
export function memberAt({ user }: Pick<TelegramAddress, 'user'>): Member {
  return { platform: 'telegram', id: user };
}

/** Where an answer goes whose place is closed: the chat without its topic, then its member's private chat. */
export function placesOf(to: TelegramAddress): readonly TelegramAddress[] {
  const whole = { ...to, thread: '' };
  const alone = { ...whole, chat: to.user, message: '', photo: '' };
  return [to, ...(to.thread === '' ? [] : [whole]), ...(to.chat === to.user ? [] : [alone])];
}

/** The topic of a forum a message is in, else empty. */
export function topicOf(message: Message): string {
  const { is_topic_message: inTopic = false, message_thread_id: thread } = message;
  return inTopic && thread !== undefined ? String(thread) : '';
}

/** The API wants the ids of messages as numbers; they stay below 2^31. Anything else becomes 0, which no message has. */
export function toMessageNumber(id: string): number {
  return /^\d{1,10}$/.test(id) ? Number(id) : 0;
}
