import { PermissionFlagsBits, PermissionsBitField } from 'discord.js';

/**
 * What the bot needs in a server: to answer in a channel, or in its thread, an album that outlived the interaction. All
 * else it does within interactions, which need no permission.
 */
export const NEEDED_PERMISSIONS = new PermissionsBitField([
  PermissionFlagsBits.ViewChannel,
  PermissionFlagsBits.SendMessages,
  PermissionFlagsBits.SendMessagesInThreads,
  PermissionFlagsBits.EmbedLinks,
  PermissionFlagsBits.AttachFiles,
]);

/** Where a server's manager adds the bot, with these permissions. */
export function inviteLink(application: string): string {
  const scope = 'bot+applications.commands';
  return `https://discord.com/oauth2/authorize?client_id=${application}&scope=${scope}&permissions=${NEEDED_PERMISSIONS.bitfield}`;
}
