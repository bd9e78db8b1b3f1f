import { boxToPicture } from '../face/geometry.js';
import { warp } from '../face/warp.js';
import { outputOf, type Graphs } from '../graphs.js';
import type { RgbImage } from '../image.js';
import { floatsOf, imagesToTensor } from '../tensor.js';
import { boxBlur, enlarge, shrink, smooth, type Plane } from './plane.js';

/** Side of the picture that the matte is read from, in pixels. */
const SIDE = 256;
/** The guided filter takes contrasts of this standard deviation, of 1, for edges. */
const EDGE = 0.04;
/** It looks this part of the picture's side around. */
const REACH = 1 / 77;
/** Its lines are found at half size: they change slowly (He and Sun, arXiv 1505.00996). */
const COARSE = 2;
/** What the network is this sure of is decided; between them the matte is spread out. */
const SURE = { out: 0.12, in: 0.88 } as const;

/**
 * Where the person is in a square picture, 0..1 by pixel: MediaPipe's selfie segmentation (Apache-2.0) at 256 pixels (graph
 * `matte`, image float32 [1, 3, 256, 256] in 0..1 to matte [1, 1, 256, 256]), brought to the picture's own edges.
 */
export async function readMatte(graphs: Pick<Graphs, 'run'>, image: RgbImage): Promise<Plane> {
  const map = boxToPicture({ x: 0, y: 0, width: image.width, height: image.height }, { width: SIDE, height: SIDE });
  const view = warp(image, { map, size: { width: SIDE, height: SIDE } });
  const outputs = await graphs.run('matte', { image: imagesToTensor([view], 1 / 255) });
  const small = { width: SIDE, height: SIDE, data: floatsOf(outputOf(outputs, 'matte', 'matte')) };
  return refineMatte(enlarge(small, image.width, image.height), image);
}

function luminanceOf({ width, height, data }: RgbImage): Plane {
  const luminance = new Float32Array(width * height);
  for (let pixel = 0; pixel < luminance.length; pixel++) {
    const at = pixel * 3;
    luminance[pixel] = (0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0)) / 255;
  }
  return { width, height, data: luminance };
}

/**
 * A matte brought to a picture's own edges: in every neighbourhood it becomes a line in the picture's brightness (guided
 * filter; He, Sun, Tang 2010).
 */
export function refineMatte(matte: Plane, image: RgbImage): Plane {
  const { width, height } = matte;
  const guide = luminanceOf(image);
  const lines = linesOf(
    shrink(matte, COARSE),
    shrink(guide, COARSE),
    Math.max(2, Math.round((width * REACH) / COARSE)),
  );
  const slope = enlarge(lines.slope, width, height);
  const offset = enlarge(lines.offset, width, height);
  const data = new Float32Array(width * height);
  for (let pixel = 0; pixel < data.length; pixel++) {
    const refined = (slope.data[pixel] ?? 0) * (guide.data[pixel] ?? 0) + (offset.data[pixel] ?? 0);
    data[pixel] = Math.min(1, Math.max(0, (refined - SURE.out) / (SURE.in - SURE.out)));
  }
  return { width, height, data };
}

/** The guided filter's lines, matte = slope * guide + offset, the mean over the neighbourhoods of each pixel. */
function linesOf(matte: Plane, guide: Plane, radius: number): { readonly slope: Plane; readonly offset: Plane } {
  const { width, height } = matte;
  const meanGuide = boxBlur(guide, radius);
  const meanMatte = boxBlur(matte, radius);
  const both = boxBlur(product(guide, matte), radius);
  const squares = boxBlur(product(guide, guide), radius);
  const slope = new Float32Array(width * height);
  const offset = new Float32Array(width * height);
  for (let pixel = 0; pixel < slope.length; pixel++) {
    const [g, m] = [meanGuide.data[pixel] ?? 0, meanMatte.data[pixel] ?? 0];
    const variance = (squares.data[pixel] ?? 0) - g * g;
    slope[pixel] = ((both.data[pixel] ?? 0) - g * m) / (variance + EDGE * EDGE);
    offset[pixel] = m - (slope[pixel] ?? 0) * g;
  }
  return {
    slope: boxBlur({ width, height, data: slope }, radius),
    offset: boxBlur({ width, height, data: offset }, radius),
  };
}

function product(one: Plane, other: Plane): Plane {
  return { ...one, data: one.data.map((value, index) => value * (other.data[index] ?? 0)) };
}

/** From this matte on a pixel shows the person alone. */
const WHOLE = 0.95;
/** Colours spread from whole pixels by this part of the picture's side. */
const SPREAD = 1 / 128;

/**
 * The colours of the person without what was behind: where the matte is partial, the colour comes from whole pixels nearby,
 * so that a cut-out has no rim of its old backdrop.
 */
export function foregroundOf(image: RgbImage, matte: Plane): RgbImage {
  const sigma = Math.max(1, (image.width * SPREAD) / COARSE);
  const weight: Plane = { ...matte, data: matte.data.map((value) => (value >= WHOLE ? 1 : value ** 4 * 0.02)) };
  const small = smooth(shrink(weight, COARSE), sigma);
  const data = Uint8Array.from(image.data);
  for (let channel = 0; channel < 3; channel++) {
    const colour: Plane = {
      ...matte,
      data: weight.data.map((value, pixel) => value * (image.data[pixel * 3 + channel] ?? 0)),
    };
    const sums = smooth(shrink(colour, COARSE), sigma);
    const means = { ...sums, data: sums.data.map((sum, pixel) => sum / Math.max(1e-6, small.data[pixel] ?? 0)) };
    const spread = enlarge(means, image.width, image.height);
    for (let pixel = 0; pixel < weight.data.length; pixel++) {
      const alpha = matte.data[pixel] ?? 0;
      if (alpha >= WHOLE || alpha === 0) continue;
      const own = image.data[pixel * 3 + channel] ?? 0;
      data[pixel * 3 + channel] = Math.round(own * alpha * alpha + (spread.data[pixel] ?? 0) * (1 - alpha * alpha));
    }
  }
  return { ...image, data };
}
