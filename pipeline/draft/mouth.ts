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

/** A chart's colour at a place given as parts of its width and height, bilinear. */
export function chartAt(
  { width, height, data }: Chart,
  place: readonly [u: number, v: number],
  channel: number,
): number {
  const x = Math.min(width - 1, Math.max(0, place[0] * width - 0.5));
  const y = Math.min(height - 1, Math.max(0, place[1] * height - 0.5));
  const left = Math.floor(x);
  const top = Math.floor(y);
  const upper = top * width;
  const lower = Math.min(height - 1, top + 1) * width;
  const right = Math.min(width - 1, left + 1);
  const part = x - left;
  const above =
    (data[(upper + left) * 3 + channel] ?? 0) * (1 - part) + (data[(upper + right) * 3 + channel] ?? 0) * part;
  const below =
    (data[(lower + left) * 3 + channel] ?? 0) * (1 - part) + (data[(lower + right) * 3 + channel] ?? 0) * part;
  return above + (below - above) * (y - top);
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
  const half = LIPS_INNER.length / 2;
  const along = (place: number, side: 1 | -1): readonly [number, number] => {
    const first = Math.min(half - 1, Math.floor(place));
    const point = (step: number): number => (LIPS_INNER.at(side * step) ?? 0) * 3;
    const [from, to, part] = [point(first), point(first + 1), place - first];
    const blend = (axis: number): number => (mesh[from + axis] ?? 0) * (1 - part) + (mesh[to + axis] ?? 0) * part;
    return [blend(0), blend(1)];
  };
  const chart = new Float32Array(width * height * 3);
  for (let x = 0; x < width; x++) {
    const [upper, lower] = [along(((x + 0.5) / width) * half, 1), along(((x + 0.5) / width) * half, -1)];
    for (let y = 0; y < height; y++) {
      const part = (y + 0.5) / height;
      const place = [upper[0] * (1 - part) + lower[0] * part, upper[1] * (1 - part) + lower[1] * part] as const;
      sampleColour(plate, place, { colours: chart, at: (y * width + x) * 3 });
    }
  }
  return chart;
}
