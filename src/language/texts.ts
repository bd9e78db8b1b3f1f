import { isOutOfRoom, LikenessError } from '../errors.js';
import { english, locales, type TextTree } from './locales.js';

/** A sentence, or one for each plural form of its `count` (CLDR categories; `other` always there). */
type Sentence = string | { readonly other: string; readonly [category: string]: string };
type Keys<Group, Prefix extends string = ''> = {
  [Name in keyof Group & string]: Group[Name] extends Sentence
    ? `${Prefix}${Name}`
    : Keys<Group[Name], `${Prefix}${Name}.`>;
}[keyof Group & string];

/** Every text the program can say, by its path in `locales/en.json`. */
export type TextKey = Keys<typeof english>;

/** Values of a text's `{name}` placeholders; `count` also chooses the plural form. */
export type TextData = Readonly<Record<string, string | number>>;

/** Gives the text of a key in one language, its placeholders filled in. */
export interface Translate {
  (key: TextKey, data?: TextData): string;
  /** BCP 47 tag of the language the texts are in. */
  readonly locale: string;
  /** Milliseconds in words, rounded up: seconds up to 90, then minutes up to 90, hours above. */
  duration(milliseconds: number): string;
}

/** Scripts written from right to left. */
const RIGHT_TO_LEFT: ReadonlySet<string> = new Set(['Arab', 'Hebr', 'Syrc', 'Thaa']);

/** Tags of the languages there are texts in. */
export const languages: readonly string[] = Object.keys(locales);

const byWriting = new Map(languages.map((tag) => [writingOf(tag), tag]));

/** What was found of tags lately: the apps of members name the same few again and again. */
const byTag = new Map<string, string | undefined>();
const MAX_TAGS = 1000;

/** The language there are texts in that a tag stands for, if there is one: whatever the region, in the same script. */
export function languageOf(tag: string): string | undefined {
  if (byTag.has(tag)) return byTag.get(tag);
  const writing = writingOf(tag);
  const found = writing === undefined ? undefined : byWriting.get(writing);
  if (byTag.size >= MAX_TAGS) byTag.clear();
  byTag.set(tag, found);
  return found;
}

/** Language and script of a tag, the script its region writes where it names none; nothing for what is no tag. */
function writingOf(tag: string): string | undefined {
  try {
    const { language, script } = new Intl.Locale(tag).maximize();
    return `${language}-${script}`;
  } catch {
    return undefined;
  }
}

const directions = new Map<string, 'ltr' | 'rtl'>();

/** Which way one of `languages` is written. */
export function directionOf(language: string): 'ltr' | 'rtl' {
  return remembered(directions, language, (tag) =>
    RIGHT_TO_LEFT.has(new Intl.Locale(tag).maximize().script ?? '') ? 'rtl' : 'ltr',
  );
}

/** The texts of a language; English where that language is not there. */
export function translator(locale: string): Translate {
  return remembered(translators, languageOf(locale) ?? 'en', createTranslator);
}

const translators = new Map<string, Translate>();

/** What was made of a key; making what formats numbers and words takes longer than using it. */
function remembered<Value>(kept: Map<string, Value>, key: string, make: (key: string) => Value): Value {
  const found = kept.get(key) ?? make(key);
  kept.set(key, found);
  return found;
}

function createTranslator(known: string): Translate {
  const plurals = new Intl.PluralRules(known);
  const translate = (key: TextKey, data: TextData = {}): string => {
    const found = find(locales[known], key) ?? find(english, key);
    return keepCommands(fill(choosePlural(found, plurals, data) ?? key, data, known), known);
  };
  return Object.assign(translate, { locale: known, duration: (ms: number) => formatDuration(ms, known) });
}

/** What a member reads about an error: its own sentence, or a general one where the error is not a `LikenessError`. */
export function errorText(error: unknown, t: Translate, general: TextKey = 'errors.failed'): string {
  if (error instanceof LikenessError) {
    const { photo } = error.data;
    const problem = t(error.key, sayable(error.data, t));
    return photo === undefined ? problem : t('photo.refused', { photo, problem });
  }
  return t(isOutOfRoom(error) ? 'errors.no-room' : general);
}

/** The data of an error in the member's language: `wait` is a time in milliseconds, `period` a span that is counted in. */
function sayable(data: TextData, t: Translate): TextData {
  const { wait, period } = data;
  return {
    ...data,
    ...(typeof wait === 'number' && { wait: t.duration(wait) }),
    ...((period === 'hour' || period === 'day') && { period: t(`limits.${period}`) }),
  };
}

/** The plain texts of one group, unfilled, by their names in it; texts with plural forms are left out. */
export function textsOf(group: keyof typeof english, locale: string): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const name of Object.keys(english[group])) {
    const text = find(locales[locale], `${group}.${name}`) ?? find(english, `${group}.${name}`);
    if (typeof text === 'string') texts[name] = keepCommands(text, locale);
  }
  return texts;
}

/** A mark that is not seen and is written from left to right. */
const LEFT_TO_RIGHT_MARK = '\u200e';
/** The slash of a command. */
const COMMAND = /(?<![\w/:<\u200e])\/(?=[a-z])/g;

/** Where a language is written from right to left, the slash of a command would stand at its end. */
function keepCommands(text: string, locale: string): string {
  return directionOf(locale) === 'rtl' ? text.replaceAll(COMMAND, `${LEFT_TO_RIGHT_MARK}/`) : text;
}

function find(tree: TextTree | undefined, key: string): TextTree | string | undefined {
  let found: TextTree | string | undefined = tree;
  for (const name of key.split('.')) found = typeof found === 'object' ? found[name] : undefined;
  return found;
}

function choosePlural(
  found: TextTree | string | undefined,
  plurals: Intl.PluralRules,
  data: TextData,
): string | undefined {
  if (typeof found !== 'object') return found;
  const form = found[plurals.select(Number(data['count'] ?? 0))] ?? found['other'];
  return typeof form === 'string' ? form : undefined;
}

function fill(sentence: string, data: TextData, locale: string): string {
  return sentence.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) => {
    const value = data[name];
    if (value === undefined) return placeholder;
    return typeof value === 'number' ? formatNumber(value, locale) : value;
  });
}

const numbers = new Map<string, Intl.NumberFormat>();

// Digits are those that members type back: a seed, a place in a list.
function formatNumber(value: number, locale: string): string {
  const options = { useGrouping: false, numberingSystem: 'latn' } as const;
  return remembered(numbers, locale, () => new Intl.NumberFormat(locale, options)).format(value);
}

const durations = new Map<string, Intl.NumberFormat>();

function formatDuration(milliseconds: number, locale: string): string {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  const minutes = Math.ceil(seconds / 60);
  const longer = minutes <= 90 ? ([minutes, 'minute'] as const) : ([Math.ceil(minutes / 60), 'hour'] as const);
  const [value, unit] = seconds <= 90 ? [seconds, 'second'] : longer;
  const options = { style: 'unit', unit, unitDisplay: 'long', numberingSystem: 'latn' } as const;
  return remembered(durations, `${locale} ${unit}`, () => new Intl.NumberFormat(locale, options)).format(value);
}
