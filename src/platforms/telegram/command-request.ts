import type { Invocation, OptionValues, Standing } from '../../chat/invocation.js';
import { languageOf } from '../../language/texts.js';
import { memberAt, type TelegramAddress, toReplyAddress } from './address.js';
import { type DownloadOptions, type SentPhoto, toAttachment } from './photos.js';

/** What a member wants, in Telegram's terms. */
export interface CommandRequest {
  readonly key: string;
  readonly address: TelegramAddress;
  readonly group: boolean;
  readonly command: string;
  readonly options: OptionValues;
  readonly photos: readonly SentPhoto[];
}

/** Turns a request into the invocation it means. */
export function toInvocation(
  { key, address, group, command, options, photos }: CommandRequest,
  download: DownloadOptions,
): Invocation {
  const { chat } = address;
  const locale = languageOf(address.locale);
  return {
    key,
    member: memberAt(address),
    place: group ? { kind: 'group', id: chat, server: chat } : { kind: 'direct', id: chat },
    standing: standingAt(address, { group, telegram: download.telegram }),
    ...(locale !== undefined && { locale }),
    command,
    options,
    attachments: photos.map((photo) => toAttachment(photo, download)),
    address: toReplyAddress(address),
  };
}

/** Telegram has no roles; who administers a group it says when asked. Its ids have 52 bits, which a number holds. */
function standingAt(
  { chat, user }: TelegramAddress,
  { group, telegram }: { readonly group: boolean; readonly telegram: DownloadOptions['telegram'] },
): Standing {
  return {
    async mayAdminister() {
      if (!group) return false;
      const { status } = await telegram.getChatMember(chat, Number(user));
      return status === 'creator' || status === 'administrator';
    },
  };
}
