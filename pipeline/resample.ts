import type { RgbImage, Size } from './image.js';

/** The filters that enlarge; `cubic` is Catmull-Rom. */
export type EnlargeFilter = 'lanczos3' | 'mitchell' | 'cubic';

/** The weight of a source pixel by its distance, and the distance from which it is 0; both in source pixels. */
interface Kernel {
  readonly radius: number;
  weight(distance: number): number;
}

const KERNELS: Readonly<Record<EnlargeFilter, Kernel>> = {
  lanczos3: { radius: 3, weight: (x) => sinc(x) * sinc(x / 3) },
  mitchell: { radius: 2, weight: (x) => cubic(x, { b: 1 / 3, c: 1 / 3 }) },
  cubic: { radius: 2, weight: (x) => cubic(x, { b: 0, c: 1 / 2 }) },
};

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** The family of cubic filters of Mitchell and Netravali (SIGGRAPH 1988). */
function cubic(x: number, { b, c }: { b: number; c: number }): number {
  const near = (12 - 9 * b - 6 * c) * x ** 3 + (-18 + 12 * b + 6 * c) * x ** 2 + (6 - 2 * b);
  const far = (-b - 6 * c) * x ** 3 + (6 * b + 30 * c) * x ** 2 + (-12 * b - 48 * c) * x + (8 * b + 24 * c);
  return (x < 1 ? near : far) / 6;
}

/**
 * Enlarges a picture by a whole factor with a true separable filter. (sharp's kernels act on reduction only: its
 * enlargement is bicubic whatever the kernel.) Beyond the border its pixels are repeated.
 */
export function enlargeImage({ width, height, data }: RgbImage, factor: number, filter: EnlargeFilter): RgbImage {
  const phases = phasesOf(KERNELS[filter], factor);
  const tall = stretchAndTurn(new Float32Array(data), { width, height }, phases);
  const both = stretchAndTurn(tall, { width: height, height: width * factor }, phases);
  return { width: width * factor, height: height * factor, data: new Uint8Array(new Uint8ClampedArray(both).buffer) };
}

/** For one place between source pixels: how far the first source pixel is, and the weights from there on; they sum to 1. */
interface Phase {
  readonly offset: number;
  readonly weights: Float64Array;
}

function phasesOf({ radius, weight }: Kernel, factor: number): readonly Phase[] {
  return Array.from({ length: factor }, (_, phase) => {
    const position = (phase + 0.5) / factor - 0.5;
    const offset = Math.floor(position) - radius + 1;
    const weights = new Float64Array(radius * 2).map((_zero, tap) => weight(Math.abs(position - offset - tap)));
    const sum = weights.reduce((total, value) => total + value, 0);
    return { offset, weights: weights.map((value) => value / sum) };
  });
}

/** Stretches the rows of an RGB picture and turns rows into columns: done twice, it enlarges both ways. */
function stretchAndTurn(source: Float32Array, { width, height }: Size, phases: readonly Phase[]): Float32Array {
  const result = new Float32Array(width * phases.length * height * 3);
  for (let x = 0; x < width * phases.length; x++) {
    const { offset, weights } = phases[x % phases.length] ?? { offset: 0, weights: new Float64Array() };
    const first = Math.floor(x / phases.length) + offset;
    const columns = weights.map((_, tap) => Math.min(width - 1, Math.max(0, first + tap)) * 3);
    weighColumns(
      source,
      { rowLength: width * 3, columns, weights },
      result.subarray(x * height * 3, (x + 1) * height * 3),
    );
  }
  return result;
}

interface WeightedColumns {
  readonly rowLength: number;
  /** Where each column's pixel lies in its row. */
  readonly columns: Float64Array;
  readonly weights: Float64Array;
}

/** One column of pixels, each the weighted sum of some pixels of its row. */
function weighColumns(source: Float32Array, from: WeightedColumns, result: Float32Array): void {
  const { rowLength, columns, weights } = from;
  for (let y = 0, row = 0; y < result.length; y += 3, row += rowLength) {
    for (let channel = 0; channel < 3; channel++) {
      let sum = 0;
      for (let tap = 0; tap < weights.length; tap++) {
        sum += (weights[tap] ?? 0) * (source[row + (columns[tap] ?? 0) + channel] ?? 0);
      }
      result[y + channel] = sum;
    }
  }
}
