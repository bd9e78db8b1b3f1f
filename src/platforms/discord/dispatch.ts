import {
  type AutocompleteInteraction,
  type Interaction,
  type MessageContextMenuCommandInteraction,
  MessageFlags,
} from 'discord.js';
import { nameIn } from '../../chat/presets.js';
import { memberOf, readMenu, readSlash } from './command-request.js';
import { pick, press, type PressParts, submitForm, takeRequest } from './presses.js';

/** How many completions Discord shows. */
const MAX_CHOICES = 25;

/** Takes one interaction: it is acknowledged first, and only then is the host told what the member wants. */
export async function dispatch(interaction: Interaction, parts: PressParts): Promise<void> {
  if (interaction.isAutocomplete()) return complete(interaction, parts);
  if (interaction.isButton()) return press(interaction, parts);
  if (interaction.isStringSelectMenu()) return pick(interaction, parts);
  if (interaction.isModalSubmit()) return submitForm(interaction, parts);
  if (interaction.isMessageContextMenuCommand()) return takeMenu(interaction, parts);
  if (interaction.isChatInputCommand()) return takeRequest(interaction, readSlash(interaction, parts), parts);
}

/** "Make portraits" on a message takes the presser's own photos, never somebody else's. */
async function takeMenu(interaction: MessageContextMenuCommandInteraction, parts: PressParts): Promise<void> {
  const { targetMessage, user, locale } = interaction;
  const t = await parts.textsFor(memberOf(interaction), locale);
  if (targetMessage.author.id !== user.id) {
    await interaction.reply({ content: t('discord.not-own-photo'), flags: MessageFlags.Ephemeral });
    return;
  }
  await takeRequest(interaction, readMenu(interaction, parts), parts);
}

async function complete(interaction: AutocompleteInteraction, parts: PressParts): Promise<void> {
  const { commands, presets } = parts;
  const { locale } = await parts.textsFor(memberOf(interaction), interaction.locale);
  const { name, value } = interaction.options.getFocused(true);
  const command = commands.find((candidate) => candidate.name === interaction.commandName);
  const option = command?.options.find((candidate) => candidate.name === name);
  const wanted = value.trim().toLowerCase();
  const found = option?.type === 'preset' ? presets[option.from] : [];
  const matching = found.filter((preset) =>
    [preset.name, preset.words, nameIn(locale, preset)].join(' ').toLowerCase().includes(wanted),
  );
  await interaction.respond(
    matching.slice(0, MAX_CHOICES).map((preset) => ({ name: nameIn(locale, preset), value: preset.name })),
  );
}
