import type { Vocabulary } from '../../../pipeline/bundle-manifest.js';

/** The style that is none: what the references themselves are. */
export const PLAIN_STYLE = 'photo';

/** What is asked at once: over four people in turn, each expression comes up with each side once. */
const pairs = [
  [
    ['happy', 'left'],
    ['neutral', 'right'],
  ],
  [
    ['surprised', 'right'],
    ['sad', 'left'],
  ],
  [
    ['happy', 'right'],
    ['neutral', 'left'],
  ],
  [
    ['surprised', 'left'],
    ['sad', 'right'],
  ],
] as const;

/**
 * What is asked of each person: the given prompts, the same for everyone, or three in the model's own first words: two
 * that ask for an expression and a side, so that four people in turn cover every pair, and one for a style, in turn too.
 * A model without styles is asked for two.
 */
export function promptsFor(person: number, given: readonly string[], vocabulary: Vocabulary): readonly string[] {
  if (given.length > 0) return given;
  const asked = pairs[person % pairs.length] ?? pairs[0];
  const expressions = asked.map(([expression, side]) => {
    const words = [
      vocabulary.expressions[expression]?.[0] ?? expression,
      vocabulary.sides[side]?.[0] ?? `looking ${side}`,
    ];
    return words.join(', ');
  });
  return [...expressions, ...styleFor(person, vocabulary)];
}

function styleFor(person: number, { styles }: Vocabulary): string[] {
  const asked = Object.keys(styles).filter((style) => style !== PLAIN_STYLE);
  const style = asked[person % asked.length];
  return style === undefined ? [] : [styles[style]?.[0] ?? style];
}
