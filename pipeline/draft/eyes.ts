import { LEFT_EYE, LID_PAIRS, RIGHT_EYE } from './regions.js';

/** How eyes look. */
export interface EyeWish {
  /** The part of their opening that the upper lids cover, 0..1. */
  readonly lids: number;
  /** How far the irises move down, in parts of the opening; below 0 up. */
  readonly gaze: number;
}

/** Eyes as the photo shows them. */
export const EYES_AS_THEY_ARE: EyeWish = { lids: 0, gaze: 0 };

/** The points around both eyes. Each has a twin on the eyeball, which stays where it is when a lid moves over it. */
export const EYE_POINTS: readonly number[] = [...LEFT_EYE, ...RIGHT_EYE];

const PLACES = new Map(EYE_POINTS.map((point, place) => [point, place]));

/** The twins of a triangle's corners; nothing where it is no triangle between the lids of an eye. `first` is the first twin. */
export function eyeballTriangle(corners: readonly number[], first: number): readonly number[] | undefined {
  const places = corners.map((corner) => PLACES.get(corner));
  const isEye = [LEFT_EYE, RIGHT_EYE].some((eye) => corners.every((corner) => eye.includes(corner)));
  return isEye ? places.map((place = 0) => first + place) : undefined;
}

/** A lid lies so far before the eye that it covers it; units of the head. */
const LID_DEPTH = 0.02;

/** Lowers the upper lids of a canonical head over a part of the opening. */
export function lowerLids(points: Float64Array, part: number): void {
  if (part <= 0) return;
  for (const [upper, lower] of LID_PAIRS) {
    for (let axis = 0; axis < 3; axis++) {
      const from = points[upper * 3 + axis] ?? 0;
      points[upper * 3 + axis] = from + part * ((points[lower * 3 + axis] ?? 0) - from);
    }
    points[upper * 3 + 2] = (points[upper * 3 + 2] ?? 0) - LID_DEPTH;
  }
}

/** Moves what the eyeballs show down by a part of the opening, in an upright photo: `points` are where colours are taken from. */
export function lowerGaze(points: Float64Array, first: number, part: number): void {
  if (part === 0) return;
  for (const [upper, lower] of LID_PAIRS) {
    const opening = (points[lower * 3 + 1] ?? 0) - (points[upper * 3 + 1] ?? 0);
    for (const point of [upper, lower]) {
      const at = (first + (PLACES.get(point) ?? 0)) * 3 + 1;
      points[at] = (points[at] ?? 0) - part * opening;
    }
  }
}
