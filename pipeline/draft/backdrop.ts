import { composeAffine } from '../face/geometry.js';
import { warp } from '../face/warp.js';
import type { RgbImage } from '../image.js';
import { GREY, type CutOut } from './cut-out.js';
import type { Draft } from './draw.js';

/** Colours of a studio's wall, lit: red, green, blue, 0..255. */
const WALLS: readonly (readonly [number, number, number])[] = [
  [219, 222, 227],
  [204, 199, 191],
  [179, 189, 201],
  [153, 153, 156],
];
/** A wall is this much darker in its corners than behind the head. */
const FALL = 0.22;
/** Surroundings are shown this bright, of their own light: by tone, from the first to the second. */
const BRIGHTNESS = { least: 0.86, most: 1.04 } as const;

/**
 * What stands behind a person where nothing was asked for: the surroundings of the photo out of focus, whose light is the
 * person's own; where the photo shows none, a studio's wall, lit from the front. `tone` 0..1 makes portraits differ.
 */
export function backdropOf(
  { size, crop, surroundings }: Pick<Draft, 'size' | 'crop' | 'surroundings'>,
  tone: number,
): RgbImage {
  if (!surroundings) return paintWall(size, tone);
  const { picture, map } = surroundings;
  const light = BRIGHTNESS.least + (BRIGHTNESS.most - BRIGHTNESS.least) * tone;
  const lit = { ...picture, data: picture.data.map((value) => Math.min(255, light * value)) };
  return warp(lit, { map: composeAffine(map, crop), size: { width: size, height: size } });
}

function paintWall(size: number, tone: number): RgbImage {
  const wall = WALLS[Math.min(WALLS.length - 1, Math.floor(tone * WALLS.length))] ?? [204, 204, 204];
  const data = new Uint8Array(size * size * 3);
  for (let pixel = 0; pixel < size * size; pixel++) {
    const across = ((pixel % size) + 0.5) / size - 0.5;
    const down = (Math.floor(pixel / size) + 0.5) / size - 0.45;
    const light = 1 - FALL * Math.min(1, 2 * (across * across + down * down));
    for (let channel = 0; channel < 3; channel++) data[pixel * 3 + channel] = (wall[channel] ?? 0) * light;
  }
  return { width: size, height: size, data };
}

/** A cut-out before a picture of its size. */
export function setBefore({ size, data }: CutOut, backdrop: RgbImage): RgbImage {
  const plane = size * size;
  const pixels = new Uint8ClampedArray(plane * 3);
  for (let pixel = 0; pixel < plane; pixel++) {
    const open = 1 - (data[3 * plane + pixel] ?? 0);
    for (let channel = 0; channel < 3; channel++) {
      const behind = (backdrop.data[pixel * 3 + channel] ?? 0) / 255;
      pixels[pixel * 3 + channel] = 255 * ((data[channel * plane + pixel] ?? 0) + open * (behind - GREY)) + 0.5;
    }
  }
  return { width: size, height: size, data: new Uint8Array(pixels.buffer) };
}
