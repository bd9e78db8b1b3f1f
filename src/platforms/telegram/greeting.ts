import type { ChatMemberUpdated } from 'telegraf/types';
import { memberAt, type TelegramAddress } from './address.js';
import type { PictureBook } from './picture-book.js';
import type { ReplyParts } from './reply.js';

/** Styles that a greeting shows. */
const SHOWN = 10;

interface GreetingParts extends Pick<ReplyParts, 'sender' | 'pace' | 'keyboards' | 'textsFor'> {
  readonly book: PictureBook;
  /** The bot's own user name. */
  readonly username: string;
}

/** Says hello: to one person what to send, to a group how to ask there, under a picture of what comes of it. */
export async function greet(to: TelegramAddress, group: boolean, parts: GreetingParts): Promise<void> {
  const { sender, pace, keyboards, textsFor, book, username } = parts;
  const owner = memberAt(to);
  const t = await textsFor(owner, to.locale);
  const picture = await book.sheet('styles', t, SHOWN);
  const sentence = group ? t('telegram.welcome-group', { command: `/portrait@${username}` }) : t('telegram.welcome');
  const keyboard = group
    ? keyboards.link(t('telegram.write-me'), `https://t.me/${username}?start=hello`)
    : keyboards.lines([{ label: t('telegram.see-styles'), line: '/styles' }], owner);
  const text = picture ? `${sentence}\n\n${t('commands.styles.samples')}` : sentence;
  await pace.take({ chat: to.chat }, async () => {
    if (!picture) return void (await sender.text(to, { text, keyboard }));
    book.keep(picture, await sender.picture(to, { picture, text, keyboard }));
  });
}

/** Where a group is greeted that added the bot; undefined where it did something else. */
export function addedAt(update: ChatMemberUpdated): TelegramAddress | undefined {
  const { chat, from, old_chat_member: before, new_chat_member: now } = update;
  const isIn = (status: string): boolean => status === 'member' || status === 'administrator';
  const added = (chat.type === 'group' || chat.type === 'supergroup') && !isIn(before.status) && isIn(now.status);
  if (!added) return undefined;
  const place = { chat: String(chat.id), message: '', photo: '', thread: '', files: '' };
  return { ...place, user: String(from.id), locale: from.language_code ?? '' };
}
