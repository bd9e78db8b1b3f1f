import {
  ComponentType,
  TextInputStyle,
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
} from 'discord.js';
import { nameIn, type Preset, type Presets } from '../../chat/presets.js';
import { ASKED_KINDS, type AskedKind } from '../../chat/prompt-kinds.js';
import type { Translate } from '../../language/texts.js';
import { plainText } from './markdown.js';

/** The field that takes words. */
export const WORDS_FIELD = 'words';
/** The field that takes photos. */
export const PHOTOS_FIELD = 'photos';
/** The field that takes the number of an entry. */
export const NUMBER_FIELD = 'number';
/** The field that takes a name. */
export const NAME_FIELD = 'name';
const AGREE_FIELD = 'agree';

const MAX_PHOTOS = 4;
const MAX_WORDS = 1000;
const MAX_DIGITS = 9;
const MAX_NAME = 32;
/** How much can be chosen from. */
const MAX_CHOICES = 25;
/** How many fields a form has. */
const MAX_FIELDS = 5;

type Form = APIModalInteractionResponseCallbackData;

/** The field for photos. */
const PHOTOS: APILabelComponent['component'] = {
  type: ComponentType.FileUpload,
  custom_id: PHOTOS_FIELD,
  min_values: 1,
  max_values: MAX_PHOTOS,
};

/** The form for consent: what is agreed to, and a box that must be ticked to send it. */
export function consentForm(token: string, t: Translate): Form {
  return {
    custom_id: token,
    title: t('discord.consent-title'),
    components: [
      { type: ComponentType.TextDisplay, content: t('consent.ask') },
      agreement(t('discord.consent-box'), t),
    ],
  };
}

/** The form of More and Change: the words to change at will, and the photo, which was not kept. */
export function againForm(token: string, line: string, t: Translate): Form {
  return {
    custom_id: token,
    title: t('discord.again-title'),
    components: [
      label(t('discord.again-words'), words(line, true)),
      label(t('discord.again-photo'), PHOTOS, t('discord.again-photo-why')),
    ],
  };
}

/** The form for whoever has sent nothing yet: photos, and what `wordsForm` asks. */
export function tryForm(token: string, presets: Presets, t: Translate): Form {
  const { components, ...form } = wordsForm(token, presets, t);
  return { ...form, components: [label(t('discord.again-photo'), PHOTOS), ...components].slice(0, MAX_FIELDS) };
}

/** The form that asks what to make of a photo: words, and as many kinds of presets as fit; for the rest there are words. */
export function wordsForm(token: string, presets: Presets, t: Translate): Form {
  return {
    custom_id: token,
    title: t('discord.make-portraits'),
    components: [
      label(t('discord.again-words'), words('', false), t('discord.words-how')),
      ...ASKED_KINDS.map(({ option, from }) => choice(option, presets[from], t)),
    ]
      .filter((field) => field !== undefined)
      .slice(0, MAX_FIELDS),
  };
}

/** The form by which one takes part in an event: what is agreed to, a photo, a name, and a box that must be ticked. */
export function joinForm(token: string, title: string, t: Translate): Form {
  const name: APILabelComponent['component'] = {
    type: ComponentType.TextInput,
    custom_id: NAME_FIELD,
    style: TextInputStyle.Short,
    max_length: MAX_NAME,
    required: false,
  };
  const terms = `${t('event.join-terms', { title: plainText(title) })}\n\n${t('consent.ask')}`;
  return {
    custom_id: token,
    title: t('event.join'),
    components: [
      { type: ComponentType.TextDisplay, content: terms },
      label(t('discord.again-photo'), PHOTOS),
      label(t('event.join-name'), name),
      agreement(t('event.join-agree'), t),
    ],
  };
}

/** The form that asks which entry of an event is to be reported. */
export function reportForm(token: string, t: Translate): Form {
  const number: APILabelComponent['component'] = {
    type: ComponentType.TextInput,
    custom_id: NUMBER_FIELD,
    style: TextInputStyle.Short,
    max_length: MAX_DIGITS,
    required: true,
  };
  return { custom_id: token, title: t('event.report'), components: [label(t('event.report-number'), number)] };
}

/** A box that must be ticked. */
function agreement(box: string, t: Translate): APILabelComponent {
  return label(t('discord.consent-label'), {
    type: ComponentType.CheckboxGroup,
    custom_id: AGREE_FIELD,
    min_values: 1,
    required: true,
    options: [{ value: 'yes', label: box }],
  });
}

function words(value: string, required: boolean): APILabelComponent['component'] {
  return {
    type: ComponentType.TextInput,
    custom_id: WORDS_FIELD,
    style: TextInputStyle.Paragraph,
    max_length: MAX_WORDS,
    required,
    ...(value !== '' && { value: value.slice(0, MAX_WORDS) }),
  };
}

/** A field that chooses a preset, named as the option it stands for. */
function choice(name: AskedKind['option'], presets: readonly Preset[], t: Translate): APILabelComponent | undefined {
  if (presets.length === 0) return undefined;
  return label(t(`discord.${name}`), {
    type: ComponentType.StringSelect,
    custom_id: name,
    required: false,
    min_values: 0,
    placeholder: t('discord.any'),
    options: presets.slice(0, MAX_CHOICES).map((preset) => ({ label: nameIn(t.locale, preset), value: preset.name })),
  });
}

function label(text: string, component: APILabelComponent['component'], description?: string): APILabelComponent {
  return { type: ComponentType.Label, label: text, component, ...(description !== undefined && { description }) };
}
