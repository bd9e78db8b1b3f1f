import { LikenessError } from '../errors.js';
import type {
  ActionOption,
  CommandDefinition,
  CommandOption,
  IntegerOption,
  TextOption,
} from './command-definition.js';
import type { OptionValues } from './invocation.js';
import { findPreset, type Presets } from './presets.js';

/** Option values that passed their definition: defaults filled in, presets replaced by their names. */
export class Options {
  readonly #values: ReadonlyMap<string, string | number | boolean>;

  constructor(values: ReadonlyMap<string, string | number | boolean>) {
    this.#values = values;
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return typeof value === 'string' ? value : undefined;
  }

  integer(name: string): number | undefined {
    const value = this.#values.get(name);
    return typeof value === 'number' ? value : undefined;
  }

  switch(name: string): boolean {
    return this.choice(name) === true;
  }

  /** A switch that was not said is neither yes nor no. */
  choice(name: string): boolean | undefined {
    const value = this.#values.get(name);
    return typeof value === 'boolean' ? value : undefined;
  }
}

/**
 * Checks what a platform received against the command's definition.
 * @throws LikenessError the option's own error, `choice-unknown`, `option-unknown` or `option-invalid`.
 */
export function readOptions(command: CommandDefinition, given: OptionValues, presets: Presets): Options {
  for (const name of Object.keys(given)) {
    if (!command.options.some((option) => option.name === name)) {
      throw optionUnknown(command, name);
    }
  }
  const values = new Map<string, string | number | boolean>();
  for (const option of command.options) {
    const value = readOption(option, given[option.name], { command, presets });
    if (value !== undefined) values.set(option.name, value);
  }
  return new Options(values);
}

type Given = string | number | boolean | undefined;

interface OptionContext {
  readonly command: CommandDefinition;
  readonly presets: Presets;
}

/** What a model knows no preset for is no option of its own. */
function optionUnknown({ name: command }: CommandDefinition, given: string): LikenessError {
  return new LikenessError('option-unknown', { command, given });
}

function readOption(option: CommandOption, given: Given, { command, presets }: OptionContext): Given {
  const absent = given === undefined || given === '';
  switch (option.type) {
    case 'integer':
      return absent ? option.default : readInteger(option, given);
    case 'switch':
      return absent ? undefined : readSwitch(option.name, given);
    case 'action':
      return absent ? undefined : readAction(option, String(given));
    case 'text':
      return absent ? undefined : readText(option, String(given));
    case 'preset': {
      if (absent) return undefined;
      const preset = findPreset(presets[option.from], String(given));
      if (preset) return preset.name;
      if (presets[option.from].length === 0) throw optionUnknown(command, option.name);
      const known = presets[option.from].map(({ name }) => name).join(', ');
      throw new LikenessError('choice-unknown', { given: shorten(given), option: option.name, known });
    }
  }
}

function readInteger({ min, max, error }: IntegerOption, given: Given): number {
  const text = withLatinDigits(String(given)).trim();
  const value = /^[+-]?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new LikenessError(error, { given: shorten(text), min, max });
}

/** A number as its script writes it, with the digits 0 to 9. */
function withLatinDigits(text: string): string {
  const isDigit = (code: number): boolean => /^\p{Nd}$/u.test(String.fromCodePoint(code));
  return text.normalize('NFKC').replaceAll(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    let value = 0;
    // The ten digits of a script stand in their order.
    while (value < 9 && isDigit(code - value - 1)) value++;
    return String(value);
  });
}

function readAction({ name, actions }: ActionOption, given: string): string {
  const wanted = given.trim().toLowerCase();
  const known = actions.map((action) => action.name);
  const action = known.find((candidate) => candidate === wanted);
  if (action !== undefined) return action;
  throw new LikenessError('choice-unknown', { given: shorten(given), option: name, known: known.join(', ') });
}

function readText({ name, maxLength }: TextOption, given: string): string {
  const length = [...given].length;
  const tooLong = name === 'prompt' ? 'prompt-too-long' : 'text-too-long';
  if (length > maxLength) throw new LikenessError(tooLong, { given: length, limit: maxLength });
  return given;
}

function readSwitch(name: string, given: Given): boolean {
  const value = parseSwitch(given);
  if (value === undefined) throw new LikenessError('option-invalid', { option: name, given: shorten(given) });
  return value;
}

/** Yes and no as members write them, whatever language they are answered in. */
const YES = 'true yes on 1 ja sí si oui sì sim tak да так evet はい 네 예 是 نعم हाँ हां'.split(' ');
const NO = 'false no off 0 nein non não nao nie нет ні hayır いいえ 아니요 否 لا नहीं'.split(' ');

function parseSwitch(given: Given): boolean | undefined {
  const text = String(given).trim().normalize('NFC').toLowerCase();
  if (YES.includes(text)) return true;
  return NO.includes(text) ? false : undefined;
}

/** Whether the options of a request, not yet checked, ask for an answer that everyone sees; a platform then begins it so. */
export function asksForEveryone(command: CommandDefinition | undefined, given: OptionValues): boolean {
  const option = command?.options.find((candidate) => candidate.type === 'switch' && candidate.publishes);
  return option !== undefined && parseSwitch(given[option.name]) === true;
}

function shorten(given: Given): string {
  const text = String(given);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
