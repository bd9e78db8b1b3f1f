import type { InlineKeyboardMarkup } from 'telegraf/types';
import { nameIn, type Preset, type Presets } from '../../../commands/presets.js';
import type { Translate } from '../../texts.js';
import type { Member, OptionValues } from '../platform.js';
import type { Keyboards, KeyView } from './keyboards.js';

/** What is chosen so far for a photo without words; it is kept in the buttons themselves. */
export interface Choice {
  readonly screen: 'main' | 'styles' | 'expressions' | 'go';
  /** Places in the lists of presets, counted from 1; 0 for none. */
  readonly style: number;
  readonly expression: number;
}

/** The choice a photo begins with. */
export const NOTHING_CHOSEN: Choice = { screen: 'main', style: 0, expression: 0 };

const screens = ['main', 'styles', 'expressions', 'go'] as const;
const COLUMNS = 3;

/** Writes a choice into a button's subject. */
function packChoice({ screen, style, expression }: Choice): string {
  return [screens.indexOf(screen), style, expression].join('.');
}

/** Reads a button's subject. */
export function unpackChoice(subject: string): Choice {
  const [screen = 0, style = 0, expression = 0] = subject.split('.').map(Number);
  return { screen: screens[screen] ?? 'main', style, expression };
}

/** The options a choice means. */
export function optionsOf({ style, expression }: Choice, { styles, expressions }: Presets): OptionValues {
  const chosen = { style: styles[style - 1]?.name, expression: expressions[expression - 1]?.name };
  const options: Record<string, string> = {};
  for (const [name, value] of Object.entries(chosen)) if (value !== undefined) options[name] = value;
  return options;
}

export interface PickerParts {
  readonly presets: Presets;
  readonly keyboards: Keyboards;
  readonly owner: Member;
  readonly t: Translate;
}

/** The message that asks for style and expression, at one choice. */
export function renderPicker(
  choice: Choice,
  { presets, keyboards, owner, t }: PickerParts,
): { readonly text: string; readonly keyboard: InlineKeyboardMarkup } {
  const key = (label: string, changes: Partial<Choice>): KeyView => ({
    label,
    button: { action: 'choose', subject: packChoice({ ...choice, ...changes }) },
  });
  const named = (preset: Preset | undefined): string => (preset ? nameIn(t.locale, preset) : t('telegram.any'));
  const styled = t('telegram.style', { style: named(presets.styles[choice.style - 1]) });
  const expressed = t('telegram.expression', { expression: named(presets.expressions[choice.expression - 1]) });
  const list = (choices: readonly Preset[], name: 'style' | 'expression'): KeyView[][] => [
    ...inRows(choices.map((preset, index) => key(named(preset), { screen: 'main', [name]: index + 1 }))),
    [key(t('telegram.any'), { screen: 'main', [name]: 0 })],
  ];
  const rows = {
    main: [
      [key(styled, { screen: 'styles' }), key(expressed, { screen: 'expressions' })],
      [key(t('telegram.go'), { screen: 'go' })],
    ],
    go: [],
    styles: list(presets.styles, 'style'),
    expressions: list(presets.expressions, 'expression'),
  }[choice.screen];
  return { text: [t('telegram.choose'), styled, expressed].join('\n'), keyboard: keyboards.rows(rows, owner) };
}

function inRows(keys: readonly KeyView[]): KeyView[][] {
  const rows: KeyView[][] = [];
  for (let start = 0; start < keys.length; start += COLUMNS) rows.push(keys.slice(start, start + COLUMNS));
  return rows;
}
