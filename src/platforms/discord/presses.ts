import {
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  type MessageContextMenuCommandInteraction,
  MessageFlags,
  type ModalSubmitInteraction,
  type StringSelectMenuInteraction,
} from 'discord.js';
import { formatLine, parseLine } from '../../chat/parse.js';
import type { OptionValues } from '../../chat/invocation.js';
import type { AlbumPicture } from '../../chat/picture.js';
import type { Presets } from '../../chat/presets.js';
import type { Translate } from '../../language/texts.js';
import { fitMessages } from '../../media/size-ladder.js';
import type { AlbumMemory } from '../album-memory.js';
import type { BotOptions } from '../bot-options.js';
import type { Button, ButtonAction, Buttons } from '../buttons.js';
import { numberOf, unpackPicture } from '../picture-key.js';
import {
  acknowledgeInPlace,
  type AcknowledgeParts,
  acknowledgeRecorded,
  acknowledgeRequest,
  invokeHost,
  openWhisper,
} from './acknowledge.js';
import { MAX_MESSAGE_BYTES } from './albums.js';
import { type CommandRequest, memberOf, readAgainForm, readUploads, readWordsForm } from './command-request.js';
import { addressOf, readAddress } from './address.js';
import { pressJoin, submitJoin } from './event-buttons.js';
import { againForm, consentForm, tryForm, wordsForm } from './forms.js';
import { button, readLine, reportButton } from './messages.js';
import { choosePicture, removePicture, sendAvatar } from './one-picture.js';
import { asksForPicker, pickerMessage } from './picker.js';
import { pressReport, readPictures, submitReport } from './reports.js';
import type { Sender } from './sender.js';

/** Files of one message. */
const MAX_FILES = 10;

export interface PressParts extends AcknowledgeParts, Pick<BotOptions, 'samples' | 'textsFor'> {
  readonly buttons: Buttons;
  readonly presets: Presets;
  readonly sender: Sender;
  readonly albums: AlbumMemory;
}

/** Does what a pressed button says, if the presser is who it was made for. */
export async function press(interaction: ButtonInteraction, parts: PressParts): Promise<void> {
  const member = memberOf(interaction);
  const t = await parts.textsFor(member, interaction.locale);
  const open = parts.buttons.openForAll(interaction.customId);
  if (open?.action === 'try') return interaction.showModal(tryForm(interaction.customId, parts.presets, t));
  if (open?.action === 'vote') return say(interaction, open, parts);
  if (open?.action === 'join') {
    const refusal = await pressJoin(interaction, { ...parts, t });
    return refusal === undefined ? undefined : whisper(interaction, refusal);
  }
  if (open) return pressReport(interaction, open, { ...parts, t });
  const pressed = parts.buttons.open(interaction.customId, member);
  const act = pressed && acts[pressed.action];
  if (!act) return whisper(interaction, t('discord.not-owner'));
  await act(interaction, pressed, { ...parts, t });
}

type Act = (interaction: ButtonInteraction, button: Button, parts: WithTexts) => Promise<unknown>;

/** Asks in a form for other words, and for the photo, which was not kept. */
const changeWords: Act = (interaction, _, parts) =>
  interaction.showModal(againForm(interaction.customId, unseededLine(interaction, parts), parts.t));

/** What the buttons of one owner do. */
const acts: Partial<Record<ButtonAction, Act>> = {
  async cancel(interaction, { subject }, { host }) {
    await interaction.deferUpdate();
    await host.cancel(subject, memberOf(interaction));
  },
  consent: (interaction, _, { t }) => interaction.showModal(consentForm(interaction.customId, t)),
  more: (interaction, { subject }, parts) => makeMore(interaction, subject, parts),
  like: makeLike,
  again: changeWords,
  change: changeWords,
  largest: takeOffer,
  say,
  choose,
  describe: (interaction, _, { presets, t }) => interaction.showModal(wordsForm(interaction.customId, presets, t)),
  publish,
  files: (interaction, { subject }, { albums, t }) => sendFiles(interaction, albums.get(subject), t),
  file(interaction, { subject }, { albums, t }) {
    const picture = pictureOf(subject, albums);
    return sendFiles(interaction, picture && [picture], t);
  },
  avatar: (interaction, { subject }, { albums, t }) => sendAvatar(interaction, pictureOf(subject, albums), t),
  remove: removePicture,
  async delete(interaction) {
    await interaction.deferUpdate();
    await interaction.deleteReply();
  },
};

/** Takes a form that was sent: consent, words for a photo, or an album wanted once more. */
export async function submitForm(interaction: ModalSubmitInteraction, parts: PressParts): Promise<void> {
  const t = await parts.textsFor(memberOf(interaction), interaction.locale);
  const open = parts.buttons.openForAll(interaction.customId);
  if (open?.action === 'try')
    return takeRequest(interaction, readWordsForm(interaction, readUploads(interaction, parts), parts), parts);
  if (open?.action === 'join') return submitJoin(interaction, open, { ...parts, t });
  if (open) return submitReport(interaction, { ...parts, t });
  const sent = parts.buttons.open(interaction.customId, memberOf(interaction));
  switch (sent?.action) {
    case undefined:
      return whisper(interaction, t('discord.not-owner'));
    case 'consent':
      return agree(interaction, sent, { ...parts, t });
    case 'describe': {
      const known = parts.pending.get(sent.subject);
      if (!known) return whisper(interaction, t('discord.photo-gone'));
      const { command, options, attachments } = readWordsForm(interaction, known.attachments, parts);
      const request = { command, options: { ...known.options, ...options }, attachments };
      return acknowledgeRequest(interaction, request, parts);
    }
    default:
      return acknowledgeRequest(interaction, readAgainForm(interaction, parts), parts);
  }
}

