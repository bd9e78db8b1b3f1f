import { type ButtonInteraction, MessageFlags, type ModalSubmitInteraction } from 'discord.js';
import { formatLine, parseLine } from '../../../commands/parse.js';
import { type Translate, translator } from '../../texts.js';
import type { Button, Buttons } from '../buttons.js';
import type { AlbumPicture, ChatHost } from '../platform.js';
import { fetchFile } from './attachment.js';
import { againForm, consentForm } from './forms.js';
import type { Keeping } from './keeping.js';
import { button, readLine, withFiles } from './messages.js';
import { memberOf, readAgainForm, toInvocation, type Wish, type WishRules } from './wishes.js';

/** Pictures of one message, in bytes, beyond which another message carries the rest. */
const MAX_REQUEST = 24 * 1024 * 1024;

export interface PressParts extends WishRules {
  readonly host: ChatHost;
  readonly buttons: Buttons;
  readonly albums: Keeping<readonly AlbumPicture[]>;
  /** Wishes that wait for their member's consent, by the interaction they came in. */
  readonly pending: Keeping<Wish>;
}

/** Does what a pressed button says, if the presser is who it was made for. */
export async function press(interaction: ButtonInteraction, parts: PressParts): Promise<void> {
  const t = translator(interaction.locale);
  const pressed = parts.buttons.open(interaction.customId, memberOf(interaction));
  if (!pressed) return whisper(interaction, t('discord.not-owner'));
  switch (pressed.action) {
    case 'cancel':
      await interaction.deferUpdate();
      return parts.host.cancel(pressed.subject, memberOf(interaction));
    case 'consent':
      return interaction.showModal(consentForm(interaction.customId, t));
    case 'again':
    case 'new-seed':
      return interaction.showModal(againForm(interaction.customId, lineFor(pressed, interaction, parts), t));
    case 'publish':
      return publish(interaction, parts, t);
    case 'files':
      return sendFiles(interaction, parts.albums.get(pressed.subject), t);
    case 'delete':
      await interaction.deferUpdate();
      return interaction.deleteReply();
  }
}

/** Takes a form that was sent: consent, or an album wanted once more. */
export async function submitForm(interaction: ModalSubmitInteraction, parts: PressParts): Promise<void> {
  const t = translator(interaction.locale);
  const sent = parts.buttons.open(interaction.customId, memberOf(interaction));
  if (!sent) return whisper(interaction, t('discord.not-owner'));
  if (sent.action !== 'consent') {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    return parts.host.invoke(toInvocation(interaction, readAgainForm(interaction, parts)));
  }
  await interaction.deferUpdate();
  await parts.host.consent(memberOf(interaction));
  const wish = parts.pending.take(sent.subject);
  if (wish) return parts.host.invoke(toInvocation(interaction, wish));
  await interaction.editReply({ content: t('discord.agreed'), embeds: [], components: [] });
}

/** Says something to the presser alone. */
async function whisper(interaction: ButtonInteraction | ModalSubmitInteraction, content: string): Promise<void> {
  await interaction.reply({ content, flags: MessageFlags.Ephemeral, allowedMentions: { parse: [] } });
}

function lineFor({ action }: Button, { message }: ButtonInteraction, { commands, defaultCommand }: PressParts): string {
  const line = readLine(message.content);
  if (action === 'again') return line;
  const { seed: _, ...unseeded } = parseLine(line, commands, defaultCommand.name).options;
  return formatLine(defaultCommand, unseeded);
}

/** Posts the album for everyone to see, with the pictures of the very message whose button was pressed. */
async function publish(interaction: ButtonInteraction, parts: PressParts, t: Translate): Promise<void> {
  await interaction.deferReply();
  const files = await Promise.all(
    [...interaction.message.attachments.values()].map(async ({ url, name, description }) => ({
      attachment: Buffer.from(await fetchFile(url, parts.fetchRules)),
      name,
      ...(description !== null && { description }),
    })),
  );
  const token = parts.buttons.sign({ action: 'delete', subject: '' }, memberOf(interaction));
  await interaction.editReply({
    content: t('discord.published', { member: `<@${interaction.user.id}>` }),
    files,
    components: [{ type: 1, components: [button(t('discord.delete'), token)] }],
    allowedMentions: { parse: [] },
  });
}

async function sendFiles(
  interaction: ButtonInteraction,
  pictures: readonly AlbumPicture[] | undefined,
  t: Translate,
): Promise<void> {
  await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  if (!pictures) return void (await interaction.editReply(t('discord.files-gone')));
  const [first = [], ...others] = batches(pictures, interaction.attachmentSizeLimit);
  await interaction.editReply({ files: first });
  for (const files of others) await interaction.followUp({ files, flags: MessageFlags.Ephemeral });
}

type SentFile = { readonly attachment: Buffer; readonly name: string; readonly description: string };

/** Puts pictures into as few messages as the limits allow; one that is too large in full quality goes as preview. */
function batches(pictures: readonly AlbumPicture[], sizeLimit: number): SentFile[][] {
  const all: SentFile[][] = [];
  let room = 0;
  for (const picture of pictures) {
    const encoding = picture.file.length <= sizeLimit ? 'file' : 'preview';
    const [file] = withFiles({}, [picture], encoding).files;
    if (!file) continue;
    if (room < file.data.length) {
      all.push([]);
      room = MAX_REQUEST;
    }
    room -= file.data.length;
    all.at(-1)?.push({ attachment: file.data, name: file.name, description: picture.description });
  }
  return all;
}
