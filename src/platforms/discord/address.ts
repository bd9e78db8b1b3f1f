import { type BaseInteraction, InteractionContextType, PermissionFlagsBits } from 'discord.js';
import type { ReplyAddress } from '../../chat/member.js';

/** Milliseconds for which an interaction's token is trusted: it lives 15 minutes, and an answer takes its time to go out. */
export const TOKEN_LIFE = 14 * 60_000;
/** Bytes of one file where nothing else is known. */
export const DEFAULT_FILE_LIMIT = 10 * 1024 * 1024;

/** Where an interaction is answered, and where else once its token is too old. */
export interface DiscordAddress {
  readonly application: string;
  readonly interaction: string;
  readonly token: string;
  /** Milliseconds since 1970, by this machine's clock, at which the token came. */
  readonly created: number;
  readonly user: string;
  readonly channel: string;
  /** Empty outside servers. */
  readonly guild: string;
  /** Whether others are in the conversation: an album can be published there. */
  readonly shared: boolean;
  /** The answer everyone sees, which the bot's own token can edit as well; empty where the member alone sees it. */
  readonly message: string;
  /** Whether the bot may show files there. */
  readonly attach: boolean;
  /** Bytes one file may have there. */
  readonly limit: number;
  readonly locale: string;
}

/** How an interaction came and was begun to be answered. */
export interface BegunInteraction {
  /** When it came, by this machine's clock: the time in its id is by Discord's, and the two may be minutes apart. */
  readonly received: number;
  /** The message everyone sees that it was answered with, or empty. */
  readonly answer: string;
}

/** The address of whoever caused the interaction. */
export function addressOf(interaction: BaseInteraction, { received, answer }: BegunInteraction): ReplyAddress {
  return {
    application: interaction.applicationId,
    interaction: interaction.id,
    token: interaction.token,
    created: String(received),
    user: interaction.user.id,
    channel: interaction.channelId ?? '',
    guild: interaction.guildId ?? '',
    shared: isShared(interaction) ? 'yes' : 'no',
    message: answer,
    attach: interaction.appPermissions.has(PermissionFlagsBits.AttachFiles) ? 'yes' : 'no',
    limit: String(interaction.attachmentSizeLimit),
    locale: interaction.locale,
  };
}

/** Whether the conversation has others in it than the member and the bot. */
export function isShared({ context, guildId }: BaseInteraction): boolean {
  return guildId !== null || context === InteractionContextType.PrivateChannel;
}

/** Reads an address this adapter made; parts that are missing are empty, and its token then counts as expired. */
export function readAddress(address: ReplyAddress): DiscordAddress {
  const part = (name: keyof DiscordAddress): string => address[name] ?? '';
  const created = Number(part('created'));
  const limit = Number(part('limit'));
  return {
    application: part('application'),
    interaction: part('interaction'),
    token: part('token'),
    created: Number.isFinite(created) ? created : 0,
    user: part('user'),
    channel: part('channel'),
    guild: part('guild'),
    shared: part('shared') === 'yes',
    message: part('message'),
    attach: part('attach') !== 'no',
    limit: limit > 0 ? limit : DEFAULT_FILE_LIMIT,
    locale: part('locale'),
  };
}
