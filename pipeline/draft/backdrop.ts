import { composeAffine, type Affine } from '../face/geometry.js';
import { warp } from '../face/warp.js';
import type { RgbImage } from '../image.js';
import { GREY, type CutOut } from './cut-out.js';
import type { Draft } from './draw.js';
import { channelOf, enlargePlane } from './plane.js';

/** Colours of a studio's wall, lit: red, green, blue, 0..1. */
const WALLS: readonly (readonly [number, number, number])[] = [
  [0.86, 0.87, 0.89],
  [0.8, 0.78, 0.75],
  [0.7, 0.74, 0.79],
  [0.6, 0.6, 0.61],
];
/** A wall is this much darker in its corners than behind the head. */
const FALL = 0.22;
/** Surroundings are shown this bright, of their own light: by tone, from the first to the second. */
const BRIGHTNESS = { least: 0.86, most: 1.04 } as const;

/** Surroundings are cropped this many times smaller, and then enlarged: they are out of focus. */
const COARSE = 8;

/** A square picture that stands behind a person: planes of red, green and blue, 0..1. */
export type Backdrop = readonly [red: Float32Array, green: Float32Array, blue: Float32Array];

/**
 * What stands behind a person where nothing was asked for: the surroundings of the photo out of focus, whose light is the
 * person's own; where the photo shows none, a studio's wall, lit from the front. `tone` 0..1 makes portraits differ.
 */
export function backdropOf(
  { size, crop, surroundings }: Pick<Draft, 'size' | 'crop' | 'surroundings'>,
  tone: number,
): Backdrop {
  if (!surroundings) return paintWall(size, tone);
  const side = Math.ceil(size / COARSE);
  const map = composeAffine(composeAffine(surroundings.map, crop), sizedTo(side / size));
  const coarse = warp(surroundings.picture, { map, size: { width: side, height: side } });
  const light = BRIGHTNESS.least + (BRIGHTNESS.most - BRIGHTNESS.least) * tone;
  const planeOf = (channel: number): Float32Array => {
    const { data, ...small } = channelOf(coarse, channel);
    return enlargePlane({ ...small, data: data.map((value) => Math.min(1, light * value)) }, size, size).data;
  };
  return [planeOf(0), planeOf(1), planeOf(2)];
}

/** The map that makes a picture so many times as large, pixel by pixel. */
function sizedTo(factor: number): Affine {
  const shift = (factor - 1) / 2;
  return [factor, 0, shift, 0, factor, shift];
}

function paintWall(size: number, tone: number): Backdrop {
  const wall = WALLS[Math.min(WALLS.length - 1, Math.floor(tone * WALLS.length))] ?? [0.8, 0.8, 0.8];
  const planes: Backdrop = [
    new Float32Array(size * size),
    new Float32Array(size * size),
    new Float32Array(size * size),
  ];
  for (let pixel = 0; pixel < size * size; pixel++) {
    const across = ((pixel % size) + 0.5) / size - 0.5;
    const down = (Math.floor(pixel / size) + 0.5) / size - 0.45;
    const light = 1 - FALL * Math.min(1, 2 * (across * across + down * down));
    planes.forEach((plane, channel) => (plane[pixel] = (wall[channel] ?? 0) * light));
  }
  return planes;
}

/** A cut-out before a backdrop of its size. */
export function setBefore({ size, data }: CutOut, backdrop: Backdrop): RgbImage {
  const plane = size * size;
  const pixels = new Uint8ClampedArray(plane * 3);
  backdrop.forEach((behind, channel) => {
    for (let pixel = 0; pixel < plane; pixel++) {
      const open = 1 - (data[3 * plane + pixel] ?? 0);
      const colour = (data[channel * plane + pixel] ?? 0) + open * ((behind[pixel] ?? 0) - GREY);
      pixels[pixel * 3 + channel] = 255 * colour + 0.5;
    }
  });
  return { width: size, height: size, data: new Uint8Array(pixels.buffer) };
}
