import { philox4x32 } from '../../../pipeline/index.js';

/** A mean over observations, with the 95 % bootstrap interval that comes from drawing people anew. */
export interface MeanEstimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Observations the mean is taken over. */
  readonly count: number;
}

const draws = 1000;

/**
 * Mean of all observations. The interval resamples people, not observations: portraits of one person are not independent.
 * @param groups observations of each person; people without any are left out
 * @returns undefined where there is no observation at all
 */
export function estimate(groups: readonly (readonly number[])[], seed: number): MeanEstimate | undefined {
  return bootstrap(
    groups.map((values) => ({ sum: sum(values), weight: values.length, count: values.length })),
    seed,
  );
}

/** One observation of a person, and the class it belongs to. */
export interface ClassedValue {
  readonly label: string;
  readonly value: number;
}

/** The same over observations of several classes, each class with equal weight however many of its observations there are. */
export function estimateOverClasses(
  groups: readonly (readonly ClassedValue[])[],
  seed: number,
): MeanEstimate | undefined {
  const counts = new Map<string, number>();
  for (const { label } of groups.flat()) counts.set(label, (counts.get(label) ?? 0) + 1);
  const weightOf = ({ label }: ClassedValue): number => 1 / (counts.get(label) ?? 1);
  return bootstrap(
    groups.map((values) => ({
      sum: sum(values.map((one) => one.value * weightOf(one))),
      weight: sum(values.map(weightOf)),
      count: values.length,
    })),
    seed,
  );
}

/** What one person adds to a weighted mean. */
interface Share {
  readonly sum: number;
  readonly weight: number;
  readonly count: number;
}

function bootstrap(people: readonly Share[], seed: number): MeanEstimate | undefined {
  const shares = people.filter(({ count }) => count > 0);
  if (shares.length === 0) return undefined;
  const numbers = uniform(seed);
  const random = (): number => numbers.next().value;
  const means = Array.from({ length: draws }, () => {
    const drawn = shares.map(() => shares[Math.floor(random() * shares.length)] ?? { sum: 0, weight: 0, count: 0 });
    return meanOf(drawn);
  }).sort((a, b) => a - b);
  return {
    mean: meanOf(shares),
    low: means[Math.floor(0.025 * draws)] ?? Number.NaN,
    high: means[Math.ceil(0.975 * draws) - 1] ?? Number.NaN,
    count: sum(shares.map(({ count }) => count)),
  };
}

/** Cosine similarity of two vectors of equal length, -1..1. */
export function cosine(a: Float32Array, b: Float32Array): number {
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

/** Mean cosine distance over all pairs, 0..2; undefined for fewer than two vectors. */
export function spreadOf(embeddings: readonly Float32Array[]): number | undefined {
  const distances = embeddings.flatMap((a, index) => embeddings.slice(index + 1).map((b) => 1 - cosine(a, b)));
  return distances.length === 0 ? undefined : sum(distances) / distances.length;
}

function meanOf(shares: readonly Share[]): number {
  return sum(shares.map((share) => share.sum)) / sum(shares.map(({ weight }) => weight));
}

function dot(a: Float32Array, b: Float32Array): number {
  let total = 0;
  for (let index = 0; index < a.length; index++) total += (a[index] ?? 0) * (b[index] ?? 0);
  return total;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Uniform numbers in [0, 1), the same for the same seed on every machine. */
function* uniform(seed: number): Generator<number, never> {
  for (let block = 0; ; block++) {
    for (const word of philox4x32([block, 0, 0, 0], [seed >>> 0, 0])) yield word / 2 ** 32;
  }
}
