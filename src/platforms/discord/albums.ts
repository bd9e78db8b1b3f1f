import type { CommandDefinition } from '../../chat/command-definition.js';
import type { Presets } from '../../chat/presets.js';
import type { AlbumMessage } from '../../chat/reply.js';
import type { Translate } from '../../language/texts.js';
import { fitOneMessage } from '../../media/size-ladder.js';
import type { Buttons } from '../buttons.js';
import { DEFAULT_FILE_LIMIT, type DiscordAddress } from './address.js';
import type { AlbumState, Ledger } from './ledger.js';
import {
  albumMessage,
  button,
  colouredMessage,
  type DiscordMessage,
  nonceOf,
  reportButton,
  row,
  type SignButton,
  textMessage,
} from './messages.js';
import { pictureMenu } from './one-picture.js';
import { isTooLarge, type Sender } from './sender.js';

/** Bytes of all files of one message; a request holds a little more, and 25 MiB at most. */
export const MAX_MESSAGE_BYTES = 24 * 1024 * 1024;
/** Smaller than this no album is made, whatever Discord says. */
const SMALLEST_LIMIT = 64 * 1024;

export interface AlbumParts {
  readonly sender: Sender;
  readonly ledger: Ledger;
  readonly t: Translate;
  readonly sign: SignButton;
  readonly buttons: Buttons;
  /** The command albums come from. */
  readonly command: CommandDefinition;
  readonly presets: Presets;
  /** Puts a message where the member asked, while that can be; false otherwise. */
  readonly answer: (message: DiscordMessage) => Promise<boolean>;
}

/**
 * Sends an album once. Discord recognises a message that is sent twice for minutes only, so it is recorded before and
 * after: after a crash only what changes nothing is done again, and where nobody knows, the member is told so.
 */
export async function sendAlbumOnce(album: AlbumMessage, address: DiscordAddress, parts: AlbumParts): Promise<void> {
  const { ledger } = parts;
  const known = await ledger.album(album.jobId);
  if (known) return sendAgain(known, { album, address, parts });
  await ledger.keepAlbum(album.jobId, 'sending');
  await ledger.keepAlbum(album.jobId, await sendAlbum({ album, address, parts }));
}

interface Sending {
  readonly album: AlbumMessage;
  readonly address: DiscordAddress;
  readonly parts: AlbumParts;
}

/**
 * Sends an album where its member asked. Once that is not possible any more, or pictures are not allowed there, it goes
 * into their direct messages; where those are closed, they are called to fetch it by a press.
 */
async function sendAlbum(sending: Sending): Promise<AlbumState> {
  const { album, address, parts } = sending;
  const { sender, t, answer } = parts;
  const nonce = nonceOf(album.jobId);
  if (await fit(address.limit, answer, sending)) return 'shown';
  const send = (message: DiscordMessage): Promise<boolean> => sender.direct(address, message, nonce);
  const arrived = await fit(DEFAULT_FILE_LIMIT, send, sending);
  if (sender.alive(address))
    await answer(arrived ? textMessage(t('discord.sent-direct')) : callOwner('may-not-attach', sending));
  else if (!arrived && address.guild !== '') await sender.channel(address, callOwner('direct-closed', sending), nonce);
  return arrived ? 'direct' : 'called';
}

/** What was shown is shown again, as a restart has put a status in its place; nothing else is sent a second time. */
async function sendAgain(known: AlbumState, sending: Sending): Promise<void> {
  const { album, address, parts } = sending;
  const { sender, ledger, t } = parts;
  const edit = (message: DiscordMessage): Promise<boolean> => sender.edit(address, message);
  if (known === 'direct') return void (await edit(textMessage(t('discord.sent-direct'))));
  if (known === 'called') return void (await edit(callOwner('may-not-attach', sending)));
  const shown = await fit(address.limit, edit, sending);
  if (known === 'sending' && !shown) {
    const unknown = colouredMessage('end', t('errors.delivery-unknown'));
    await sender.direct(address, unknown, nonceOf(`${album.jobId} unknown`));
  }
  await ledger.keepAlbum(album.jobId, 'shown');
}

/** Sends an album's pictures as large as the limit, or Discord itself, lets them be. */
async function fit(
  limit: number,
  send: (message: DiscordMessage) => Promise<boolean>,
  sending: Sending,
): Promise<boolean> {
  const { album, address, parts } = sending;
  const publishable = address.shared && address.message === '';
  const seen = address.guild !== '' && address.message !== '';
  const context = {
    ...parts,
    menu: pictureMenu(album, parts),
    publishable,
    interaction: address.interaction,
    ...(seen && { report: reportButton(address.user, parts.buttons, parts.t) }),
  };
  const pictures = await fitOneMessage(album.pictures, { fileBytes: limit, messageBytes: MAX_MESSAGE_BYTES });
  try {
    return await send(albumMessage(album, pictures, context));
  } catch (error) {
    const smaller = limit / 2;
    if (!isTooLarge(error) || smaller < SMALLEST_LIMIT) throw error;
    return fit(smaller, send, sending);
  }
}

/** Tells the owner, where they asked, that the album waits for their press: nobody else can press. */
function callOwner(
  why: 'may-not-attach' | 'direct-closed',
  { album: { jobId }, address: { user }, parts: { t, sign } }: Sending,
): DiscordMessage {
  return {
    body: {
      content: t(`discord.${why}`, { member: `<@${user}>` }),
      components: row([button(t('discord.files'), sign('files', jobId))]),
      allowed_mentions: { users: [user] },
    },
    files: [],
  };
}
