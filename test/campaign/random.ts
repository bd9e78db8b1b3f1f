/** Numbers that look random and come again with the same seed. */
export interface Dice {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number from 0 to below `end`. */
  below(end: number): number;
  chance(share: number): boolean;
  /** One of some. */
  pick<Value>(values: readonly [Value, ...Value[]]): Value;
}

/** Numbers of a linear congruential generator (Numerical Recipes), of which the upper bits are taken. */
export function createDice(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
  const below = (end: number): number => Math.floor(next() * end);
  return {
    next,
    below,
    chance: (share) => next() < share,
    pick: (values) => values[below(values.length)] ?? values[0],
  };
}
