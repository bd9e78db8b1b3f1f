import type { InlineKeyboardMarkup } from 'telegraf/types';
import type { OptionValues } from '../../chat/invocation.js';
import type { Member } from '../../chat/member.js';
import { nameIn, type Preset, type Presets } from '../../chat/presets.js';
import { ASKED_KINDS, type AskedKind } from '../../chat/prompt-kinds.js';
import type { Translate } from '../../language/texts.js';
import type { Keyboards, KeyView } from './keyboards.js';

/** What is chosen so far for a photo without words; it is kept in the buttons themselves. */
export interface PickerChoice {
  readonly screen: 'main' | 'go' | AskedKind['from'];
  /** Places in the lists of presets, counted from 1; missing or 0 for none. */
  readonly places: Readonly<Partial<Record<AskedKind['option'], number>>>;
}

/** The choice a photo begins with. */
export const NOTHING_CHOSEN: PickerChoice = { screen: 'main', places: {} };

/** Their places are in buttons that were sent before: new ones come last, as they do in `ASKED_KINDS`. */
const [styles, expressions, ...later] = ASKED_KINDS.map(({ from }) => from);
const screens = ['main', styles, expressions, 'go', ...later] as const;
const COLUMNS = 3;
const MAIN_COLUMNS = 2;

/** Writes a choice into a button's subject. */
function packChoice({ screen, places }: PickerChoice): string {
  return [screens.indexOf(screen), ...ASKED_KINDS.map(({ option }) => places[option] ?? 0)].join('.');
}

/** Reads a button's subject. */
export function unpackChoice(subject: string): PickerChoice {
  const [screen = 0, ...places] = subject.split('.').map(Number);
  return {
    screen: screens[screen] ?? 'main',
    places: Object.fromEntries(ASKED_KINDS.map(({ option }, index) => [option, places[index] ?? 0])),
  };
}

/** The options a choice means. */
export function optionsOf(choice: PickerChoice, presets: Presets): OptionValues {
  const options: Record<string, string> = {};
  for (const one of ASKED_KINDS) {
    const preset = chosenOf(one, choice, presets);
    if (preset) options[one.option] = preset.name;
  }
  return options;
}

function chosenOf({ option, from }: AskedKind, { places }: PickerChoice, presets: Presets): Preset | undefined {
  return presets[from][(places[option] ?? 0) - 1];
}

export interface PickerParts {
  readonly presets: Presets;
  readonly keyboards: Keyboards;
  readonly owner: Member;
  readonly t: Translate;
}

/** The message that asks for style, expression and what else the model knows, at one choice. */
export function renderPicker(
  choice: PickerChoice,
  { presets, keyboards, owner, t }: PickerParts,
): { readonly text: string; readonly keyboard: InlineKeyboardMarkup } {
  const key = (label: string, changes: Partial<PickerChoice>): KeyView => ({
    label,
    button: { action: 'choose', subject: packChoice({ ...choice, ...changes }) },
  });
  const named = (preset: Preset | undefined): string => (preset ? nameIn(t.locale, preset) : t('telegram.any'));
  const place = (option: AskedKind['option'], number: number): Partial<PickerChoice> => ({
    screen: 'main',
    places: { ...choice.places, [option]: number },
  });
  const known = ASKED_KINDS.filter(({ from }) => presets[from].length > 0);
  const said = known.map((one) => ({
    screen: one.from,
    label: t(`telegram.${one.option}`, { [one.option]: named(chosenOf(one, choice, presets)) }),
  }));
  const open = known.find(({ from }) => from === choice.screen);
  const rows = open
    ? [
        ...inRows(
          presets[open.from].map((preset, index) => key(named(preset), place(open.option, index + 1))),
          COLUMNS,
        ),
        [key(t('telegram.any'), place(open.option, 0))],
      ]
    : [
        ...inRows(
          said.map(({ label, screen }) => key(label, { screen })),
          MAIN_COLUMNS,
        ),
        [key(t('telegram.go'), { screen: 'go' })],
      ];
  return {
    text: [t('telegram.choose'), ...said.map(({ label }) => label)].join('\n'),
    keyboard: keyboards.rows(choice.screen === 'go' ? [] : rows, owner),
  };
}

function inRows(keys: readonly KeyView[], columns: number): KeyView[][] {
  const rows: KeyView[][] = [];
  for (let start = 0; start < keys.length; start += columns) rows.push(keys.slice(start, start + columns));
  return rows;
}
