import { stepNoise } from '../diffusion/noise.js';
import type { RgbImage } from '../image.js';
import type { Chart, MouthModel } from './appearance.js';
import type { DraftPhoto } from './photo.js';
import { LIPS_INNER } from './regions.js';
import { sampleColour } from './sample.js';

/** Draws are within this many standard deviations of the mean, and vary by this part of what people vary. */
const TRUNCATED = 1.6;
const VARIED = 0.7;

/** What lies between open lips, drawn from the model: a chart from the left corner to the right, from the upper lip to the lower. */
export function drawMouth({ mean, components, deviations }: MouthModel, seed: number): Chart {
  const noise = stepNoise({ seed, candidate: 0, step: 0 }, deviations.length);
  const data = Float32Array.from(mean.data);
  const size = data.length;
  deviations.forEach((deviation, index) => {
    const amount = Math.min(TRUNCATED, Math.max(-TRUNCATED, noise[index] ?? 0)) * VARIED * deviation;
    const component = components.data.subarray(index * size, (index + 1) * size);
    for (let at = 0; at < size; at++) data[at] = (data[at] ?? 0) + amount * (component[at] ?? 0);
  });
  return { ...mean, data };
}

/** Writes a chart's three values at a place given as parts of its width and height, bilinear. */
export function sampleChart(
  { width, height, data }: Chart,
  place: readonly [u: number, v: number],
  target: Float64Array,
): void {
  const x = Math.min(width - 1, Math.max(0, place[0] * width - 0.5));
  const y = Math.min(height - 1, Math.max(0, place[1] * height - 0.5));
  const left = Math.floor(x);
  const top = Math.floor(y);
  const upper = top * width;
  const lower = Math.min(height - 1, top + 1) * width;
  const right = Math.min(width - 1, left + 1);
  const [across, down] = [x - left, y - top];
  const [a, b, c, d] = [(upper + left) * 3, (upper + right) * 3, (lower + left) * 3, (lower + right) * 3];
  for (let channel = 0; channel < 3; channel++) {
    const above = (data[a + channel] ?? 0) * (1 - across) + (data[b + channel] ?? 0) * across;
    const below = (data[c + channel] ?? 0) * (1 - across) + (data[d + channel] ?? 0) * across;
    target[channel] = above + (below - above) * down;
  }
}

/** What lies between a photo's own lips, as far as the model's components tell it. */
export function projectMouth(
  { mean, components, deviations }: MouthModel,
  { plate, mesh }: Pick<DraftPhoto, 'plate' | 'mesh'>,
): Chart {
  const own = readMouth(plate, mesh, mean);
  const size = own.length;
  const data = Float32Array.from(mean.data);
  deviations.forEach((deviation, index) => {
    const component = components.data.subarray(index * size, (index + 1) * size);
    let amount = 0;
    for (let at = 0; at < size; at++) amount += (component[at] ?? 0) * ((own[at] ?? 0) - (mean.data[at] ?? 0));
    const kept = Math.min(3 * deviation, Math.max(-3 * deviation, amount));
    for (let at = 0; at < size; at++) data[at] = (data[at] ?? 0) + kept * (component[at] ?? 0);
  });
  return { ...mean, data };
}

/** The chart of what a picture shows between the lips of a mesh. */
function readMouth(
  plate: RgbImage,
  mesh: Float64Array,
  { width, height }: Pick<Chart, 'width' | 'height'>,
): Float32Array {
  const chart = new Float32Array(width * height * 3);
  for (let x = 0; x < width; x++) {
    const { upper, lower } = lipsAt(mesh, (x + 0.5) / width);
    for (let y = 0; y < height; y++) {
      const part = (y + 0.5) / height;
      const place = [upper[0] * (1 - part) + lower[0] * part, upper[1] * (1 - part) + lower[1] * part] as const;
      sampleColour(plate, place, { colours: chart, at: (y * width + x) * 3 });
    }
  }
  return chart;
}

/** Halvings of a mouth's width until a column is found. */
const HALVINGS = 10;

/** Where a place between the lips of a mesh lies in a mouth's chart, as parts of its width and height. */
export function mouthPlace(mesh: Float64Array, [x, y]: Place): readonly [u: number, v: number] {
  let [left, right] = [0, 1];
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (left + right) / 2;
    const { upper, lower } = lipsAt(mesh, middle);
    const isRight = (lower[0] - upper[0]) * (y - upper[1]) - (lower[1] - upper[1]) * (x - upper[0]) < 0;
    if (isRight) left = middle;
    else right = middle;
  }
  const u = (left + right) / 2;
  const { upper, lower } = lipsAt(mesh, u);
  const [across, down] = [lower[0] - upper[0], lower[1] - upper[1]];
  const v = ((x - upper[0]) * across + (y - upper[1]) * down) / (across * across + down * down + 1e-9);
  return [u, Math.min(1, Math.max(0, v))];
}

type Place = readonly [x: number, y: number];

/** The places of the inner lips at a part of the mouth's width, as charts are laid out: point by point of the mesh. */
function lipsAt(mesh: Float64Array, u: number): { readonly upper: Place; readonly lower: Place } {
  const count = LIPS_INNER.length;
  const first = Math.min(count / 2 - 1, Math.floor((u * count) / 2));
  const part = (u * count) / 2 - first;
  return {
    upper: between(mesh, [LIPS_INNER[first] ?? 0, LIPS_INNER[first + 1] ?? 0], part),
    lower: between(mesh, [LIPS_INNER[(count - first) % count] ?? 0, LIPS_INNER[count - first - 1] ?? 0], part),
  };
}

function between(mesh: Float64Array, [from, to]: readonly [number, number], part: number): Place {
  const x = (mesh[from * 3] ?? 0) * (1 - part) + (mesh[to * 3] ?? 0) * part;
  const y = (mesh[from * 3 + 1] ?? 0) * (1 - part) + (mesh[to * 3 + 1] ?? 0) * part;
  return [x, y];
}
