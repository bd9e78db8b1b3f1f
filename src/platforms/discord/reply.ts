import type { Command } from '../../../commands/command.js';
import { type Translate, translator } from '../../texts.js';
import type { Buttons } from '../buttons.js';
import type { AlbumMessage, AlbumPicture, Member, Reply } from '../platform.js';
import type { DiscordAddress } from './address.js';
import type { Keeping } from './keeping.js';
import {
  albumMessage,
  button,
  colouredMessage,
  consentMessage,
  type DiscordMessage,
  nonceOf,
  row,
  type SignButton,
  statusMessage,
  textMessage,
} from './messages.js';
import { isUnreachable, type Sender } from './sender.js';

export interface ReplyParts {
  readonly sender: Sender;
  readonly buttons: Buttons;
  /** The command albums come from. */
  readonly albumCommand: Command;
  /** Albums of the last minutes, for As files. */
  readonly albums: Keeping<readonly AlbumPicture[]>;
  /** Where something can still be seen, and deleted when its member wants to be forgotten. */
  readonly shown: Keeping<DiscordAddress>;
  /** Hears of answers that reached nobody. */
  readonly onUnreachable: (error: unknown, address: DiscordAddress) => void;
}

/** Answers one interaction: by its own token while that lives, then by the bot's, to the member alone. */
export function createDiscordReply(address: DiscordAddress, parts: ReplyParts): Reply {
  const { sender, buttons, albumCommand, albums, shown } = parts;
  const t: Translate = translator(address.locale);
  const member: Member = { platform: 'discord', id: address.user };
  const sign: SignButton = (action, subject) => buttons.sign({ action, subject }, member);

  const reach = async (send: () => Promise<unknown>): Promise<void> => {
    if (!isId(address.user)) return parts.onUnreachable(new TypeError('not an address of Discord'), address);
    try {
      await send();
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      parts.onUnreachable(error, address);
    }
  };
  const byInteraction = async (message: DiscordMessage): Promise<boolean> => {
    if (!(await sender.answer(address, message))) return false;
    shown.keep(address.interaction, address.user, address);
    return true;
  };
  const answer = (message: DiscordMessage, nonce?: string): Promise<void> =>
    reach(async () => (await byInteraction(message)) || (await sender.direct(address, message, nonce)));

  const albumLate = async (album: AlbumMessage, message: DiscordMessage): Promise<void> => {
    const nonce = nonceOf(album.jobId);
    if ((await sender.direct(address, message, nonce)) || address.guild === '') return;
    await sender.channel(address, callOwner(address, album.jobId, { t, sign }), nonce);
  };
  return {
    // The adapter has deferred the interaction before it told the host of it.
    acknowledge: async () => undefined,
    say: (text) => answer(textMessage(text)),
    refuse: (text) => answer(colouredMessage('refusal', text)),
    askConsent: (text) => answer(consentMessage(text, t, sign('consent', address.interaction))),
    status: (view) =>
      reach(async () => {
        const edited = await sender.edit(address, statusMessage(view, t, sign));
        if (edited) shown.keep(address.interaction, address.user, address);
      }),
    album: (album) =>
      reach(async () => {
        albums.keep(album.jobId, address.user, copyPictures(album.pictures));
        const message = albumMessage(album, { t, sign, command: albumCommand, publishable: address.shared });
        if (!(await byInteraction(message))) await albumLate(album, message);
      }),
    conclude: (jobId, text) => answer(colouredMessage('end', text), nonceOf(jobId)),
  };
}

/** Copies of the adapter's own, which it may wipe. */
function copyPictures(pictures: readonly AlbumPicture[]): AlbumPicture[] {
  return pictures.map((picture) => ({
    ...picture,
    preview: Uint8Array.from(picture.preview),
    file: Uint8Array.from(picture.file),
  }));
}

/** Tells the owner, where they asked, that the album waits for their press: nobody else can press. */
function callOwner(
  { user }: DiscordAddress,
  jobId: string,
  { t, sign }: { readonly t: Translate; readonly sign: SignButton },
): DiscordMessage {
  return {
    body: {
      content: t('discord.direct-closed', { member: `<@${user}>` }),
      components: row([button(t('discord.files'), sign('files', jobId))]),
      allowed_mentions: { users: [user] },
    },
    files: [],
  };
}

/** Whether this is an id as Discord makes them. */
function isId(text: string): boolean {
  return /^\d{15,21}$/.test(text);
}
