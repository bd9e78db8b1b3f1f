import { LikenessError } from '../errors.js';
import type { Face } from './face.js';
import { areaOf } from './geometry.js';

/** The smallest side, in pixels, of a face that a portrait can be made from. */
export const MIN_FACE_SIDE = 48;
/** A second face of at least this part of the largest one's area is a second person; smaller ones are bystanders. */
const SECOND_PERSON_AREA = 1 / 4;

/** How many people a picture shows, bystanders left out. */
export function countPeople(faces: readonly Pick<Face, 'box'>[]): number {
  const largest = Math.max(0, ...faces.map(({ box }) => areaOf(box)));
  return faces.filter(({ box }) => areaOf(box) >= largest * SECOND_PERSON_AREA).length;
}

/**
 * The face of the one person a photo shows.
 * @throws LikenessError `no-face`, `several-faces`, or `face-too-small` below 48 pixels.
 */
export function onlyFace<T extends Pick<Face, 'box'>>(faces: readonly T[]): T {
  const largest = largestFace(faces);
  if (countPeople(faces) > 1) throw new LikenessError('several-faces', { count: faces.length });
  return largest;
}

/**
 * The largest face of a photo, whoever else is in it.
 * @throws LikenessError `no-face`, or `face-too-small` below 48 pixels.
 */
export function largestFace<T extends Pick<Face, 'box'>>(faces: readonly T[]): T {
  const [largest] = [...faces].sort((one, other) => areaOf(other.box) - areaOf(one.box));
  if (!largest) throw new LikenessError('no-face');
  const side = Math.round(Math.max(largest.box.width, largest.box.height));
  if (side < MIN_FACE_SIDE) throw new LikenessError('face-too-small', { side, limit: MIN_FACE_SIDE });
  return largest;
}
