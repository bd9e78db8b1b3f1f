import { LikenessError } from '../errors.js';
import type { Face } from './face.js';
import { areaOf } from './geometry.js';

/** The smallest side, in pixels, of a face that a portrait can be made from. */
export const MIN_FACE_SIDE = 48;
/** A second face of at least this part of the largest one's area is a second person; smaller ones are bystanders. */
const SECOND_PERSON_AREA = 1 / 4;

/**
 * The face of the one person a photo shows.
 * @throws LikenessError `no-face`, `several-faces`, or `face-too-small` below 48 pixels.
 */
export function onlyFace<T extends Pick<Face, 'box'>>(faces: readonly T[]): T {
  const [largest, second] = [...faces].sort((one, other) => areaOf(other.box) - areaOf(one.box));
  if (!largest) throw new LikenessError('no-face');
  if (second && areaOf(second.box) >= areaOf(largest.box) * SECOND_PERSON_AREA) {
    throw new LikenessError('several-faces', { count: faces.length });
  }
  const side = Math.round(Math.max(largest.box.width, largest.box.height));
  if (side < MIN_FACE_SIDE) throw new LikenessError('face-too-small', { side, limit: MIN_FACE_SIDE });
  return largest;
}
