import type { RgbImage } from '../image.js';
import type { Box } from './geometry.js';
import { lumaAt, lumaPlane, sharpnessOf } from './luma.js';

/**
 * The least sharpness of an aligned face of 112 pixels, as a share of the variance of its luma, so that darkness does not count. Of 1256
 * photographs none is below; of faces blurred by 6 % of their width, which nobody is known by any more, nine in ten are.
 */
const LEAST_SHARPNESS = 0.0035;

/** Below this variance of luma, in levels squared, there is nothing to be sharp: a picture of one colour. */
const LEAST_VARIANCE = 1;

/**
 * The most of all differences between neighbouring pixels that a quarter of the columns, and of the rows, may hold: where a face is made
 * of squares the differences stand at their edges. 1256 photographs have .59 at most, faces of 8 squares .62 at least, nine in ten
 * of 12 more than this.
 */
const MOST_AT_EDGES = 0.6;

/** Whether a face is too blurred, or made of too large squares, to tell whose it is. */
export function isBlurred(image: RgbImage, box: Box, aligned: RgbImage): boolean {
  const variance = varianceOf(lumaPlane(aligned));
  if (variance < LEAST_VARIANCE) return false;
  return sharpnessOf(aligned) < LEAST_SHARPNESS * variance || shareAtEdges(image, box) > MOST_AT_EDGES;
}

function varianceOf(values: Float32Array): number {
  let [sum, squares] = [0, 0];
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  return squares / values.length - (sum / values.length) ** 2;
}

/** How much of the differences in a box its richest quarter of columns holds, or of rows where that is less; 0..1. */
function shareAtEdges(image: RgbImage, box: Box): number {
  const left = Math.max(0, Math.floor(box.x));
  const top = Math.max(0, Math.floor(box.y));
  const right = Math.min(image.width, Math.ceil(box.x + box.width)) - 1;
  const bottom = Math.min(image.height, Math.ceil(box.y + box.height)) - 1;
  if (right <= left || bottom <= top) return 0;
  const [columns, rows] = [new Float64Array(right - left), new Float64Array(bottom - top)];
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const at = y * image.width + x;
      const value = lumaAt(image, at);
      columns[x - left] = (columns[x - left] ?? 0) + Math.abs(lumaAt(image, at + 1) - value);
      rows[y - top] = (rows[y - top] ?? 0) + Math.abs(lumaAt(image, at + image.width) - value);
    }
  }
  return Math.min(shareOfQuarter(columns), shareOfQuarter(rows));
}

function shareOfQuarter(values: Float64Array): number {
  const sum = (some: Float64Array): number => some.reduce((total, value) => total + value, 0);
  const all = sum(values);
  return all === 0 ? 0 : sum(values.toSorted().subarray(-Math.ceil(values.length / 4))) / all;
}
