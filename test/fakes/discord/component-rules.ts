import { demand, invalid } from './api-error.js';
import { asObject, asObjects, asText, type Json } from './json.js';

/** A button as a message shows it. */
export interface ShownButton {
  readonly label: string;
  readonly customId: string;
}

/** A menu as a message shows it. */
export interface ShownMenu {
  readonly customId: string;
  readonly placeholder: string;
  readonly values: readonly string[];
}

/** What can be used under a message. */
export interface ShownRows {
  readonly buttons: readonly ShownButton[];
  readonly menus: readonly ShownMenu[];
}

/** Checks the rows of a message, each of buttons or one menu, and answers what they hold. */
export function checkRows(components: unknown): ShownRows {
  const rows = asObjects(components, 'components');
  demand(rows.length <= 5, 'at most 5 rows');
  const buttons: ShownButton[] = [];
  const menus: ShownMenu[] = [];
  for (const row of rows) {
    demand(row['type'] === 1, 'only rows at the top');
    const inRow = asObjects(row['components'], 'row');
    demand(inRow.length >= 1 && inRow.length <= 5, 'between 1 and 5 buttons in a row');
    const [menu] = inRow.filter(({ type }) => type === fieldTypes.select);
    demand(menu === undefined || inRow.length === 1, 'a menu stands alone in its row');
    if (menu) menus.push(checkMenu(menu));
    else buttons.push(...inRow.map(checkButton));
  }
  const ids = [...buttons, ...menus].map(({ customId }) => customId);
  demand(new Set(ids).size === ids.length, 'Component custom id cannot be duplicated');
  return { buttons, menus };
}

function checkMenu(menu: Json): ShownMenu {
  return {
    customId: asText(menu['custom_id'], 'custom_id', [1, 100]),
    placeholder: asText(menu['placeholder'], 'placeholder', [0, 150]),
    values: checkOptions(menu, [1, 25]),
  };
}

function checkButton(button: Json): ShownButton {
  demand(button['type'] === 2, 'only buttons in rows');
  demand([1, 2, 3, 4].includes(Number(button['style'])), 'style');
  return {
    label: asText(button['label'], 'label', [1, 80]),
    customId: asText(button['custom_id'], 'custom_id', [1, 100]),
  };
}

/** A form that was opened: its id and its fields. */
export interface ShownModal {
  readonly customId: string;
  readonly title: string;
  readonly fields: readonly ShownField[];
  readonly text: string;
}

/** A field of a form. */
export interface ShownField {
  readonly type: number;
  readonly label: string;
  readonly customId: string;
  readonly value: string;
  /** What can be chosen. */
  readonly values: readonly string[];
  readonly min: number;
  readonly max: number;
}

/** Types of components in forms. */
export const fieldTypes = { text: 4, label: 18, display: 10, upload: 19, select: 3, checkboxes: 22 } as const;

/** Checks a form. */
export function checkModal(data: Json): ShownModal {
  const components = asObjects(data['components'], 'components');
  demand(components.length >= 1 && components.length <= 5, 'between 1 and 5 components');
  const labels = components.filter(({ type }) => type === fieldTypes.label);
  const displays = components.filter(({ type }) => type === fieldTypes.display);
  demand(labels.length + displays.length === components.length, 'component type');
  return {
    customId: asText(data['custom_id'], 'custom_id', [1, 100]),
    title: asText(data['title'], 'title', [1, 45]),
    fields: labels.map(checkLabel),
    text: displays.map(({ content }) => asText(content, 'content', [1, 4000])).join('\n'),
  };
}

function checkLabel(label: Json): ShownField {
  const shown = asText(label['label'], 'label', [1, 45]);
  asText(label['description'], 'description', [0, 100]);
  const field = asObject(label['component'], 'component');
  const customId = asText(field['custom_id'], 'custom_id', [1, 100]);
  const type = Number(field['type']);
  if (type === fieldTypes.text) {
    const max = Number(field['max_length'] ?? 4000);
    demand(max >= 1 && max <= 4000, 'max_length');
    const value = asText(field['value'], 'value', [0, max]);
    return { type, label: shown, customId, value, values: [], min: field['required'] === false ? 0 : 1, max };
  }
  const most = MOST_VALUES[type];
  if (most === undefined) throw invalid('field type');
  const values = checkOptions(field, type === fieldTypes.upload ? [0, 0] : [1, most]);
  const value = type === fieldTypes.checkboxes ? (values[0] ?? '') : '';
  return { type, label: shown, customId, value, values, ...checkCounts(field, most) };
}

/** How much must and may be chosen. */
function checkCounts(field: Json, most: number): { readonly min: number; readonly max: number } {
  const min = Number(field['min_values'] ?? 1);
  const max = Number(field['max_values'] ?? 1);
  demand(min >= 0 && max >= 1 && max <= most && min <= max, 'min_values and max_values');
  demand(min > 0 || field['required'] === false, 'a field that may stay empty is not required');
  return { min, max };
}

/** The values there are to choose from. */
function checkOptions(field: Json, [least, most]: readonly [number, number]): readonly string[] {
  asText(field['placeholder'], 'placeholder', [0, 150]);
  const options = asObjects(field['options'], 'options');
  demand(options.length >= least && options.length <= most, `between ${least} and ${most} options`);
  for (const option of options) asText(option['label'], 'option label', [1, 100]);
  const values = options.map((option) => asText(option['value'], 'option value', [1, 100]));
  demand(new Set(values).size === values.length, 'values repeat');
  return values;
}

/** How much can be chosen, by type of field. */
const MOST_VALUES: Readonly<Record<number, number>> = {
  [fieldTypes.upload]: 10,
  [fieldTypes.checkboxes]: 10,
  [fieldTypes.select]: 25,
};
