import { type ButtonInteraction, MessageFlags, type ModalSubmitInteraction } from 'discord.js';
import { formatLine, parseLine } from '../../chat/parse.js';
import type { AlbumPicture } from '../../chat/picture.js';
import type { Presets } from '../../chat/presets.js';
import type { Translate } from '../../language/texts.js';
import { fitMessages } from '../../media/size-ladder.js';
import type { BotOptions } from '../bot-options.js';
import type { Button, Buttons } from '../buttons.js';
import { acknowledgeInPlace, invokeHost, acknowledgeRequest, type AcknowledgeParts } from './acknowledge.js';
import { MAX_MESSAGE_BYTES } from './albums.js';
import { memberOf, readAgainForm, readWordsForm } from './command-request.js';
import type { ExpiringMap } from './expiring-map.js';
import { againForm, consentForm } from './forms.js';
import { button, readLine, reportButton } from './messages.js';
import { pressReport, readPictures, submitReport } from './reports.js';

/** Files of one message. */
const MAX_FILES = 10;

export interface PressParts extends AcknowledgeParts, Pick<BotOptions, 'textsFor'> {
  readonly buttons: Buttons;
  readonly presets: Presets;
  readonly albums: ExpiringMap<readonly AlbumPicture[]>;
}

/** Does what a pressed button says, if the presser is who it was made for. */
export async function press(interaction: ButtonInteraction, parts: PressParts): Promise<void> {
  const member = memberOf(interaction);
  const t = await parts.textsFor(member, interaction.locale);
  const open = parts.buttons.openForAll(interaction.customId);
  if (open) return pressReport(interaction, open, { ...parts, t });
  const pressed = parts.buttons.open(interaction.customId, member);
  if (!pressed) return whisper(interaction, t('discord.not-owner'));
  switch (pressed.action) {
    case 'cancel':
      await interaction.deferUpdate();
      return parts.host.cancel(pressed.subject, member);
    case 'consent':
      return interaction.showModal(consentForm(interaction.customId, t));
    case 'more':
      return makeMore(interaction, pressed, { ...parts, t });
    case 'again':
    case 'change':
      return interaction.showModal(againForm(interaction.customId, unseededLine(interaction, parts), t));
    case 'largest':
      return takeOffer(interaction, pressed, { ...parts, t });
    case 'say':
      return say(interaction, pressed, parts);
    case 'publish':
      return publish(interaction, parts, t);
    case 'files':
      return sendFiles(interaction, parts.albums.get(pressed.subject), t);
    case 'delete':
      await interaction.deferUpdate();
      return interaction.deleteReply();
    case 'report':
    case 'report-entry':
      // Only buttons that everyone may press do this.
      return whisper(interaction, t('discord.not-owner'));
  }
}

/** Takes a form that was sent: consent, words for a photo, or an album wanted once more. */
export async function submitForm(interaction: ModalSubmitInteraction, parts: PressParts): Promise<void> {
  const t = await parts.textsFor(memberOf(interaction), interaction.locale);
  if (parts.buttons.openForAll(interaction.customId)) return submitReport(interaction, { ...parts, t });
  const sent = parts.buttons.open(interaction.customId, memberOf(interaction));
  switch (sent?.action) {
    case undefined:
      return whisper(interaction, t('discord.not-owner'));
    case 'consent':
      return agree(interaction, sent, { ...parts, t });
    case 'choose': {
      const photos = parts.pending.take(sent.subject);
      if (!photos) return whisper(interaction, t('discord.photo-gone'));
      return acknowledgeRequest(interaction, readWordsForm(interaction, photos, parts), parts);
    }
    default:
      return acknowledgeRequest(interaction, readAgainForm(interaction, parts), parts);
  }
}

type WithTexts = PressParts & { readonly t: Translate };

