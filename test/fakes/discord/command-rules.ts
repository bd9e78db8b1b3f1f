import { demand } from './api-error.js';
import { asObject, asObjects, asText, type Json } from './json.js';

const CHAT_NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
const LOCALES = new Set(
  'id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko'.split(
    ' ',
  ),
);
const MAX_TOTAL = 8000;
/** The type of an option that is a command of its own. */
const SUBCOMMAND = 1;
/** Most commands of each type. */
const MOST: Readonly<Record<number, number>> = { 1: 100, 2: 15, 3: 15 };

/** Refuses a bulk overwrite that Discord would refuse. */
export function checkCommands(body: unknown): Json[] {
  const commands = asObjects(body, 'commands');
  for (const command of commands) checkCommand(command);
  for (const [type, most] of Object.entries(MOST)) {
    const names = commands.filter((command) => (command['type'] ?? 1) === Number(type)).map(({ name }) => name);
    demand(names.length <= most, `at most ${most} commands of type ${type}`);
    demand(new Set(names).size === names.length, 'APPLICATION_COMMANDS_DUPLICATE_NAME');
  }
  return commands;
}

function checkCommand(command: Json): void {
  const type = command['type'] ?? 1;
  demand(type === 1 || type === 2 || type === 3, 'type');
  const isChat = type === 1;
  checkName(command['name'], isChat);
  checkLocalised(command['name_localizations'], (name) => checkName(name, isChat));
  checkEach(command['contexts'], [0, 1, 2], 'contexts');
  checkEach(command['integration_types'], [0, 1], 'integration_types');
  if (!isChat) {
    demand((command['description'] ?? '') === '', 'a menu entry has no description');
    demand(command['options'] === undefined, 'a menu entry has no options');
    return;
  }
  checkDescription(command);
  const options = asObjects(command['options'], 'options');
  const parts = options.filter(({ type: kind }) => kind === SUBCOMMAND);
  demand(parts.length === 0 || parts.length === options.length, 'subcommands and options exclude each other');
  const below = parts.flatMap((part) => asObjects(part['options'], 'options'));
  for (const part of parts) {
    checkName(part['name'], true);
    checkLocalised(part['name_localizations'], (name) => checkName(name, true));
    checkDescription(part);
    checkOptions(asObjects(part['options'], 'options'));
  }
  demand(new Set(parts.map(({ name }) => name)).size === parts.length, 'subcommand names repeat');
  if (parts.length === 0) checkOptions(options);
  const texts = [command, ...options, ...below];
  demand(texts.reduce((sum, owner) => sum + textLength(owner), 0) <= MAX_TOTAL, 'too long');
}

function checkOptions(options: readonly Json[]): void {
  demand(options.length <= 25, 'at most 25 options');
  demand(new Set(options.map(({ name }) => name)).size === options.length, 'option names repeat');
  const firstOptional = options.findIndex(({ required }) => required !== true);
  const late = firstOptional >= 0 && options.slice(firstOptional).some(({ required }) => required === true);
  demand(!late, 'Required options must be placed before non-required options');
  for (const option of options) checkOption(option);
}

function checkOption(option: Json): void {
  const type = Number(option['type']);
  demand(Number.isInteger(type) && type >= 3 && type <= 11, 'option type');
  checkName(option['name'], true);
  checkLocalised(option['name_localizations'], (name) => checkName(name, true));
  checkDescription(option);
  const choices = asObjects(option['choices'], 'choices');
  demand(choices.length <= 25, 'at most 25 choices');
  for (const choice of choices) asText(choice['name'], 'choice name', [1, 100]);
  const completes = option['autocomplete'] === true;
  demand(!completes || choices.length === 0, 'autocomplete and choices exclude each other');
  demand(!completes || [3, 4, 10].includes(type), 'autocomplete is for text and numbers');
  checkRange(option, ['min_value', 'max_value'], { allowed: type === 4 || type === 10, limit: 2 ** 53 });
  checkRange(option, ['min_length', 'max_length'], { allowed: type === 3, limit: 6000 });
}

function checkRange(
  option: Json,
  names: readonly string[],
  { allowed, limit }: { readonly allowed: boolean; readonly limit: number },
): void {
  for (const name of names) {
    const value = option[name];
    if (value === undefined) continue;
    demand(allowed && typeof value === 'number' && Math.abs(value) <= limit, name);
  }
}

function checkName(name: unknown, isChat: boolean): void {
  const text = asText(name, 'name', [1, 32]);
  if (isChat) demand(CHAT_NAME.test(text) && text === text.toLowerCase(), `name ${text} does not match`);
}

function checkDescription(owner: Json): void {
  asText(owner['description'], 'description', [1, 100]);
  checkLocalised(owner['description_localizations'], (text) => void asText(text, 'description', [1, 100]));
}

function checkLocalised(texts: unknown, check: (text: unknown) => void): void {
  if (texts === undefined || texts === null) return;
  for (const [locale, text] of Object.entries(asObject(texts, 'localizations'))) {
    demand(LOCALES.has(locale), `unknown locale ${locale}`);
    check(text);
  }
}

function checkEach(values: unknown, allowed: readonly number[], what: string): void {
  if (values === undefined) return;
  demand(Array.isArray(values) && values.every((value) => allowed.includes(Number(value))), what);
}

/** The longest of name and description in any language, as the limit on the whole command counts. */
function textLength(owner: Json): number {
  const longest = (text: unknown, localised: unknown): number =>
    Math.max(...[text ?? '', ...Object.values((localised ?? {}) as Json)].map((value) => String(value).length));
  const { name, name_localizations: names, description, description_localizations: descriptions } = owner;
  return longest(name, names) + longest(description, descriptions);
}
