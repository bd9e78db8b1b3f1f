import type { RgbImage } from '../image.js';
import type { Plane } from './plane.js';

/** Where a colour goes: into which numbers, and from which place of them on. */
export interface ColourTarget {
  readonly colours: Float32Array;
  readonly at: number;
}

/** The colour of a picture between its pixels, bicubic (Catmull-Rom); border pixels repeat. */
export function sampleColour(
  { width, height, data }: RgbImage,
  place: readonly [x: number, y: number],
  target: ColourTarget,
): void {
  const left = Math.floor(place[0]);
  const top = Math.floor(place[1]);
  weigh(place[0] - left, ACROSS);
  weigh(place[1] - top, DOWN);
  const [a = 0, b = 0, c = 0, d = 0] = [ACROSS[0], ACROSS[1], ACROSS[2], ACROSS[3]];
  const [first, second] = [3 * within(left - 1, width), 3 * within(left, width)];
  const [third, fourth] = [3 * within(left + 1, width), 3 * within(left + 2, width)];
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let row = 0; row < 4; row++) {
    const line = within(top + row - 1, height) * width * 3;
    const weight = DOWN[row] ?? 0;
    const [p, q, r, s] = [line + first, line + second, line + third, line + fourth];
    red += weight * (a * byteAt(data, p) + b * byteAt(data, q) + c * byteAt(data, r) + d * byteAt(data, s));
    green +=
      weight * (a * byteAt(data, p + 1) + b * byteAt(data, q + 1) + c * byteAt(data, r + 1) + d * byteAt(data, s + 1));
    blue +=
      weight * (a * byteAt(data, p + 2) + b * byteAt(data, q + 2) + c * byteAt(data, r + 2) + d * byteAt(data, s + 2));
  }
  target.colours[target.at] = red;
  target.colours[target.at + 1] = green;
  target.colours[target.at + 2] = blue;
}

/** The same, bilinear: a third of the work, for what is not looked at closely. */
export function sampleColourLinear(
  { width, height, data }: RgbImage,
  place: readonly [x: number, y: number],
  target: ColourTarget,
): void {
  const left = Math.floor(place[0]);
  const top = Math.floor(place[1]);
  const [right, down] = [place[0] - left, place[1] - top];
  const above = within(top, height) * width;
  const below = within(top + 1, height) * width;
  const [near, far] = [within(left, width), within(left + 1, width)];
  const [a, b, c, d] = [3 * (above + near), 3 * (above + far), 3 * (below + near), 3 * (below + far)];
  for (let channel = 0; channel < 3; channel++) {
    const upper = byteAt(data, a + channel) * (1 - right) + byteAt(data, b + channel) * right;
    const lower = byteAt(data, c + channel) * (1 - right) + byteAt(data, d + channel) * right;
    target.colours[target.at + channel] = upper * (1 - down) + lower * down;
  }
}

function byteAt(data: Uint8Array, index: number): number {
  return data[index] ?? 0;
}

/** The nearest index of a row or a column that there is. */
function within(index: number, count: number): number {
  return index < 0 ? 0 : index >= count ? count - 1 : index;
}

/** Weights of the four neighbours across and down, of the place that is sampled: a call for each pixel makes no arrays. */
const ACROSS = new Float64Array(4);
const DOWN = new Float64Array(4);

function weigh(t: number, weights: Float64Array): void {
  const t2 = t * t;
  const t3 = t2 * t;
  weights[0] = -0.5 * t3 + t2 - 0.5 * t;
  weights[1] = 1.5 * t3 - 2.5 * t2 + 1;
  weights[2] = -1.5 * t3 + 2 * t2 + 0.5 * t;
  weights[3] = 0.5 * t3 - 0.5 * t2;
}

/** The value of a plane between its pixels, bilinear; 0 beyond its border. */
export function samplePlane(plane: Plane, place: readonly [x: number, y: number]): number {
  const left = Math.floor(place[0]);
  const top = Math.floor(place[1]);
  const [right, down] = [place[0] - left, place[1] - top];
  return (
    (valueAt(plane, left, top) * (1 - right) + valueAt(plane, left + 1, top) * right) * (1 - down) +
    (valueAt(plane, left, top + 1) * (1 - right) + valueAt(plane, left + 1, top + 1) * right) * down
  );
}

function valueAt({ width, height, data }: Plane, x: number, y: number): number {
  return x < 0 || y < 0 || x >= width || y >= height ? 0 : (data[y * width + x] ?? 0);
}
