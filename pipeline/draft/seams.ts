import type { Raster } from './rasterise.js';
import { PART } from './surface.js';

/** Face and what is around it are torn apart where neighbouring pixels are from places this far apart; pixels of the plate. */
const TORN = 4;

/** Where a face is torn from what is around it, colours are the mean of 3 x 3 pixels, or its edge would have teeth. */
export function softenSeams(colours: Float32Array, { size, part }: Raster, sources: Float32Array): void {
  const isTorn = (pixel: number, other: number): boolean =>
    (part[pixel] === PART.around) !== (part[other] === PART.around) &&
    Math.abs((sources[pixel * 2] ?? 0) - (sources[other * 2] ?? 0)) +
      Math.abs((sources[pixel * 2 + 1] ?? 0) - (sources[other * 2 + 1] ?? 0)) >
      TORN;
  const seams = new Set<number>();
  for (let pixel = size + 1; pixel < part.length - 2 * size - 1; pixel++) {
    for (const other of [pixel + 1, pixel + size]) if (isTorn(pixel, other)) seams.add(pixel).add(other);
  }
  const means = Array.from(seams, (pixel) => [0, 1, 2].map((channel) => meanAround(colours, { pixel, channel, size })));
  let index = 0;
  for (const pixel of seams) colours.set(means[index++] ?? [], pixel * 3);
}

function meanAround(
  colours: Float32Array,
  { pixel, channel, size }: { readonly pixel: number; readonly channel: number; readonly size: number },
): number {
  let sum = 0;
  for (let row = -size; row <= size; row += size) {
    for (let column = -1; column <= 1; column++) sum += colours[(pixel + row + column) * 3 + channel] ?? 0;
  }
  return sum / 9;
}
