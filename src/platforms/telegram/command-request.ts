import type { Invocation, OptionValues, Standing } from '../../chat/invocation.js';
import { languageOf } from '../../language/texts.js';
import { memberAt, type TelegramAddress, toReplyAddress } from './address.js';
import { type DownloadOptions, type SentPhoto, toAttachment } from './photos.js';

/** What a member wants, in Telegram's terms. */
export interface CommandRequest {
  readonly key: string;
  readonly address: TelegramAddress;
  readonly group: boolean;
  /** The group it is meant for, where it was said to the bot alone. */
  readonly server?: string;
  readonly command: string;
  readonly options: OptionValues;
  readonly photos: readonly SentPhoto[];
}

/** Turns a request into the invocation it means. */
export function toInvocation(
  { key, address, group, server, command, options, photos }: CommandRequest,
  download: DownloadOptions,
): Invocation {
  const { chat, user } = address;
  const place = server ?? (group ? chat : undefined);
  const locale = languageOf(address.locale);
  return {
    key,
    member: memberAt(address),
    place: place === undefined ? { kind: 'direct', id: chat } : { kind: 'group', id: place, server: place },
    standing: standingAt(place, { user, telegram: download.telegram }),
    ...(locale !== undefined && { locale }),
    command,
    options,
    attachments: photos.map((photo) => toAttachment(photo, download)),
    address: toReplyAddress(address),
  };
}

/** Telegram has no roles; who administers a group it says when asked. Its ids have 52 bits, which a number holds. */
function standingAt(
  group: string | undefined,
  { user, telegram }: { readonly user: string; readonly telegram: DownloadOptions['telegram'] },
): Standing {
  return {
    async mayAdminister() {
      if (group === undefined) return false;
      const { status } = await telegram.getChatMember(group, Number(user));
      return status === 'creator' || status === 'administrator';
    },
  };
}
