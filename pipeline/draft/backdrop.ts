import { composeAffine, type Affine } from '../face/geometry.js';
import { warp } from '../face/warp.js';
import type { RgbImage } from '../image.js';
import { GREY, type CutOut } from './cut-out.js';
import type { Draft } from './draw.js';
import { channelOf, enlargePlane, shrink, smooth, type Plane } from './plane.js';
import type { BlurredSurroundings } from './surroundings.js';

/** Colours of a studio's wall, lit: red, green, blue, 0..1. */
const WALLS: readonly (readonly [number, number, number])[] = [
  [0.86, 0.87, 0.89],
  [0.8, 0.78, 0.75],
  [0.7, 0.74, 0.79],
  [0.6, 0.6, 0.61],
];
/** A wall is this much darker in its corners than behind the head. */
const FALL = 0.22;
/** Surroundings are cropped this many times smaller, and then enlarged: they are out of focus. */
const COARSE = 8;

/**
 * Near the person what is behind them is as sharp as the photo: the matte, blurred over a part of the side from the first to
 * the second, counts so often.
 */
const FOCUS = { least: 1 / 40, most: 1 / 14, gain: 3 } as const;

/**
 * What stands behind a person where nothing was asked for: the surroundings of the photo, whose light is the person's own,
 * sharp and moved with the head next to it, out of focus further away; where the photo shows none, a studio's wall, lit from
 * the front. `tone` 0..1 makes portraits differ: in how far things are in focus, or in the wall.
 */
export function backdropOf(
  { size, crop, matte, surroundings, behind }: Pick<Draft, 'size' | 'crop' | 'matte' | 'surroundings' | 'behind'>,
  tone: number,
): RgbImage {
  const far = surroundings?.blurred ? blurredBehind(surroundings.blurred, { size, crop }) : paintWall(size, tone);
  if (!behind) return far;
  const focus = focusOf(matte, tone);
  const data = Uint8Array.from(far.data);
  for (let pixel = 0; pixel < focus.data.length; pixel++) {
    const near = (behind.shown.data[pixel] ?? 0) * (focus.data[pixel] ?? 0);
    if (near === 0) continue;
    for (let at = pixel * 3; at < pixel * 3 + 3; at++) {
      const value = data[at] ?? 0;
      data[at] = Math.round(value + near * ((behind.colours[at] ?? 0) - value));
    }
  }
  return { ...far, data };
}

/** How sharp what is behind is at each place, 0..1. */
function focusOf(matte: Plane, tone: number): Plane {
  const { width } = matte;
  const reach = FOCUS.least + (FOCUS.most - FOCUS.least) * tone;
  const near = smooth(shrink(matte, COARSE), (reach * width) / COARSE);
  return enlargePlane({ ...near, data: near.data.map((part) => Math.min(1, FOCUS.gain * part)) }, width, width);
}

function blurredBehind({ picture, map }: BlurredSurroundings, { size, crop }: Pick<Draft, 'size' | 'crop'>): RgbImage {
  const side = Math.ceil(size / COARSE);
  const toCoarse = composeAffine(composeAffine(map, crop), sizedTo(side / size));
  const coarse = warp(picture, { map: toCoarse, size: { width: side, height: side } });
  const data = new Uint8ClampedArray(size * size * 3);
  for (let channel = 0; channel < 3; channel++) {
    const plane = enlargePlane(channelOf(coarse, channel), size, size);
    plane.data.forEach((value, pixel) => (data[pixel * 3 + channel] = 255 * value));
  }
  return { width: size, height: size, data: new Uint8Array(data.buffer) };
}

/** The map that makes a picture so many times as large, pixel by pixel. */
function sizedTo(factor: number): Affine {
  const shift = (factor - 1) / 2;
  return [factor, 0, shift, 0, factor, shift];
}

function paintWall(size: number, tone: number): RgbImage {
  const wall = WALLS[Math.min(WALLS.length - 1, Math.floor(tone * WALLS.length))] ?? [0.8, 0.8, 0.8];
  const data = new Uint8ClampedArray(size * size * 3);
  for (let pixel = 0; pixel < size * size; pixel++) {
    const across = ((pixel % size) + 0.5) / size - 0.5;
    const down = (Math.floor(pixel / size) + 0.5) / size - 0.45;
    const light = 1 - FALL * Math.min(1, 2 * (across * across + down * down));
    for (let channel = 0; channel < 3; channel++) data[pixel * 3 + channel] = 255 * light * (wall[channel] ?? 0);
  }
  return { width: size, height: size, data: new Uint8Array(data.buffer) };
}

/** A cut-out before a backdrop of its size. */
export function setBefore({ size, data }: CutOut, backdrop: RgbImage): RgbImage {
  const plane = size * size;
  const pixels = new Uint8ClampedArray(plane * 3);
  for (let channel = 0; channel < 3; channel++) {
    for (let pixel = 0; pixel < plane; pixel++) {
      const open = 1 - (data[3 * plane + pixel] ?? 0);
      const behind = (backdrop.data[pixel * 3 + channel] ?? 0) / 255;
      const colour = (data[channel * plane + pixel] ?? 0) + open * (behind - GREY);
      pixels[pixel * 3 + channel] = 255 * colour;
    }
  }
  return { width: size, height: size, data: new Uint8Array(pixels.buffer) };
}
