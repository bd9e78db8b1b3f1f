import { type ButtonInteraction, MessageFlags, type ModalSubmitInteraction } from 'discord.js';
import type { ChatHost, MemberReport } from '../../chat/host.js';
import type { SizedPicture } from '../../chat/picture.js';
import type { Translate } from '../../language/texts.js';
import type { ButtonForAll } from '../buttons.js';
import { fetchCapped, type FetchRules } from '../capped.js';
import { memberOf } from './command-request.js';
import { NUMBER_FIELD, reportForm } from './forms.js';

export interface ReportParts {
  readonly host: ChatHost;
  readonly fetchRules: FetchRules;
  readonly t: Translate;
}

/** Reports portraits that everyone in a channel sees, or asks which entry of an event is meant. */
export async function pressReport(interaction: ButtonInteraction, pressed: ButtonForAll, parts: ReportParts) {
  const { owner, action } = pressed;
  const { message } = interaction;
  if (action === 'report-entry') return interaction.showModal(reportForm(interaction.customId, parts.t));
  const show = async () => ({ pictures: await readPictures(interaction, parts.fetchRules) });
  return tell(interaction, { id: message.id, owner, named: `<@${owner}>`, show }, parts);
}

/** Reports the entry whose number was written into the form. */
export async function submitReport(interaction: ModalSubmitInteraction, parts: ReportParts): Promise<void> {
  const written = interaction.fields.getTextInputValue(NUMBER_FIELD).trim();
  return tell(interaction, /^\d{1,9}$/.test(written) ? Number(written) : 0, parts);
}

/** Tells the host what is reported, and the reporter alone what became of it. */
async function tell(
  interaction: ButtonInteraction | ModalSubmitInteraction,
  what: MemberReport['what'],
  { host, t }: ReportParts,
): Promise<void> {
  await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  const server = interaction.guildId ?? '';
  const content = await host.report({ reporter: memberOf(interaction), locale: t.locale, server, what });
  await interaction.editReply({ content, allowedMentions: { parse: [] } });
}

/** The pictures of the message that a button was pressed on. */
export async function readPictures({ message }: ButtonInteraction, rules: FetchRules): Promise<SizedPicture[]> {
  const read = [...message.attachments.values()].map(async ({ url, name, contentType, description }) => ({
    name,
    type: contentType === 'image/png' ? ('image/png' as const) : ('image/jpeg' as const),
    bytes: await fetchCapped(url, rules),
    description: description ?? '',
  }));
  return Promise.all(read);
}
