import type { Addition, Vocabulary } from '../../../pipeline/index.js';

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

/** The groups of a vocabulary that hold what can be added to a portrait. */
const additionGroups = {
  accessory: 'accessories',
  backdrop: 'backdrops',
  light: 'lights',
} as const satisfies Record<Addition, keyof Vocabulary>;

/**
 * What is asked of each person: the given prompts, the same for everyone, or in the model's own first words: two that ask
 * for an expression and a side, so that four people in turn cover every pair, and one each for a style, an accessory, a
 * backdrop and a light, in turn too. A model is not asked for what it has no words for.
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
  const { [PLAIN_STYLE]: _, ...styles } = vocabulary.styles;
  const added = Object.values(additionGroups).map((group) => vocabulary[group]);
  return [...expressions, ...[styles, ...added].flatMap((labels) => oneOf(labels, person))];
}

/** The first words of one label, in turn over the people. */
function oneOf(labels: Readonly<Record<string, readonly string[]>>, person: number): string[] {
  const named = Object.entries(labels);
  const [label, words] = named[person % named.length] ?? [];
  return label === undefined ? [] : [words?.[0] ?? label];
}
