import type { Affine } from '../face/geometry.js';
import type { RgbImage } from '../image.js';
import { mirrorImage } from './mirror.js';
import { boxBlur, channelOf, shrink, smooth, type Plane } from './plane.js';

/** Surroundings are found this many times smaller than the photo: they are out of focus. */
const COARSE = 8;
/** Standard deviations of the blurs that fill in what the person hides, from the widest; parts of the side. The last is the focus. */
const BLURS = [0.4, 0.16, 0.07, 0.035] as const;
/** A blur counts wholly where so much of what it saw is surroundings. */
const ENOUGH = 0.35;
/** Closer to the person than this part of the side, and where the matte is above that, colours may be theirs. */
const NEAR = { distance: 1 / 48, cover: 0.02 } as const;
/** Less than this part of a photo says nothing of where it was taken. */
const LEAST = 0.005;

/** What is around a person, out of focus and small. */
export interface Surroundings {
  readonly picture: RgbImage;
  /** From the picture to the photo. */
  readonly map: Affine;
}

/**
 * What is around the person in a photo, out of focus, as though they were not there; 8 times smaller. What they hide, and what
 * lies beyond the photo, is filled in from what is next to it: normalized convolution (Knutsson and Westin 1993), the widest
 * first. Nothing where the person fills the photo. `shown` is 1 where there is photo.
 */
export function readSurroundings(image: RgbImage, matte: Plane, shown: Plane): Surroundings | undefined {
  const whole = shrink(shown, COARSE);
  const cover = boxBlur(shrink(matte, COARSE), Math.round((matte.width * NEAR.distance) / COARSE));
  const weight = {
    ...whole,
    data: whole.data.map((part, at) => (part === 1 && (cover.data[at] ?? 0) < NEAR.cover ? 1 : 0)),
  };
  const total = weight.data.reduce((sum, value) => sum + value, 0);
  if (total < LEAST * weight.data.length) return undefined;
  const { width, height } = weight;
  const weights = BLURS.map((blur) => smooth(weight, blur * width));
  const data = new Uint8ClampedArray(width * height * 3);
  for (let channel = 0; channel < 3; channel++) {
    const values = shrink(channelOf(image, channel), COARSE);
    const weighted = { ...values, data: values.data.map((value, at) => value * (weight.data[at] ?? 0)) };
    const filled = new Float32Array(width * height).fill(weighted.data.reduce((sum, value) => sum + value, 0) / total);
    BLURS.forEach((blur, index) => {
      const sums = smooth(weighted, blur * width).data;
      const counts = weights[index]?.data ?? sums;
      for (let at = 0; at < filled.length; at++) {
        const count = counts[at] ?? 0;
        const part = Math.min(1, count / ENOUGH);
        if (part > 0) filled[at] = (filled[at] ?? 0) * (1 - part) + ((sums[at] ?? 0) / count) * part;
      }
    });
    for (let at = 0; at < filled.length; at++) data[at * 3 + channel] = 255 * (filled[at] ?? 0);
  }
  const between = (COARSE - 1) / 2;
  return {
    picture: { width, height, data: new Uint8Array(data.buffer) },
    map: [COARSE, 0, between, 0, COARSE, between],
  };
}

/** The same as a mirror shows it. */
export function mirrorSurroundings({ picture, map }: Surroundings): Surroundings {
  return { picture: mirrorImage(picture), map };
}
