import { ButtonStyle, ComponentType, type APIStringSelectComponent } from 'discord.js';
import type { CommandDefinition } from '../../chat/command-definition.js';
import { canBeTaken } from '../../chat/photo-files.js';
import { nameIn, type Preset, type Presets } from '../../chat/presets.js';
import { PROMPT_KINDS } from '../../chat/prompt-kinds.js';
import type { Samples } from '../../chat/samples.js';
import type { Translate } from '../../language/texts.js';
import type { CommandRequest } from './command-request.js';
import { button, type DiscordMessage, picturesMessage, row, type SignButton, textMessage } from './messages.js';

/** Options of one menu, and menus of one message: below them there is a row of buttons. */
const MAX_OPTIONS = 25;
const MAX_MENUS = 4;

export interface PickerParts {
  readonly presets: Presets;
  readonly samples: Samples;
  readonly t: Translate;
  readonly sign: SignButton;
}

/** Whether there are photos that something could be made of, and not a word on what. */
export function asksForPicker(request: CommandRequest, { name, options, photos }: CommandDefinition): boolean {
  const main = options.find((option) => option.type === 'text' && option.main)?.name;
  const wishes = [main, ...PROMPT_KINDS.map(({ option }) => option)];
  const usable = request.command === name && photos !== undefined && canBeTaken(request.attachments, photos);
  return usable && !wishes.some((wish) => has(request, wish));
}

function has({ options }: CommandRequest, name: string | undefined): boolean {
  const value = name === undefined ? undefined : options[name];
  return value !== undefined && value !== '';
}

/**
 * Asks what to make of photos: every style in pictures, menus to choose one, and a button for words of one's own. What is
 * chosen is for the request that is remembered under `subject`.
 */
export async function pickerMessage(
  subject: string,
  { presets, samples, t, sign }: PickerParts,
): Promise<DiscordMessage> {
  const named = new Map(presets.styles.map((style) => [style.name, nameIn(t.locale, style)]));
  const bytes = await samples.sheet('styles', (name) => named.get(name) ?? name);
  const text = t('discord.choose');
  const sheet = bytes && {
    name: 'styles.jpg',
    type: 'image/jpeg' as const,
    bytes,
    description: t('commands.styles.samples'),
  };
  const { body, files } = sheet ? picturesMessage(text, [sheet]) : textMessage(text);
  const describe = button(t('discord.describe'), sign('describe', subject), ButtonStyle.Secondary);
  const components = [
    ...menusOf(presets.styles, { subject, t, sign }).flatMap((menu) => row([menu])),
    ...row([describe]),
  ];
  return { body: { ...body, components }, files };
}

/** As many menus as the styles need, in their order. */
function menusOf(
  styles: readonly Preset[],
  { subject, t, sign }: { readonly subject: string } & Pick<PickerParts, 't' | 'sign'>,
): APIStringSelectComponent[] {
  const starts = Array.from({ length: Math.ceil(styles.length / MAX_OPTIONS) }, (_, menu) => menu * MAX_OPTIONS);
  return starts.slice(0, MAX_MENUS).map((start, menu) => {
    const options = styles
      .slice(start, start + MAX_OPTIONS)
      .map((style) => ({ label: nameIn(t.locale, style), value: style.name }));
    const [first, last] = [options[0]?.label, options.at(-1)?.label];
    const placeholder = starts.length === 1 ? t('discord.style') : `${t('discord.style')}: ${first} – ${last}`;
    return { type: ComponentType.StringSelect, custom_id: sign('style', `${subject}.${menu}`), placeholder, options };
  });
}
