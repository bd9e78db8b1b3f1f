import type { APIButtonComponentWithCustomId } from 'discord.js';
import type { CommandDefinition } from '../../chat/command-definition.js';
import type { Member } from '../../chat/member.js';
import type { Presets } from '../../chat/presets.js';
import type { LineButton, Reply } from '../../chat/reply.js';
import type { Translate } from '../../language/texts.js';
import { compact } from '../../media/picture-file.js';
import { type AlbumMemory, copyPictures } from '../album-memory.js';
import type { BotOptions } from '../bot-options.js';
import type { Buttons } from '../buttons.js';
import type { ExpiringMap } from '../expiring-map.js';
import type { DiscordAddress } from './address.js';
import type { LinkCommands } from './command-links.js';
import { sendAlbumOnce } from './albums.js';
import type { Ledger } from './ledger.js';
import {
  button,
  colouredMessage,
  consentMessage,
  type DiscordMessage,
  endMessage,
  lineButton,
  nonceOf,
  picturesMessage,
  pointsMessage,
  type SignButton,
  statusMessage,
  textMessage,
} from './messages.js';
import { isUnreachable, type Sender } from './sender.js';

export interface ReplyParts extends Pick<BotOptions, 'textsFor'> {
  readonly sender: Sender;
  readonly ledger: Ledger;
  readonly buttons: Buttons;
  readonly linkCommands: LinkCommands;
  /** The command albums come from. */
  readonly albumCommand: CommandDefinition;
  readonly presets: Presets;
  /** Albums of the last minutes, for what is done with their pictures. */
  readonly albums: AlbumMemory;
  /** Where something can still be seen, and deleted when its member wants to be forgotten. */
  readonly shown: ExpiringMap<DiscordAddress>;
  /** Called when an answer reached nobody. */
  readonly onUnreachable: (error: unknown, address: DiscordAddress) => void;
}

/**
 * Answers one interaction: by its own token while that lives, then by the bot's. Words are for the member alone; status and
 * album are so too, unless everyone was to see them.
 */
export function createDiscordReply(address: DiscordAddress, parts: ReplyParts): Reply {
  const { sender, ledger, buttons, linkCommands: link, albumCommand: command, presets, albums, shown } = parts;
  const member: Member = { platform: 'discord', id: address.user };
  const texts = (): Promise<Translate> => parts.textsFor(member, address.locale);
  const sign: SignButton = (action, subject) => buttons.sign({ action, subject }, member);

  const buttonsFor = (lines: readonly LineButton[] = []): APIButtonComponentWithCustomId[] =>
    lines.map((line) => lineButton(line, sign));

  const reach = async (send: () => Promise<unknown>): Promise<void> => {
    if (!isId(address.user)) return parts.onUnreachable(new TypeError('not an address of Discord'), address);
    try {
      await send();
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      parts.onUnreachable(error, address);
    }
  };
  /** What was shown is remembered. */
  const noted = async (showing: Promise<boolean>): Promise<boolean> => {
    const done = await showing;
    if (done) shown.set(address.interaction, address.user, address);
    return done;
  };
  const alone = (message: DiscordMessage): Promise<boolean> => {
    const seen = address.shared && address.message !== '';
    return noted(seen ? sender.whisper(address, message) : sender.answer(address, message));
  };
  const answer = (draw: (t: Translate) => DiscordMessage, nonce?: string): Promise<void> =>
    reach(async () => {
      const message = draw(await texts());
      if (!(await alone(message))) await sender.direct(address, message, nonce);
    });
  return {
    whispers: true,
    // The adapter has deferred the interaction before it told the host of it.
    acknowledge: async () => undefined,
    say: (text, lines) => answer(() => textMessage(link(text), buttonsFor(lines))),
    list: (points, lines) => {
      const linked = points.map(({ head, text }) => ({ head, text: link(text) }));
      return answer(() => pointsMessage(linked, buttonsFor(lines)));
    },
    show: (text, pictures, lines) => answer(() => picturesMessage(link(text), pictures, buttonsFor(lines))),
    refuse: (text) => answer(() => colouredMessage('refusal', link(text))),
    askConsent: (text) => answer((t) => consentMessage(link(text), t, sign('consent', address.interaction))),
    canDeliver: async () => address.attach || canDirect(address, await texts(), sender),
    status: (view) => reach(async () => noted(sender.edit(address, statusMessage(view, await texts(), sign)))),
    album: (album) =>
      reach(async () => {
        const kept = copyPictures(album.pictures);
        albums.set(album.jobId, address.user, kept);
        const show = (message: DiscordMessage): Promise<boolean> => noted(sender.answer(address, message));
        const linked = { ...album, notes: album.notes.map(link) };
        await sendAlbumOnce(linked, address, {
          sender,
          ledger,
          sign,
          buttons,
          command,
          presets,
          answer: show,
          t: await texts(),
        });
        compact(kept);
      }),
    conclude: (jobId, text, offer) =>
      answer((t) => {
        if (!offer) return colouredMessage('end', link(text));
        const offered = button(t(`discord.${offer.action}`), sign(offer.action, address.interaction));
        return endMessage(link(text), { offer, command, button: offered });
      }, nonceOf(jobId)),
  };
}

/** Discord says of nobody that their direct messages are closed, but refuses the first one: it tells what will come. */
async function canDirect(address: DiscordAddress, t: Translate, sender: Sender): Promise<boolean> {
  try {
    return await sender.direct(
      address,
      textMessage(t('discord.comes-direct')),
      nonceOf(`${address.interaction} comes`),
    );
  } catch (error) {
    if (isUnreachable(error)) return false;
    throw error;
  }
}

/** Whether this is an id as Discord makes them. */
function isId(text: string): boolean {
  return /^\d{15,21}$/.test(text);
}
