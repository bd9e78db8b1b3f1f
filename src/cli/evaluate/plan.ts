import type { Vocabulary } from '../../../pipeline/bundle-manifest.js';

/** Pairs of what is asked at once: each expression with each side comes up equally often over two people. */
const pairs = [
  [
    ['happy', 'left'],
    ['neutral', 'right'],
  ],
  [
    ['happy', 'right'],
    ['neutral', 'left'],
  ],
] as const;

/**
 * What is asked of each person: the given prompts, the same for everyone, or two that ask for an expression and a side in
 * the model's own first words for them, so that people in turn cover every pair.
 */
export function promptsFor(person: number, given: readonly string[], vocabulary: Vocabulary): readonly string[] {
  if (given.length > 0) return given;
  const asked = pairs[person % 2 === 0 ? 0 : 1];
  return asked.map(([expression, side]) => {
    const words = [
      vocabulary.expressions[expression]?.[0] ?? expression,
      vocabulary.sides[side]?.[0] ?? `looking ${side}`,
    ];
    return words.join(', ');
  });
}
