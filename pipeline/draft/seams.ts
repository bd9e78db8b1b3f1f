import type { Behind } from './behind.js';
import type { Plane } from './plane.js';
import type { Raster } from './rasterise.js';
import { PART } from './surface.js';

/** Face and what is around it are torn apart where neighbouring pixels are from places this far apart; pixels of the plate. */
const TORN = 4;

/** What is softened: a person's colours, 0..255, their matte, and what lies behind. */
export interface TornPicture {
  readonly colours: Float32Array;
  readonly matte: Plane;
  readonly behind: Behind | undefined;
}

/**
 * Where a face is torn from what is around it, every pixel becomes the mean of 3 x 3, or its edge would have teeth. `sources` are
 * the places in the photo, x and y, of each pixel.
 */
export function softenSeams({ colours, matte, behind }: TornPicture, raster: Raster, sources: Float32Array): void {
  const { size } = raster;
  const seams = seamsOf(raster, sources);
  const cover = matte.data.slice();
  const average = (data: ArrayLike<number>, weights: Float32Array) =>
    Array.from(seams, (pixel) => meansAround({ data, weights, size }, pixel));
  const means = average(colours, cover);
  const meansBehind = behind ? average(behind.colours, behind.shown.data) : [];
  const covers = Array.from(seams, (pixel) => sumAround(cover, pixel, size) / 9);
  const shares = behind ? Array.from(seams, (pixel) => Math.min(1, sumAround(behind.shown.data, pixel, size))) : [];
  let index = 0;
  for (const pixel of seams) {
    colours.set(means[index] ?? [], pixel * 3);
    matte.data[pixel] = covers[index] ?? 0;
    behind?.colours.set(meansBehind[index] ?? [], pixel * 3);
    if (behind) behind.shown.data[pixel] = shares[index] ?? 0;
    index += 1;
  }
}

/** The pixels on both sides of a tear. */
function seamsOf({ size, part }: Raster, sources: Float32Array): ReadonlySet<number> {
  const distance = (pixel: number, other: number): number =>
    Math.abs((sources[pixel * 2] ?? 0) - (sources[other * 2] ?? 0)) +
    Math.abs((sources[pixel * 2 + 1] ?? 0) - (sources[other * 2 + 1] ?? 0));
  const isTorn = (pixel: number, other: number): boolean =>
    (part[pixel] === PART.around) !== (part[other] === PART.around) && distance(pixel, other) > TORN;
  const seams = new Set<number>();
  for (let pixel = size + 1; pixel < part.length - 2 * size - 1; pixel++) {
    for (const other of [pixel + 1, pixel + size]) if (isTorn(pixel, other)) seams.add(pixel).add(other);
  }
  return seams;
}

interface WeightedColours {
  readonly data: ArrayLike<number>;
  readonly weights: Float32Array;
  readonly size: number;
}

/** The mean colour of 3 x 3 pixels by their weights; black where they have none. */
function meansAround({ data, weights, size }: WeightedColours, pixel: number): readonly [number, number, number] {
  const sums: [number, number, number] = [0, 0, 0];
  let total = 1e-6;
  for (let row = -size; row <= size; row += size) {
    for (let column = -1; column <= 1; column++) {
      const other = pixel + row + column;
      const weight = weights[other] ?? 0;
      total += weight;
      for (const channel of [0, 1, 2] as const) sums[channel] += weight * (data[other * 3 + channel] ?? 0);
    }
  }
  return [sums[0] / total, sums[1] / total, sums[2] / total];
}

function sumAround(data: Float32Array, pixel: number, size: number): number {
  let sum = 0;
  for (let row = -size; row <= size; row += size) {
    for (let column = -1; column <= 1; column++) sum += data[pixel + row + column] ?? 0;
  }
  return sum;
}
