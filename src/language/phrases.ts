/**
 * Finds phrases in text without a pattern for each: V8 takes ten milliseconds to compile one that asks for letters of any
 * script, and a glossary has five hundred phrases.
 */

/** A text as phrases are looked for in it. */
export interface Searched {
  readonly plain: string;
  /** Without accents that are left out where they are hard to type, and with one space for every gap between words. */
  readonly bare: string;
  /** Where each character of `bare` stands in `plain`, and at last the end. */
  readonly places: readonly number[];
}

/** From where to where, in `bare`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A phrase as it may be written: with or without accents, its `*` standing for any ending. */
export interface Phrase {
  /** What stands between its `*`. */
  readonly literals: readonly string[];
}

const GAP = /[\s-]/;
const LETTERS = /[\p{L}\p{M}]*/uy;
const ENDS_IN_WORD = /[\p{L}\p{N}\p{M}]$/u;
const BEGINS_WORD = /^[\p{L}\p{N}\p{M}]/u;
/** What makes another letter of the one before it. */
const VOICED = /^[\u3099\u309a]/;

/** Letters and accents apart, in small letters, apostrophes straight. */
export function plainOf(text: string): string {
  return text.normalize('NFKD').toLowerCase().replaceAll('\u2019', "'");
}

/** Prepares a text in the form of `plainOf`. */
export function searched(plain: string): Searched {
  const places: number[] = [];
  let bare = '';
  for (const [place, unit] of plain.split('').entries()) {
    if (isAccent(unit.charCodeAt(0))) continue;
    const isGap = GAP.test(unit);
    if (isGap && bare.endsWith(' ')) continue;
    bare += isGap ? ' ' : unit;
    places.push(place);
  }
  return { plain, bare, places: [...places, plain.length] };
}

/** The phrase in the form in which it is looked for. */
export function phraseOf(written: string): Phrase {
  return { literals: searched(plainOf(written)).bare.split('*') };
}

/** The first place of a phrase within a range; as whole words where the script `parted` them by spaces. */
export function find(
  { literals }: Phrase,
  text: Searched,
  within: Range & { readonly parted: boolean },
): Range | undefined {
  const [first = '', ...others] = literals;
  const { bare } = text;
  for (let from = bare.indexOf(first, within.from); from >= 0; from = bare.indexOf(first, from + 1)) {
    if (from + first.length > within.to) return undefined;
    if (within.parted && ENDS_IN_WORD.test(bare.slice(Math.max(0, from - 2), from))) continue;
    const to = endOf(others, from + first.length, { bare, ...within });
    if (to !== undefined) return { from, to };
  }
  return undefined;
}

interface Rest {
  readonly bare: string;
  readonly to: number;
  readonly parted: boolean;
}

/** Where the phrase ends whose last found literal ends at a place; the endings that `*` stands for are as long as they can be. */
function endOf(literals: readonly string[], at: number, rest: Rest): number | undefined {
  const { bare, to, parted } = rest;
  const [next, ...others] = literals;
  if (next === undefined) {
    const after = bare.slice(at, at + 2);
    return at <= to && !(parted ? BEGINS_WORD : VOICED).test(after) ? at : undefined;
  }
  LETTERS.lastIndex = at;
  for (let end = at + (LETTERS.exec(bare)?.[0].length ?? 0); end >= at; end--) {
    if (!bare.startsWith(next, end)) continue;
    const found = endOf(others, end + next.length, rest);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isAccent(unit: number): boolean {
  return (unit >= 0x300 && unit <= 0x36f) || (unit >= 0x64b && unit <= 0x655);
}
