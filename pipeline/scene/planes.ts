import { enlargePlane, shrink, smooth } from '../draft/plane.js';

/** What is soft is found at a quarter of the size, in a sixteenth of the time. */
const COARSE = 4;

/** Red, green and blue. */
export type Three = readonly [Float32Array, Float32Array, Float32Array];

/** Three planes, as a list of them. @throws RangeError where there are fewer. */
export function threeOf([red, green, blue]: readonly (Float32Array | undefined)[]): Three {
  if (!red || !green || !blue) throw new RangeError('Expected three planes');
  return [red, green, blue];
}

/** A square plane smoothed by a deviation of several pixels; `side` is a multiple of 4. */
export function softened(data: Float32Array, side: number, sigma: number): Float32Array {
  const coarse = shrink({ width: side, height: side, data }, COARSE);
  return enlargePlane(smooth(coarse, sigma / COARSE), side, side).data;
}
