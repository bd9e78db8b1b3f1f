import { ComponentType, TextInputStyle, type APIModalInteractionResponseCallbackData } from 'discord.js';
import type { Translate } from '../../texts.js';

/** The fields of the forms. */
export const WORDS_FIELD = 'words';
export const PHOTOS_FIELD = 'photos';
const AGREE_FIELD = 'agree';

const MAX_PHOTOS = 4;
const MAX_WORDS = 1000;

/** The form for consent: what is agreed to, and a box that must be ticked to send it. */
export function consentForm(token: string, t: Translate): APIModalInteractionResponseCallbackData {
  return {
    custom_id: token,
    title: t('discord.consent-title'),
    components: [
      { type: ComponentType.TextDisplay, content: t('consent.ask') },
      {
        type: ComponentType.Label,
        label: t('discord.consent-label'),
        component: {
          type: ComponentType.CheckboxGroup,
          custom_id: AGREE_FIELD,
          min_values: 1,
          required: true,
          options: [{ value: 'yes', label: t('discord.consent-box') }],
        },
      },
    ],
  };
}

/** The form of Again and New seed: the words to change at will, and the photo, which was not kept. */
export function againForm(token: string, line: string, t: Translate): APIModalInteractionResponseCallbackData {
  return {
    custom_id: token,
    title: t('discord.again-title'),
    components: [
      {
        type: ComponentType.Label,
        label: t('discord.again-words'),
        component: {
          type: ComponentType.TextInput,
          custom_id: WORDS_FIELD,
          style: TextInputStyle.Paragraph,
          max_length: MAX_WORDS,
          value: line.slice(0, MAX_WORDS),
        },
      },
      {
        type: ComponentType.Label,
        label: t('discord.again-photo'),
        description: t('discord.again-photo-why'),
        component: { type: ComponentType.FileUpload, custom_id: PHOTOS_FIELD, min_values: 1, max_values: MAX_PHOTOS },
      },
    ],
  };
}
