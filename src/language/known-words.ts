/** What a model understands of a prompt that is in its own words already. */
export interface WordCheck {
  /** Whether any of it means something to the model. */
  readonly means: boolean;
  /** Words it was not trained on, in their order, each once. */
  readonly unknown: readonly string[];
  /** The prompt with the words it was probably meant to have, where some are a letter or two off. */
  readonly near?: string;
}

/** The words and phrases of a model. */
export interface KnownWords {
  readonly words: ReadonlySet<string>;
  readonly phrases: readonly string[];
}

const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}'-]*/gu;
/** The shortest word of which a letter can be off without its being another. */
const SHORTEST = 5;
/** From this length on two letters may be off. */
const LONG = 8;

/** Checks a prompt against what a model knows. */
export function checkWords(prompt: string, { words, phrases }: KnownWords): WordCheck {
  const plain = prompt.normalize('NFKC').toLowerCase();
  const said = plain.match(WORD) ?? [];
  const isKnown = (word: string): boolean =>
    words.has(word) || (word.includes('-') && word.split('-').every((part) => words.has(part)));
  const unknown = [...new Set(said.filter((word) => !isKnown(word)))];
  const spaced = ` ${said.join(' ')} `;
  const means = phrases.some((phrase) => spaced.includes(` ${phrase} `));
  const near = nearest(plain, said, { isKnown, words });
  return { means, unknown, ...(near !== undefined && { near }) };
}

/** The prompt with its mistyped words mended; nothing where none looks mistyped. */
function nearest(
  plain: string,
  said: readonly string[],
  { isKnown, words }: { readonly isKnown: (word: string) => boolean; readonly words: ReadonlySet<string> },
): string | undefined {
  let mended = plain;
  for (let index = 0; index < said.length; index++) {
    const [word = '', next = ''] = said.slice(index);
    if (isKnown(word)) continue;
    if (next !== '' && words.has(word + next)) {
      mended = mended.replace(`${word} ${next}`, word + next);
      index++;
    } else mended = mended.replace(word, closest(word, words) ?? word);
  }
  return mended === plain ? undefined : mended;
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