/** Notes the consent and goes on with what was asked for. */
async function agree(interaction: ModalSubmitInteraction, { subject }: Button, parts: WithTexts): Promise<void> {
  const request = parts.pending.take(subject);
  const answer = await acknowledgeInPlace(interaction, request, parts);
  await parts.host.consent(memberOf(interaction));
  if (request) return invokeHost(interaction, { request, answer }, parts);
  await interaction.editReply({ content: parts.t('discord.agreed'), embeds: [], components: [] });
}

/** Makes the request that was offered: with the photos, while they are known, else with a form that asks for them. */
async function takeOffer(interaction: ButtonInteraction, { subject }: Button, parts: WithTexts): Promise<void> {
  const line = readLine(interaction.message);
  const known = parts.pending.take(subject);
  if (!known) return interaction.showModal(againForm(interaction.customId, line, parts.t));
  const request = { ...parseLine(line, parts.commands, parts.defaultCommand.name), attachments: known.attachments };
  const answer = await acknowledgeInPlace(interaction, request, parts);
  await invokeHost(interaction, { request, answer }, parts);
}

/** Does what the line of a button says. */
async function say(interaction: ButtonInteraction, { subject }: Button, parts: PressParts): Promise<void> {
  const request = { ...parseLine(subject, parts.commands, parts.defaultCommand.name), attachments: [] };
  await acknowledgeRequest(interaction, request, parts);
}

/** Says something to the presser alone. */
async function whisper(interaction: ButtonInteraction | ModalSubmitInteraction, content: string): Promise<void> {
  await interaction.reply({ content, flags: MessageFlags.Ephemeral, allowedMentions: { parse: [] } });
}

/** Makes another album of the same words: with the photos, while they are known, else with a form that asks for them. */
async function makeMore(interaction: ButtonInteraction, { subject }: Button, parts: WithTexts): Promise<void> {
  const line = unseededLine(interaction, parts);
  const known = parts.pending.get(subject);
  if (!known || known.attachments.length === 0)
    return interaction.showModal(againForm(interaction.customId, line, parts.t));
  const request = { ...parseLine(line, parts.commands, parts.defaultCommand.name), attachments: known.attachments };
  await acknowledgeRequest(interaction, request, parts);
}

/** The line of an album without what would make the very same one. */
function unseededLine({ message }: ButtonInteraction, { commands, defaultCommand }: PressParts): string {
  const { seed: _, ...unseeded } = parseLine(readLine(message), commands, defaultCommand.name).options;
  return formatLine(defaultCommand, unseeded);
}

/** Posts the album for everyone to see, with the pictures of the very message whose button was pressed. */
async function publish(interaction: ButtonInteraction, parts: PressParts, t: Translate): Promise<void> {
  await interaction.deferReply();
  const pictures = await readPictures(interaction, parts.fetchRules);
  const { user, guildId } = interaction;
  const token = parts.buttons.sign({ action: 'delete', subject: '' }, memberOf(interaction));
  const report = guildId === null ? [] : [reportButton(user.id, parts.buttons, t)];
  await interaction.editReply({
    content: t('discord.published', { member: `<@${user.id}>` }),
    files: pictures.map(({ bytes, name, description }) => ({ attachment: Buffer.from(bytes), name, description })),
    components: [{ type: 1, components: [button(t('discord.delete'), token), ...report] }],
    allowedMentions: { parse: [] },
  });
}

/** The album in full quality, in as many messages as it needs. */
async function sendFiles(
  interaction: ButtonInteraction,
  pictures: readonly AlbumPicture[] | undefined,
  t: Translate,
): Promise<void> {
  await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  if (!pictures) return void (await interaction.editReply(t('discord.files-gone')));
  const limits = { fileBytes: interaction.attachmentSizeLimit, messageBytes: MAX_MESSAGE_BYTES, files: MAX_FILES };
  const messages = await fitMessages(pictures, limits);
  const [first = [], ...others] = messages.map((message) =>
    message.map(({ name, bytes, description }) => ({ attachment: Buffer.from(bytes), name, description })),
  );
  await interaction.editReply({ files: first });
  for (const files of others) await interaction.followUp({ files, flags: MessageFlags.Ephemeral });
}
