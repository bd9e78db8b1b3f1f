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
  fillBlock(counter, key);
  return [BLOCK[0] ?? 0, BLOCK[1] ?? 0, BLOCK[2] ?? 0, BLOCK[3] ?? 0];
}

/** The block that was made last: a call for every four numbers makes no arrays. */
const BLOCK = new Uint32Array(4);

function fillBlock([n0, n1, n2, n3]: Words, [first, second]: readonly [number, number]): void {
  let [c0, c1, c2, c3] = [n0 | 0, n1 | 0, n2 | 0, n3 | 0];
  let [k0, k1] = [first | 0, second | 0];
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const [low0, low1] = [Math.imul(MULTIPLIER_0, c0), Math.imul(MULTIPLIER_1, c2)];
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + WEYL_0) | 0;
    k1 = (k1 + WEYL_1) | 0;
  }
  BLOCK[0] = c0;
  BLOCK[1] = c1;
  BLOCK[2] = c2;
  BLOCK[3] = c3;
}

/** The same block as four numbers, 0 to less than 1. */
export function uniformNumbers(counter: Words, key: readonly [number, number]): Words {
  const [a, b, c, d] = philox4x32(counter, key);
  return [a / 2 ** 32, b / 2 ** 32, c / 2 ** 32, d / 2 ** 32];
}

/** The upper 32 bits of the 64-bit product of two unsigned words, from the products of their 16-bit halves. */
function multiplyHigh(a: number, b: number): number {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = (Math.imul(aHigh, bLow) >>> 0) + (Math.imul(aLow, bLow) >>> 16);
  const carry = (Math.imul(aLow, bHigh) >>> 0) + (middle & 0xffff);
  return (Math.imul(aHigh, bHigh) + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) | 0;
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
    fillBlock([block, step, 0, 0], [seed, candidate]);
    // Beyond the last value there is nothing to write to, and nothing is written.
    for (let pair = 0; pair < 4; pair += 2) {
      const radius = Math.sqrt(-2 * Math.log(toUnit(BLOCK[pair] ?? 0)));
      const angle = 2 * Math.PI * toUnit(BLOCK[pair + 1] ?? 0);
      noise[block * 4 + pair] = radius * Math.cos(angle);
      noise[block * 4 + pair + 1] = radius * Math.sin(angle);
    }
  }
  return noise;
}

/** A word to the middle of its 2^-32 wide cell in the open interval (0, 1): the logarithm is always finite. */
function toUnit(word: number): number {
  return (word + 0.5) / 2 ** 32;
}
