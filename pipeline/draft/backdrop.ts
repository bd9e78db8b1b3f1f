import type { RgbImage } from '../image.js';
import type { CutOut } from './cut-out.js';

/** Colours of a studio's wall, lit: red, green, blue, 0..1. */
const WALLS: readonly (readonly [number, number, number])[] = [
  [0.86, 0.87, 0.89],
  [0.8, 0.78, 0.75],
  [0.7, 0.74, 0.79],
  [0.6, 0.6, 0.61],
];
/** A wall is this much darker in its corners than behind the head. */
const FALL = 0.22;

/** The colour of a studio's wall, lit: red, green, blue, 0..1; `tone` 0..1 chooses the wall. */
export function wallOf(tone: number): readonly [number, number, number] {
  return WALLS[Math.min(WALLS.length - 1, Math.floor(tone * WALLS.length))] ?? [0.8, 0.8, 0.8];
}

/** How much of its light a wall has at a place, parts of the picture's side. */
export function wallLight(x: number, y: number): number {
  const [across, down] = [x - 0.5, y - 0.45];
  return 1 - FALL * Math.min(1, 2 * (across * across + down * down));
}

/** A cut-out before a studio's wall, lit from the front; `tone` 0..1 chooses the wall. */
export function setBefore({ size, data }: CutOut, tone: number): RgbImage {
  const [red, green, blue] = wallOf(tone);
  const plane = size * size;
  const pixels = new Uint8ClampedArray(plane * 3);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const light = wallLight((x + 0.5) / size, (y + 0.5) / size);
      const pixel = y * size + x;
      const open = 1 - (data[3 * plane + pixel] ?? 0);
      pixels[pixel * 3] = 255 * ((data[pixel] ?? 0) + open * (red * light - 0.5)) + 0.5;
      pixels[pixel * 3 + 1] = 255 * ((data[plane + pixel] ?? 0) + open * (green * light - 0.5)) + 0.5;
      pixels[pixel * 3 + 2] = 255 * ((data[2 * plane + pixel] ?? 0) + open * (blue * light - 0.5)) + 0.5;
    }
  }
  return { width: size, height: size, data: new Uint8Array(pixels.buffer) };
}
