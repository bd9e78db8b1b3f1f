import {
  findPhrase,
  isAmong,
  phraseOf,
  type Range,
  searched,
  WORD,
  wholeOf,
  wordsOf,
} from '../../pipeline/text/phrases.js';

/** What a model understands of a prompt that is in its own words already. */
export interface WordCheck {
  /** Whether any of it means something to the model. */
  readonly means: boolean;
  /** Words it was not trained on, in their order, each once. */
  readonly unknown: readonly string[];
  /** Those of them that are probably mistyped, each once, and what was probably meant. */
  readonly slips: readonly Slip[];
  /** The prompt with what was probably meant, where words are mistyped. */
  readonly near?: string;
}

/** A mistyped word, or two that are one. */
export interface Slip {
  readonly written: string;
  readonly near: string;
}

/** The words and phrases of a model. */
export interface KnownWords {
  readonly words: readonly string[];
  readonly phrases: readonly string[];
}

/** The shortest word of which a letter can be off without its being another. */
const SHORTEST = 5;
/** From this length on two letters may be off. */
const LONG = 8;

/** Checks prompts against what a model knows. */
export interface WordChecker {
  check(prompt: string): WordCheck;
  /** The same words as `check` names, in far less time. */
  unknownIn(prompt: string): readonly string[];
}

export function createWordChecker(known: KnownWords): WordChecker {
  const words = new Set(known.words);
  const isKnown = isAmong(words);
  const phrases = known.phrases.map(phraseOf);
  const unknownIn = (prompt: string): string[] => [
    ...new Set(wordsOf(plainCase(prompt)).filter((word) => !isKnown(word))),
  ];
  return {
    unknownIn,
    check(prompt) {
      const plain = plainCase(prompt);
      const text = searched(plain);
      const means = phrases.some((phrase) => findPhrase(phrase, text, wholeOf(text, 'words')) !== undefined);
      return { means, unknown: unknownIn(prompt), ...mend(plain, findSlips(plain, { isKnown, words })) };
    },
  };
}

function plainCase(prompt: string): string {
  return prompt.normalize('NFKC').toLowerCase();
}

/** A slip and where it stands. */
interface FoundSlip extends Slip, Range {}

function findSlips(
  plain: string,
  { isKnown, words }: { readonly isKnown: (word: string) => boolean; readonly words: ReadonlySet<string> },
): FoundSlip[] {
  const said = [...plain.matchAll(WORD)].map(({ 0: word, index }) => ({ word, from: index, to: index + word.length }));
  const slips: FoundSlip[] = [];
  for (const [place, { word, from, to }] of said.entries()) {
    if (isKnown(word) || from < (slips.at(-1)?.to ?? 0)) continue;
    const next = said[place + 1];
    const isOne = next !== undefined && words.has(word + next.word) && plain.slice(to, next.from).trim() === '';
    const end = isOne ? next.to : to;
    const near = isOne ? word + next.word : closest(word, words);
    if (near !== undefined) slips.push({ written: plain.slice(from, end), near, from, to: end });
  }
  return slips;
}

function mend(plain: string, found: readonly FoundSlip[]): Pick<WordCheck, 'slips' | 'near'> {
  if (found.length === 0) return { slips: [] };
  const mended = found
    .toReversed()
    .reduce((text, { from, to, near }) => text.slice(0, from) + near + text.slice(to), plain);
  const slips = new Map(found.map(({ written, near }) => [written, { written, near }]));
  return { slips: [...slips.values()], near: mended };
}

function closest(word: string, words: ReadonlySet<string>): string | undefined {
  if (word.length < SHORTEST) return undefined;
  const limit = word.length >= LONG ? 2 : 1;
  let best: { readonly word: string; readonly distance: number } | undefined;
  for (const known of words) {
    if (known.length < SHORTEST || Math.abs(known.length - word.length) > limit) continue;
    const distance = distanceOf(word, known);
    if (distance <= limit && (!best || distance < best.distance)) best = { word: known, distance };
  }
  return best?.word;
}

/** Letters to add, leave out, change or swap with their neighbour until one word is the other (optimal string alignment). */
function distanceOf(first: string, second: string): number {
  let before: number[] = [];
  let above = Array.from({ length: second.length + 1 }, (_, index) => index);
  for (let row = 1; row <= first.length; row++) {
    const current = [row];
    for (let column = 1; column <= second.length; column++) {
      const same = first[row - 1] === second[column - 1];
      const steps = [
        (above[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
      ];
      const swapped = first[row - 1] === second[column - 2] && first[row - 2] === second[column - 1];
      if (swapped && row > 1 && column > 1) steps.push((before[column - 2] ?? 0) + 1);
      current.push(Math.min(...steps));
    }
    before = above;
    above = current;
  }
  return above[second.length] ?? 0;
}
