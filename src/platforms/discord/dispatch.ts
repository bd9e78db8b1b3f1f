import {
  type AutocompleteInteraction,
  type Interaction,
  type MessageContextMenuCommandInteraction,
  MessageFlags,
} from 'discord.js';
import type { Presets } from '../../../commands/presets.js';
import { translator } from '../../texts.js';
import { press, type PressParts, submitForm } from './presses.js';
import { readMenu, readSlash, toInvocation, type Wish } from './wishes.js';

/** How many completions Discord shows. */
const MAX_CHOICES = 25;

export interface DispatchParts extends PressParts {
  readonly presets: Presets;
}

/** Takes one interaction: it is acknowledged first, and only then is the host told what the member wants. */
export async function dispatch(interaction: Interaction, parts: DispatchParts): Promise<void> {
  if (interaction.isAutocomplete()) return complete(interaction, parts);
  if (interaction.isButton()) return press(interaction, parts);
  if (interaction.isModalSubmit()) return submitForm(interaction, parts);
  if (interaction.isMessageContextMenuCommand()) return takeMenu(interaction, parts);
  if (!interaction.isChatInputCommand()) return;
  await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  await tell(interaction, readSlash(interaction, parts), parts);
}

/** "Make portraits" on a message takes the presser's own photos, never somebody else's. */
async function takeMenu(interaction: MessageContextMenuCommandInteraction, parts: DispatchParts): Promise<void> {
  await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  if (interaction.targetMessage.author.id !== interaction.user.id) {
    await interaction.editReply(translator(interaction.locale)('discord.not-own-photo'));
    return;
  }
  await tell(interaction, readMenu(interaction, parts), parts);
}

/** The wish is remembered a while, so that it need not be said again after consent. */
async function tell(
  interaction: Parameters<typeof toInvocation>[0],
  wish: Wish,
  { host, pending }: DispatchParts,
): Promise<void> {
  pending.keep(interaction.id, interaction.user.id, wish);
  await host.invoke(toInvocation(interaction, wish));
}

async function complete(interaction: AutocompleteInteraction, { commands, presets }: DispatchParts): Promise<void> {
  const { name, value } = interaction.options.getFocused(true);
  const command = commands.find((candidate) => candidate.name === interaction.commandName);
  const option = command?.options.find((candidate) => candidate.name === name);
  const wanted = value.trim().toLowerCase();
  const found = option?.type === 'preset' ? presets[option.from] : [];
  const matching = found.filter((preset) => `${preset.name} ${preset.words}`.toLowerCase().includes(wanted));
  await interaction.respond(
    matching.slice(0, MAX_CHOICES).map((preset) => ({ name: preset.name, value: preset.name })),
  );
}
