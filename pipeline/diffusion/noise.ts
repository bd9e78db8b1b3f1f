/**
 * Counter-based random numbers, equal on every machine: Philox4x32 with 10 rounds (Salmon, Moraes, Dror, Shaw:
 * "Parallel random numbers: as easy as 1, 2, 3", SC11). One stream for each (seed, candidate), so that a candidate's
 * noise depends neither on the batch it falls into nor on how many others are made.
 */

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

/** Four numbers: unsigned 32-bit words, or parts of one. */
export type Words = readonly [number, number, number, number];

/** One block of Philox4x32-10: a bijection of the counter, chosen by the key. All words are unsigned 32-bit integers. */
export function philox4x32(counter: Words, key: readonly [number, number]): Words {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const low0 = Math.imul(MULTIPLIER_0, c0) >>> 0;
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const low1 = Math.imul(MULTIPLIER_1, c2) >>> 0;
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1, (high0 ^ c3 ^ k1) >>> 0, low0];
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** The same block as four numbers, 0 to less than 1. */
export function uniformNumbers(counter: Words, key: readonly [number, number]): Words {
  const [a, b, c, d] = philox4x32(counter, key);
  return [a / 2 ** 32, b / 2 ** 32, c / 2 ** 32, d / 2 ** 32];
}

/** The upper 32 bits of the 64-bit product of two unsigned words, by 16-bit halves, exact in doubles. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = aLow * bHigh + (middle % 0x10000);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) >>> 0;
}

/**
 * Standard normal noise of one candidate: `count` values by Box-Muller in float64, rounded to float32 at the end.
 * Value 4n..4n+3 comes from block n of the stream with key (seed, candidate): words (0, 1) and (2, 3) each give a pair.
 */
export function candidateNoise(seed: number, candidate: number, count: number): Float32Array {
  return stepNoise({ seed, candidate, step: 0 }, count);
}

/** The same for noise that is added at a step, a stream of its own for each; step 0 is what a candidate begins with. */
export function stepNoise(
  { seed, candidate, step }: { readonly seed: number; readonly candidate: number; readonly step: number },
  count: number,
): Float32Array {
  const noise = new Float32Array(count);
  for (let block = 0; block * 4 < count; block++) {
    const [w0, w1, w2, w3] = philox4x32([block, step, 0, 0], [seed, candidate]);
    const [first, second] = [normalPair(w0, w1), normalPair(w2, w3)];
    const at = block * 4;
    // Beyond the last value there is nothing to write to, and nothing is written.
    noise[at] = first[0];
    noise[at + 1] = first[1];
    noise[at + 2] = second[0];
    noise[at + 3] = second[1];
  }
  return noise;
}

function normalPair(first: number, second: number): [number, number] {
  const radius = Math.sqrt(-2 * Math.log(toUnit(first)));
  const angle = 2 * Math.PI * toUnit(second);
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

/** A word to the middle of its 2^-32 wide cell in the open interval (0, 1): the logarithm is always finite. */
function toUnit(word: number): number {
  return (word + 0.5) / 2 ** 32;
}
