import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIComponentInMessageActionRow,
  type APIStringSelectComponent,
  ButtonStyle,
  type ButtonInteraction,
  ComponentType,
  type Message,
  MessageFlags,
  type StringSelectMenuInteraction,
} from 'discord.js';
import type { AlbumPicture } from '../../chat/picture.js';
import type { Presets } from '../../chat/presets.js';
import type { Translate } from '../../language/texts.js';
import { drawAvatar } from '../../media/avatar.js';
import type { Button, Buttons } from '../buttons.js';
import { numberOf, packPicture, unpackPicture } from '../picture-key.js';
import { memberOf } from './command-request.js';
import { button, row, type SignButton } from './messages.js';

export interface OnePictureParts {
  readonly buttons: Buttons;
  readonly presets: Presets;
  readonly t: Translate;
}

/** The menu under an album that chooses the one picture to do something with. */
export function pictureMenu(
  { jobId, pictures }: { readonly jobId: string; readonly pictures: readonly Pick<AlbumPicture, 'shows'>[] },
  { sign, presets, t }: { readonly sign: SignButton } & Pick<OnePictureParts, 'presets' | 't'>,
): APIStringSelectComponent {
  return {
    type: ComponentType.StringSelect,
    custom_id: sign('picture', jobId),
    placeholder: t('picture.choose'),
    options: pictures.map(({ shows = {} }, index) => ({
      label: t('picture.number', { number: index + 1 }),
      value: packPicture({ number: index + 1, shows }, presets),
    })),
  };
}

/** Shows, below the menu, what can be done with the picture that was chosen from it. */
export async function choosePicture(
  interaction: StringSelectMenuInteraction,
  { subject: jobId }: Button,
  { buttons, presets, t }: OnePictureParts,
): Promise<void> {
  const member = memberOf(interaction);
  const rows = rowsOf(interaction.message);
  const [value = ''] = interaction.values;
  const key = unpackPicture(value, presets);
  const picture = `${jobId}.${key.number}`;
  const pressable = rows.flatMap(({ components }) => components).filter((component) => 'custom_id' in component);
  const opened = pressable.map((component) => buttons.open(component.custom_id, member));
  const asked = opened.find((found) => found?.action === 'more')?.subject ?? '';
  const publishable = opened.some((found) => found?.action === 'publish');
  const act = (
    action: 'like' | 'publish' | 'avatar' | 'file' | 'remove',
    subject: string,
    style?: APIButtonComponentWithCustomId['style'],
  ): APIButtonComponentWithCustomId =>
    button(t(`picture.${action}`, { number: key.number }), buttons.sign({ action, subject }, member), style);
  const actions = [
    act('like', `${asked}.${packPicture(key, presets)}`, ButtonStyle.Primary),
    ...(publishable ? [act('publish', picture)] : []),
    act('avatar', picture),
    act('file', picture),
    act('remove', String(key.number), ButtonStyle.Danger),
  ];
  await interaction.update({ components: [...withoutActions(rows, value), ...row(actions)] });
}

/** The rows down to the menu of pictures, at which the picture of a value is chosen. */
function withoutActions(rows: readonly Row[], value?: string): Row[] {
  const end = rows.findIndex(({ components }) => components[0]?.type === ComponentType.StringSelect);
  return rows.slice(0, end + 1).map(({ type, components }) => ({
    type,
    components: components.map((component) =>
      component.type === ComponentType.StringSelect
        ? { ...component, options: component.options.map((option) => ({ ...option, default: option.value === value })) }
        : component,
    ),
  }));
}

/** Takes one picture out of an album's message, and with the last of them the message. */
export async function removePicture(interaction: ButtonInteraction, { subject }: Button): Promise<void> {
  await interaction.deferUpdate();
  const { message } = interaction;
  const attachments = [...message.attachments.values()].filter(({ name }) => numberOf(name) !== Number(subject));
  if (attachments.length === 0) return interaction.deleteReply();
  const rows = withoutActions(rowsOf(message)).map(({ type, components }) => ({
    type,
    components: components.map((component) =>
      component.type === ComponentType.StringSelect
        ? { ...component, options: component.options.filter(({ value }) => value.split('.')[0] !== subject) }
        : component,
    ),
  }));
  await interaction.editReply({ attachments, components: rows });
}

/** One picture as a square around its face, for the presser alone. */
export async function sendAvatar(
  interaction: ButtonInteraction,
  picture: AlbumPicture | undefined,
  t: Translate,
): Promise<void> {
  await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  if (!picture) return void (await interaction.editReply(t('picture.gone')));
  const { name, description, face } = picture;
  const bytes = await drawAvatar(await picture.file.read(), face);
  await interaction.editReply({ files: [{ attachment: Buffer.from(bytes), name: `${name}-avatar.png`, description }] });
}

type Row = APIActionRowComponent<APIComponentInMessageActionRow>;

/** The rows of buttons and menus under a message. */
function rowsOf({ components }: Message): Row[] {
  return components.map((component) => component.toJSON()).filter((found) => found.type === ComponentType.ActionRow);
}
