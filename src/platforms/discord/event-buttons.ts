import type { ButtonInteraction, ModalSubmitInteraction } from 'discord.js';
import { parseLine } from '../../chat/parse.js';
import type { Translate } from '../../language/texts.js';
import type { ButtonForAll } from '../buttons.js';
import { acknowledgeRequest, type AcknowledgeParts } from './acknowledge.js';
import { memberOf, readUploads } from './command-request.js';
import { joinForm, NAME_FIELD } from './forms.js';

type JoinParts = AcknowledgeParts & { readonly t: Translate };

/** Takes part in the event here: a form says what is agreed to, and asks for a photo. Answers why not, where it cannot be. */
export async function pressJoin(interaction: ButtonInteraction, parts: JoinParts): Promise<string | undefined> {
  const server = { platform: 'discord', id: interaction.guildId ?? '' } as const;
  const { host, t } = parts;
  const event = await host.event({ member: memberOf(interaction), server, locale: t.locale });
  if ('refusal' in event) return event.refusal;
  await interaction.showModal(joinForm(interaction.customId, event.title, t));
  return undefined;
}

/** Enters: what the form said is both what taking part and what a first portrait ask for. */
export async function submitJoin(
  interaction: ModalSubmitInteraction,
  { subject }: ButtonForAll,
  parts: JoinParts,
): Promise<void> {
  await parts.host.consent(memberOf(interaction));
  const { command, options } = parseLine(subject, parts.commands, parts.defaultCommand.name);
  const name = interaction.fields.getTextInputValue(NAME_FIELD).trim();
  const request = { command, options: { ...options, ...(name !== '' && { name }) } };
  await acknowledgeRequest(interaction, { ...request, attachments: readUploads(interaction, parts) }, parts);
}
