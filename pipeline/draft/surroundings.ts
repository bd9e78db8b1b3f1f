import type { Affine } from '../face/geometry.js';
import type { RgbImage } from '../image.js';
import { mirrorImage, mirrorPlane } from './mirror.js';
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

/** Beyond its border a photo fades out over this part of the side. */
const FADE = 1 / 48;

/** What is around a person. */
export interface Surroundings {
  /** The photo as it is, with the person. */
  readonly photo: RgbImage;
  /** Where there is photo, 0..1; beyond its border it fades out. */
  readonly shown: Plane;
  /** The same out of focus, as though the person were not there; nothing where they fill the photo. */
  readonly blurred?: BlurredSurroundings | undefined;
}

/** What is around a person, out of focus and small. */
export interface BlurredSurroundings {
  readonly picture: RgbImage;
  /** From the picture to the photo. */
  readonly map: Affine;
}

/** What is around the person in a photo. `shown` is 1 where there is photo, else 0. */
export function readSurroundings(photo: RgbImage, matte: Plane, shown: Plane): Surroundings {
  const around = boxBlur(shown, Math.round(FADE * shown.width));
  const fading = { ...shown, data: around.data.map((part) => Math.min(1, 2 * part)) };
  return { photo, shown: fading, blurred: blurSurroundings(photo, matte, shown) };
}

/**
 * 8 times smaller. What the person hides, and what lies beyond the photo, is filled in from what is next to it: normalized
 * convolution (Knutsson and Westin 1993), the widest first.
 */
function blurSurroundings(image: RgbImage, matte: Plane, shown: Plane): BlurredSurroundings | undefined {
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
export function mirrorSurroundings({ photo, shown, blurred }: Surroundings): Surroundings {
  return {
    photo: mirrorImage(photo),
    shown: mirrorPlane(shown),
    blurred: blurred && { ...blurred, picture: mirrorImage(blurred.picture) },
  };
}
