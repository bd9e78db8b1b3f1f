import { normaliseText } from './normalise.js';

/** Digits and signs that are written in place of letters. */
const disguises: Readonly<Record<string, string>> = {
  a: '4@*',
  b: '8',
  c: '(',
  e: '3€*',
  g: '9',
  i: '1!|*',
  l: '1|',
  o: '0*',
  s: '5$',
  t: '7+',
  u: '*',
  z: '2',
};

/** Whatever is no letter and no digit, once every sign without a meaning of its own has become a space. */
const NO_WORD = String.raw` @*€!|($+._\-`;
const MEANINGLESS = new RegExp(String.raw`[^\p{L}\p{M}\p{N}${NO_WORD}]`, 'gu');
const NO_WORD_BEFORE = `(?<![^${NO_WORD}])`;
const NO_WORD_AFTER = `(?![^${NO_WORD}])`;
/** What may stand inside a word that is pulled apart a little, and between all letters of one that is spelt out. */
const JOINT = String.raw`[._\-]?`;
const GAP = `[${NO_WORD}]{1,3}`;
const BETWEEN_WORDS = `[${NO_WORD}]+`;

/** Scripts that part no words: what is looked for stands anywhere between other letters. */
const UNPARTED = /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/u;

/** The longest row of one sign that is told from shorter ones; longer rows are cut to it first. */
const REPEATS = 3;
/** The longest row that stands for one letter: it may be of several signs. */
const LONGEST = 4 * REPEATS;
const LONG_ROW = new RegExp(String.raw`(.)\1{${REPEATS},}`, 'gsu');

/** Fewer letters are not looked for spelt out: they stand side by side by chance. */
const SPELT_OUT = 3;

/** Finds the first of some words in a text. */
export type Matcher = (text: string) => string | undefined;

/**
 * A matcher that sees through case, accents, invisible characters, lookalikes of other scripts, digits for letters,
 * letters written several times and words that are spelt out. `*` at the end of a word stands for any ending.
 */
export function createMatcher(words: readonly string[]): Matcher {
  const patterns = words.flatMap((word) => {
    const pattern = patternOf(word);
    return pattern ? [{ word, pattern }] : [];
  });
  return (text) => {
    const known = normaliseText(text).replaceAll(MEANINGLESS, ' ');
    const normal = known.replaceAll(LONG_ROW, (_, letter: string) => letter.repeat(REPEATS));
    return patterns.find(({ pattern }) => pattern.test(normal))?.word;
  };
}

function patternOf(word: string): RegExp | undefined {
  const open = word.endsWith('*');
  const parts = normaliseText(open ? word.slice(0, -1) : word)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== '');
  if (parts.length === 0) return undefined;
  const unparted = UNPARTED.test(parts[0] ?? '');
  const [before, after] = unparted ? ['', ''] : [NO_WORD_BEFORE, NO_WORD_AFTER];
  const end = open ? '' : after;
  const written = parts.map(writtenOut).join(BETWEEN_WORDS) + end;
  const letters = [...parts.join('')];
  const spelt = letters.map(classOf).join(GAP) + after;
  const ways = letters.length < SPELT_OUT ? written : `(?:${written}|${spelt})`;
  return new RegExp(before + ways, 'u');
}

/** Each letter as often as in the word itself, or more often. */
function writtenOut(part: string): string {
  const rows = part.match(/(.)\1*/gu) ?? [];
  return rows
    .map((row) => {
      const letters = [...row];
      const least = Math.min(letters.length, REPEATS);
      return `${classOf(letters[0] ?? '')}{${least},${LONGEST}}`;
    })
    .join(JOINT);
}

function classOf(letter: string): string {
  const signs = `${letter}${disguises[letter] ?? ''}`;
  return `[${signs.replaceAll(/[\\\]^\-[|()*+$]/g, String.raw`\$&`)}]`;
}
