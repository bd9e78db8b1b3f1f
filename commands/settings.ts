import type { CommandOption } from '../src/chat/command-definition.js';
import type { Place } from '../src/chat/invocation.js';
import { type Options, readOptions } from '../src/chat/options.js';
import { findPreset, type Preset } from '../src/chat/presets.js';
import { LikenessError } from '../src/errors.js';
import type { Translate } from '../src/language/texts.js';
import type { ServerSettings, SettingsChange } from '../src/members/servers.js';
import { typedKeys } from '../src/typed-keys.js';
import { administeredServer } from './admission.js';
import type { Command, CommandCall } from './command.js';
import { findLanguage } from './language.js';

/** Take a setting back: everywhere and everyone, no word, the members' own languages. */
const ANY = 'any';
const NONE = 'none';
const AUTO = 'auto';
/** The channel in which it is said. */
const HERE = 'here';

const MAX_LIST = 1000;
const MAX_TAG = 35;
const MAX_LIMIT = 1_000_000;
const MAX_COUNT = 10;

const text = (name: TextName, maxLength: number): CommandOption => ({
  type: 'text',
  name,
  description: `commands.settings.${name}`,
  maxLength,
});

const limit = (name: LimitName, max: number): CommandOption => ({
  type: 'integer',
  name,
  description: `commands.settings.${name}`,
  min: 0,
  max,
  error: 'limit-out-of-range',
});

type TextName = 'channels' | 'roles' | 'role' | 'styles' | 'language' | 'blocked-words';
type LimitName = keyof typeof limits;

/** The limits by the names of their options. */
const limits = {
  'member-hour': 'memberPerHour',
  'member-day': 'memberPerDay',
  'server-hour': 'serverPerHour',
  'server-day': 'serverPerDay',
  newcomers: 'newcomersPerHour',
  'largest-count': 'largestCount',
} as const satisfies Record<string, keyof ServerSettings>;

const limitNames = typedKeys(limits);

/** What the administrators of a server decide for it: shown without options, changed by each that is given. */
export const settings: Command = {
  name: 'settings',
  description: 'commands.settings.description',
  forAdministrators: true,
  options: [
    text('channels', MAX_LIST),
    text('roles', MAX_LIST),
    text('role', MAX_LIST),
    ...limitNames.map((name) => limit(name, name === 'largest-count' ? MAX_COUNT : MAX_LIMIT)),
    text('styles', MAX_LIST),
    text('language', MAX_TAG),
    text('blocked-words', MAX_LIST),
    { type: 'switch', name: 'reset', description: 'commands.settings.reset' },
  ],
  async run(call) {
    const { invocation, reply, t, services } = call;
    const options = readOptions(settings, invocation.options, services.presets);
    const server = await administeredServer(call);
    const role = options.text('role');
    const read = readChange(options, call);
    const change = role === undefined ? read : await forRole(role, read, call);
    const reset = options.switch('reset');
    if (reset) await services.servers.forget(server);
    const changed = Object.keys(change).length > 0;
    const now = changed ? await services.servers.change(server, change) : await services.servers.settings(server);
    const head = t(changed || reset ? 'commands.settings.changed' : 'commands.settings.now');
    await reply.say([head, ...describe(now, t)].join('\n'));
  },
};

function readChange(options: Options, { invocation: { place, standing }, services }: CommandCall): SettingsChange {
  const channels = options.text('channels');
  const roles = options.text('roles');
  const language = options.text('language')?.trim();
  const styles = options.text('styles');
  const blocked = options.text('blocked-words');
  if (roles !== undefined && standing.roles === undefined) throw new LikenessError('no-roles-here');
  const numbers = limitNames.flatMap((name) => {
    const value = options.integer(name);
    return value === undefined ? [] : [[limits[name], value === 0 ? undefined : value] as const];
  });
  return {
    ...(channels !== undefined && { channels: readIds('channels', channels, place) }),
    ...(roles !== undefined && { roles: readIds('roles', roles) }),
    ...Object.fromEntries(numbers),
    ...(language !== undefined && { language: readLanguage(language, services.languages) }),
    ...(styles !== undefined && { styles: readStyles(styles, services.presets.styles) }),
    ...(blocked !== undefined && { blockedWords: readWords(blocked) }),
  };
}

/** The same, but for the albums a day: they are for members with a role, and 0 takes that back. */
async function forRole(
  given: string,
  { memberPerDay: perDay, ...others }: SettingsChange,
  { invocation, services }: CommandCall,
): Promise<SettingsChange> {
  const { standing, member, place, options } = invocation;
  if (standing.roles === undefined) throw new LikenessError('no-roles-here');
  const ids = readIds('role', given);
  if (ids.length === 0) throw new LikenessError('option-invalid', { option: 'role', given });
  if (options['member-day'] === undefined)
    throw new LikenessError('option-invalid', { option: 'member-day', given: '' });
  const { rolesPerDay } = await services.servers.settings({ platform: member.platform, id: place.server ?? '' });
  const kept = Object.entries(rolesPerDay).filter(([id]) => !ids.includes(id));
  const added = perDay === undefined ? [] : ids.map((id) => [id, perDay] as const);
  return { ...others, rolesPerDay: Object.fromEntries([...kept, ...added]) };
}

function readLanguage(given: string, languages: readonly string[]): string | undefined {
  return given.toLowerCase() === AUTO ? undefined : findLanguage(given, languages);
}

/** Ids, as they are or as Discord writes a mention of a channel or a role. */
function readIds(option: 'channels' | 'roles' | 'role', given: string, here?: Place): string[] {
  const words = given.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 1 && words[0]?.toLowerCase() === ANY) return [];
  return words.map((word) => {
    if (here !== undefined && word.toLowerCase() === HERE) return here.id;
    const [, mentioned, plain] = /^(?:<(?:#|@&)(\d{1,25})>|(-?\d{1,25}))$/.exec(word) ?? [];
    const id = mentioned ?? plain;
    if (id === undefined) throw new LikenessError('option-invalid', { option, given: word.slice(0, 40) });
    return id;
  });
}

/** Names of styles, or of none in particular. */
function readStyles(given: string, known: readonly Preset[]): string[] {
  if (given.trim().toLowerCase() === ANY) return [];
  return readWords(given).map((word) => {
    const style = findPreset(known, word);
    if (style) return style.name;
    const names = known.map(({ name }) => name).join(', ');
    throw new LikenessError('choice-unknown', { given: word.slice(0, 40), option: 'style', known: names });
  });
}

function readWords(given: string): string[] {
  const words = given.split(/[,\n]/).map((word) => word.trim());
  const kept = words.filter((word) => word !== '');
  return kept.length === 1 && kept[0]?.toLowerCase() === NONE ? [] : kept;
}

/** One line a setting, by the name it is changed by. */
function describe(set: ServerSettings, t: Translate): string[] {
  const list = (values: readonly string[], empty: string): string => (values.length > 0 ? values.join(', ') : empty);
  const values: [string, string | number][] = [
    ['channels', list(set.channels, ANY)],
    ['roles', list(set.roles, ANY)],
    ...limitNames.map((name): [string, string | number] => [name, set[limits[name]] ?? t('commands.settings.open')]),
    ...Object.entries(set.rolesPerDay).map(([role, perDay]): [string, number] => [`role:${role} member-day`, perDay]),
    ['styles', list(set.styles, ANY)],
    ['language', set.language ?? AUTO],
    ['blocked-words', list(set.blockedWords, NONE)],
  ];
  return values.map(([option, value]) => t('commands.settings.line', { option, value }));
}
