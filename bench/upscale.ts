/**
 * Which filter enlarges portraits best: `tsx bench/upscale.ts [PICTURE...]` (the test photo when none is given).
 * Each picture is shrunk by the bundle's factor, enlarged again by every filter, and compared with itself; pictures of the
 * size of a delivered portrait by the bundle's own network as well, where it has one.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadBundle } from '../pipeline/bundle.js';
import { openGraphs } from '../pipeline/graphs.js';
import { decodeImage, resizeImage, type RgbImage } from '../pipeline/image.js';
import { enlarge, upscalePortrait, type Unsharp } from '../pipeline/upscale.js';
import { packageRoot } from '../src/config.js';

const FACTOR = 4;
const FILTERS = ['lanczos3', 'mitchell', 'cubic'] as const;
const UNSHARPS: Readonly<Record<string, Unsharp | undefined>> = {
  none: undefined,
  light: { sigma: 1, flat: 0, edges: 0.6 },
  medium: { sigma: 1.5, flat: 0, edges: 1 },
  wide: { sigma: 2.5, flat: 0.5, edges: 1.5 },
};
const SSIM_WINDOW = 8;

interface Quality {
  readonly psnr: number;
  readonly ssim: number;
  readonly gradient: number;
  readonly milliseconds: number;
}

const files =
  process.argv.length > 2 ? process.argv.slice(2) : [join(packageRoot, 'test', 'fixtures', 'astronaut.jpg')];
const originals = await Promise.all(files.map(async (file) => cropToFactor(await decodeImage(await readFile(file)))));
for (const filter of FILTERS) {
  for (const [name, unsharp] of Object.entries(UNSHARPS)) {
    const qualities: Quality[] = [];
    for (const original of originals) {
      qualities.push(await judge(original, (small) => enlarge(small, { factor: FACTOR, filter, unsharp })));
    }
    console.log(JSON.stringify({ filter, unsharp: name, pictures: originals.length, ...mean(qualities) }));
  }
}
await judgeNetwork();

/** The bundle's own graph takes pictures of one size only. */
async function judgeNetwork(): Promise<void> {
  const bundle = await loadBundle(join(packageRoot, 'models', 'tiny'));
  const side = bundle.manifest.image.size * FACTOR;
  const portraits = originals.filter(({ width, height }) => width === side && height === side);
  const graphs = await openGraphs(bundle);
  if (graphs.has('upscaler') && portraits.length > 0) {
    const qualities: Quality[] = [];
    for (const original of portraits) {
      qualities.push(await judge(original, (small) => upscalePortrait(small, graphs, bundle.manifest.upscale)));
    }
    console.log(JSON.stringify({ filter: 'upscaler', pictures: portraits.length, ...mean(qualities) }));
  }
  await graphs.release();
}

function cropToFactor({ width, height, data }: RgbImage): RgbImage {
  const [columns, rows] = [width - (width % FACTOR), height - (height % FACTOR)];
  const cropped = new Uint8Array(columns * rows * 3);
  for (let row = 0; row < rows; row++) {
    cropped.set(data.subarray(row * width * 3, (row * width + columns) * 3), row * columns * 3);
  }
  return { width: columns, height: rows, data: cropped };
}

async function judge(original: RgbImage, enlargeIt: (small: RgbImage) => Promise<RgbImage>): Promise<Quality> {
  const small = await resizeImage(original, { width: original.width / FACTOR, height: original.height / FACTOR });
  const start = performance.now();
  const large = await enlargeIt(small);
  const milliseconds = performance.now() - start;
  const [a, b] = [lumaOf(original), lumaOf(large)];
  return { ...compare(a, b, original.width), milliseconds };
}

function lumaOf({ data }: RgbImage): Float64Array {
  const luma = new Float64Array(data.length / 3);
  for (let pixel = 0; pixel < luma.length; pixel++) {
    const [red = 0, green = 0, blue = 0] = data.subarray(pixel * 3, pixel * 3 + 3);
    luma[pixel] = 0.299 * red + 0.587 * green + 0.114 * blue;
  }
  return luma;
}

function compare(a: Float64Array, b: Float64Array, width: number): Omit<Quality, 'milliseconds'> {
  const squares = a.reduce((sum, value, index) => sum + (value - (b[index] ?? 0)) ** 2, 0);
  return {
    psnr: 10 * Math.log10((255 ** 2 * a.length) / squares),
    ssim: ssim(a, b, width),
    gradient: gradientEnergy(b, width) / gradientEnergy(a, width),
  };
}

/** Structural similarity (Wang et al. 2004) over windows of 8 x 8 pixels that do not overlap. */
function ssim(a: Float64Array, b: Float64Array, width: number): number {
  const values: number[] = [];
  for (let top = 0; (top + SSIM_WINDOW) * width <= a.length; top += SSIM_WINDOW) {
    for (let left = 0; left + SSIM_WINDOW <= width; left += SSIM_WINDOW) {
      values.push(windowSsim(windowOf(a, width, { top, left }), windowOf(b, width, { top, left })));
    }
  }
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function windowOf(luma: Float64Array, width: number, { top, left }: { top: number; left: number }): number[] {
  return Array.from({ length: SSIM_WINDOW ** 2 }, (_, index) => {
    const [row, column] = [top + Math.floor(index / SSIM_WINDOW), left + (index % SSIM_WINDOW)];
    return luma[row * width + column] ?? 0;
  });
}

function windowSsim(a: readonly number[], b: readonly number[]): number {
  const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [average(a), average(b)];
  const varianceA = average(a.map((value) => (value - meanA) ** 2));
  const varianceB = average(b.map((value) => (value - meanB) ** 2));
  const covariance = average(a.map((value, index) => (value - meanA) * ((b[index] ?? 0) - meanB)));
  const [c1, c2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2];
  return (
    ((2 * meanA * meanB + c1) * (2 * covariance + c2)) / ((meanA ** 2 + meanB ** 2 + c1) * (varianceA + varianceB + c2))
  );
}

/** How much detail there is: the mean absolute difference of neighbours; its ratio to the original's says how sharp. */
function gradientEnergy(luma: Float64Array, width: number): number {
  let sum = 0;
  for (let index = 1; index < luma.length; index++) {
    if (index % width !== 0) sum += Math.abs((luma[index] ?? 0) - (luma[index - 1] ?? 0));
  }
  return sum / luma.length;
}

function mean(qualities: readonly Quality[]): Quality {
  const of = (key: keyof Quality) =>
    Number((qualities.reduce((sum, quality) => sum + quality[key], 0) / qualities.length).toFixed(4));
  return { psnr: of('psnr'), ssim: of('ssim'), gradient: of('gradient'), milliseconds: of('milliseconds') };
}
