/**
 * Finds phrases in what members wrote. No pattern is made of a phrase: V8 takes ten milliseconds to compile one that asks for
 * letters of any script, and there are hundreds of phrases in each language.
 */

/** A text as phrases are looked for in it. */
export interface Searched {
  readonly text: string;
  /** The text in small letters without accents, apostrophes straight, with one space for every gap and hyphen between words. */
  readonly bare: string;
  /** Where each character of `bare` stands in `text`, and at last the end. */
  readonly places: readonly number[];
}

/** A stretch: its first character and the one after its last. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A phrase as it may be written: with or without accents, with spaces or hyphens, its `*` standing for any ending. */
export interface Phrase {
  readonly written: string;
  /** What stands between its `*`. */
  readonly literals: readonly string[];
}

/**
 * Where a phrase may begin and end. `words`: where words do, and a hyphen makes one word of several, as in "left-handed",
 * which is not the left. `compounds`: beside a hyphen as well, as in "Aquarell-Stil". `anywhere`: in scripts that part no words.
 */
export type Borders = 'words' | 'compounds' | 'anywhere';

/** What is searched of a text, in characters of `bare`, and how. */
export interface Within extends Range {
  readonly borders: Borders;
}

/** A word: letters and digits; hyphens and apostrophes join them. */
export const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}'-]*/gu;
const GAP = /[\s\p{Pd}_]/u;
const LETTERS = /[\p{L}\p{M}]*/uy;
const ENDS_IN_WORD = { words: /[\p{L}\p{N}\p{M}\u2010-]$/u, compounds: /[\p{L}\p{N}\p{M}]$/u };
const BEGINS_WORD = { words: /^[\p{L}\p{N}\p{M}\u2010-]/u, compounds: /^[\p{L}\p{N}\p{M}]/u };
/** What makes another letter of the one before it. */
const VOICED = /^[\u3099\u309a]/;

/** Letters and accents apart, in small letters, apostrophes straight. */
export function plainOf(text: string): string {
  return text.normalize('NFKD').toLowerCase().replaceAll('\u2019', "'");
}

/** The words of a text, in its order. */
export function wordsOf(text: string): string[] {
  return text.match(WORD) ?? [];
}

/** Says whether a word is among some, whatever its accents: as it is or, where hyphens join several, each of them. */
export function isAmong(words: Iterable<string>): (word: string) => boolean {
  const known = new Set([...words].map(withoutAccents));
  return (given) => {
    const word = withoutAccents(given);
    return known.has(word) || (word.includes('-') && word.split('-').every((part) => known.has(part)));
  };
}

function withoutAccents(text: string): string {
  return isAscii(text) ? text : [...plainOf(text)].filter((unit) => !isAccent(unit)).join('');
}

/** Prepares a text for searching. */
export function searched(text: string): Searched {
  const places: number[] = [];
  let bare = '';
  let place = 0;
  for (const character of text) {
    for (const unit of isAscii(character) ? character.toLowerCase() : plainOf(character)) {
      if (isAccent(unit)) continue;
      const isGap = GAP.test(unit);
      if (isGap && bare.endsWith(' ')) continue;
      bare += isGap ? ' ' : unit;
      for (let part = 0; part < unit.length; part++) places.push(place + (character.length === unit.length ? part : 0));
    }
    place += character.length;
  }
  return { text, bare, places: [...places, text.length] };
}

/** The phrase in the form in which it is looked for. */
export function phraseOf(written: string): Phrase {
  return { written, literals: searched(written).bare.split('*') };
}

/** All of a text. */
export function wholeOf({ bare }: Searched, borders: Borders): Within {
  return { from: 0, to: bare.length, borders };
}

/** The first place of a phrase, in `bare`. */
export function findPhrase({ literals }: Phrase, text: Searched, within: Within): Range | undefined {
  const [first = '', ...others] = literals;
  const { bare } = text;
  for (let from = bare.indexOf(first, within.from); from >= 0; from = bare.indexOf(first, from + 1)) {
    if (from + first.length > within.to) return undefined;
    if (!beginsAt(from, text, within.borders)) continue;
    const to = endOf(others, from + first.length, { text, ...within });
    if (to !== undefined) return { from, to };
  }
  return undefined;
}

/** A phrase that was found, and where. */
export type Found<Known extends Phrase> = Range & { readonly phrase: Known };

/**
 * The places of phrases in a text, in its order. Those that come first in the list are looked for first: give the longest
 * first. A stretch of the text counts for one phrase only.
 */
export function findPhrases<Known extends Phrase>(
  phrases: readonly Known[],
  text: Searched,
  within: Within,
): Found<Known>[] {
  for (const [index, phrase] of phrases.entries()) {
    const found = findPhrase(phrase, text, within);
    if (!found) continue;
    // What is before it in the list stands nowhere, and so in neither part.
    const others = phrases.slice(index);
    return [
      ...findPhrases(others, text, { ...within, to: found.from }),
      { phrase, ...found },
      ...findPhrases(others, text, { ...within, from: found.to }),
    ];
  }
  return [];
}

/** A stretch of `bare` in the text itself. */
export function rangeIn({ text, places }: Searched, { from, to }: Range): Range {
  return { from: places[from] ?? text.length, to: places[to] ?? text.length };
}

/** Puts the longest first. */
export function longestFirst<Known extends Phrase>(phrases: readonly Known[]): Known[] {
  return phrases.toSorted((first, second) => second.written.length - first.written.length);
}

interface Rest extends Within {
  readonly text: Searched;
}

/** Where the phrase ends whose last found literal ends at a place; the endings that `*` stands for are as long as they can be. */
function endOf(literals: readonly string[], at: number, rest: Rest): number | undefined {
  const { text, to } = rest;
  const [next, ...others] = literals;
  if (next === undefined) return at <= to && endsAt(at, text, rest.borders) ? at : undefined;
  LETTERS.lastIndex = at;
  for (let end = at + (LETTERS.exec(text.bare)?.[0].length ?? 0); end >= at; end--) {
    if (!text.bare.startsWith(next, end)) continue;
    const found = endOf(others, end + next.length, rest);
    if (found !== undefined) return found;
  }
  return undefined;
}

// Two code units make sure of a letter outside the basic plane.
function beginsAt(at: number, { text, places }: Searched, borders: Borders): boolean {
  if (borders === 'anywhere') return true;
  const place = places[at] ?? 0;
  return !ENDS_IN_WORD[borders].test(text.slice(Math.max(0, place - 2), place));
}

function endsAt(at: number, { text, bare, places }: Searched, borders: Borders): boolean {
  if (borders === 'anywhere') return !VOICED.test(bare.slice(at, at + 1));
  const place = places[at] ?? text.length;
  return !BEGINS_WORD[borders].test(text.slice(place, place + 2));
}

function isAscii(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return /^[\0-\x7f]*$/.test(text);
}

function isAccent(unit: string): boolean {
  const code = unit.charCodeAt(0);
  return (code >= 0x300 && code <= 0x36f) || (code >= 0x64b && code <= 0x655);
}
