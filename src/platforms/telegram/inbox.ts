import type { Message, Update } from 'telegraf/types';
import type { Command } from '../../../commands/command.js';
import type { Presets } from '../../../commands/presets.js';
import { translator } from '../../texts.js';
import type { Buttons } from '../buttons.js';
import type { ChatHost } from '../platform.js';
import { memberAt, type TelegramAddress } from './address.js';
import type { CarefulTelegram } from './client.js';
import { createGatherer } from './gather.js';
import { type DownloadOptions, photoOf, type SentPhoto } from './photos.js';
import { NOTHING_CHOSEN, renderPicker } from './picker.js';
import { createPresses } from './presses.js';
import { Recent } from './recent.js';
import { createReply, type ReplyParts } from './reply.js';
import { hear, type Hearing, toInvocation, type Wish } from './wish.js';

/** Milliseconds without another message after which an album of photos is whole. */
const ALBUM_PAUSE = 800;
/** Updates, albums and unanswered questions remembered. */
const REMEMBERED = 2000;

export interface InboxOptions extends ReplyParts {
  readonly host: ChatHost;
  readonly telegram: CarefulTelegram;
  readonly buttons: Buttons;
  readonly commands: readonly Command[];
  readonly defaultCommand: Command;
  readonly presets: Presets;
  /** The bot's own user name. */
  readonly username: string;
  readonly maxPhotoBytes: number;
  readonly albumPause?: number;
  readonly onError: (error: unknown) => void;
}

/** Takes what Telegram tells of members. */
export interface Inbox {
  /** Begins what an update asks for and does not wait for it. An update that comes again is taken once. */
  take(update: Update): void;
  /** Forgets photos and questions of a member. */
  forget(user: string): void;
  /** Hands on albums that were not whole yet. */
  close(): void;
}

export function createInbox(options: InboxOptions): Inbox {
  const { host, telegram, onError, maxPhotoBytes, albumPause: pause = ALBUM_PAUSE } = options;
  const download: DownloadOptions = { telegram, maxBytes: maxPhotoBytes };
  const seen = new Recent<true>(REMEMBERED);
  const albums = new Recent<readonly SentPhoto[]>(REMEMBERED);
  const waiting = new Recent<Wish>(REMEMBERED);
  const hearing: Hearing = { ...options, fallback: options.defaultCommand.name, album: (group) => albums.get(group) };

  const begin = (work: Promise<unknown> | undefined): void => void work?.catch(onError);
  const invoke = (wish: Wish): Promise<void> => {
    // Should consent be missing, it is asked for in answer to this message; the wish is then known by it.
    waiting.set(placeOf(wish.address), wish);
    return host.invoke(toInvocation(wish, download));
  };
  const takeMessages = (messages: readonly Message[]): Promise<void> | undefined => {
    const heard = hear(messages, hearing);
    if (!heard) return undefined;
    if (heard.kind === 'wish') return invoke(heard.wish);
    if (heard.kind === 'choose') return offerChoice(heard.wish, options);
    const { address } = heard.wish;
    return createReply(address, options).refuse(translator(address.locale)('telegram.not-own-photo'));
  };
  const gatherer = createGatherer({
    pause,
    onAlbum: (_, messages) => begin(takeMessages(messages)),
  });
  /** A photo of an album is known at once: words may answer it before the album is whole. */
  const takePart = (group: string, message: Message): void => {
    const photo = photoOf(message);
    if (photo) albums.set(group, [...(albums.get(group) ?? []), photo]);
    gatherer.add(group, message);
  };
  const press = createPresses({
    ...options,
    hearing,
    invoke,
    takeWaiting(address) {
      const wish = waiting.get(placeOf(address));
      waiting.delete(placeOf(address));
      return wish;
    },
  });
  const takeMessage = (message: Message): void => {
    if ('migrate_to_chat_id' in message) telegram.moved(String(message.chat.id), String(message.migrate_to_chat_id));
    else if ('media_group_id' in message && message.media_group_id !== undefined)
      takePart(message.media_group_id, message);
    else begin(takeMessages([message]));
  };
  return {
    take(update) {
      const id = String(update.update_id);
      if (seen.has(id)) return;
      seen.set(id, true);
      if ('message' in update) takeMessage(update.message);
      else if ('callback_query' in update) begin(press(update.callback_query));
    },
    forget(user) {
      albums.deleteWhere((photos) => photos.some(({ owner }) => owner === user));
      waiting.deleteWhere(({ address }) => address.user === user);
    },
    close: () => gatherer.flush(),
  };
}

function placeOf({ chat, message, user }: TelegramAddress): string {
  return `${chat}/${message}/${user}`;
}

/** Asks, by buttons, what to make of a photo without words. */
async function offerChoice({ address }: Wish, { presets, keyboards, pace, sender }: InboxOptions): Promise<void> {
  const t = translator(address.locale);
  const view = renderPicker(NOTHING_CHOSEN, { presets, keyboards, owner: memberAt(address), t });
  await pace.take({ chat: address.chat }, () => sender.text(address, { ...view, answers: address.photo }));
}