type WithTexts = PressParts & { readonly t: Translate };

type Asking =
  | ChatInputCommandInteraction
  | MessageContextMenuCommandInteraction
  | ButtonInteraction
  | ModalSubmitInteraction;

/** Takes a request; where it says nothing of what to make of its photos, that is asked first, of the asker alone. */
export async function takeRequest(interaction: Asking, request: CommandRequest, parts: PressParts): Promise<void> {
  if (!asksForPicker(request, parts.defaultCommand)) return acknowledgeRequest(interaction, request, parts);
  const member = memberOf(interaction);
  const { end } = await acknowledgeRecorded(interaction, parts, () => openWhisper(interaction));
  parts.pending.set(interaction.id, member.id, request);
  try {
    const picker = await pickerMessage(interaction.id, {
      ...parts,
      t: await parts.textsFor(member, interaction.locale),
      sign: (action, subject) => parts.buttons.sign({ action, subject }, member),
    });
    await parts.sender.edit(readAddress(addressOf(interaction, { received: parts.received, answer: '' })), picker);
  } finally {
    end();
  }
}

/** Makes an album in the style that was chosen from a menu; the menus stay, so that another can be tried. */
export async function pick(interaction: StringSelectMenuInteraction, parts: PressParts): Promise<void> {
  const member = memberOf(interaction);
  const t = await parts.textsFor(member, interaction.locale);
  const chosen = parts.buttons.open(interaction.customId, member);
  if (chosen?.action === 'picture') return choosePicture(interaction, chosen, { ...parts, t });
  if (chosen?.action !== 'style') return whisper(interaction, t('discord.not-owner'));
  const known = parts.pending.get(chosen.subject.split('.')[0] ?? '');
  if (!known) return whisper(interaction, t('discord.photo-gone'));
  const [style = ''] = interaction.values;
  await acknowledgeRequest(interaction, { ...known, options: { ...known.options, style } }, parts);
}

/** Takes the request of a message that named the bot. */
async function choose(interaction: ButtonInteraction, { subject }: Button, parts: WithTexts): Promise<void> {
  const known = parts.pending.get(subject);
  if (!known) return whisper(interaction, parts.t('discord.photo-gone'));
  await takeRequest(interaction, known, parts);
}

/** Notes the consent and goes on with what was asked for. */
async function agree(interaction: ModalSubmitInteraction, { subject }: Button, parts: WithTexts): Promise<void> {
  const request = parts.pending.take(subject);
  if (request) {
    const answer = await acknowledgeInPlace(interaction, request, parts);
    await parts.host.consent(memberOf(interaction));
    return invokeHost(interaction, { request, answer }, parts);
  }
  await interaction.deferUpdate();
  await parts.host.consent(memberOf(interaction));
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
async function whisper(
  interaction: ButtonInteraction | ModalSubmitInteraction | StringSelectMenuInteraction,
  content: string,
): Promise<void> {
  await interaction.reply({ content, flags: MessageFlags.Ephemeral, allowedMentions: { parse: [] } });
}

/** Makes more like one picture: its album's words, and what it shows beside. */
async function makeLike(interaction: ButtonInteraction, { subject }: Button, parts: WithTexts): Promise<void> {
  const [asked = '', ...packed] = subject.split('.');
  return makeMore(interaction, asked, { ...parts, ...unpackPicture(packed.join('.'), parts.presets) });
}

/**
 * Makes another album of the same words, and of what is shown beside: with the photos of the request of that interaction,
 * while they are known, else with a form that asks for them.
 */
async function makeMore(
  interaction: ButtonInteraction,
  asked: string,
  parts: WithTexts & { readonly shows?: OptionValues },
): Promise<void> {
  const line = unseededLine(interaction, parts);
  const known = parts.pending.get(asked);
  if (!known || known.attachments.length === 0)
    return interaction.showModal(againForm(interaction.customId, line, parts.t));
  const request = { ...parseLine(line, parts.commands, parts.defaultCommand.name), attachments: known.attachments };
  await acknowledgeRequest(interaction, request, parts);
}

/** The line of an album without what would make the very same one. */
function unseededLine(
  { message }: ButtonInteraction,
  { commands, defaultCommand, shows }: PressParts & { readonly shows?: OptionValues },
): string {
  const { seed: _, ...unseeded } = parseLine(readLine(message), commands, defaultCommand.name).options;
  return formatLine(defaultCommand, { ...unseeded, ...shows });
}

/** A picture of an album that is still kept, by the id of its job and its number. */
function pictureOf(subject: string, albums: AlbumMemory): AlbumPicture | undefined {
  const [jobId = '', number] = subject.split('.');
  return albums.get(jobId)?.[Number(number) - 1];
}

/** Posts the album, or one picture of it, for everyone to see, as they are in the very message whose button was pressed. */
async function publish(interaction: ButtonInteraction, { subject }: Button, parts: WithTexts): Promise<void> {
  const { t } = parts;
  await interaction.deferReply();
  const number = subject.split('.')[1];
  const all = await readPictures(interaction, parts.fetchRules);
  const pictures = all.filter(({ name }) => number === undefined || numberOf(name) === Number(number));
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
  if (!pictures) return void (await interaction.editReply(t('picture.gone')));
  const limits = { fileBytes: interaction.attachmentSizeLimit, messageBytes: MAX_MESSAGE_BYTES, files: MAX_FILES };
  const messages = await fitMessages(pictures, limits);
  const [first = [], ...others] = messages.map((message) =>
    message.map(({ name, bytes, description }) => ({ attachment: Buffer.from(bytes), name, description })),
  );
  await interaction.editReply({ files: first });
  for (const files of others) await interaction.followUp({ files, flags: MessageFlags.Ephemeral });
}
