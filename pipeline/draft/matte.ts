import { boxToPicture } from '../face/geometry.js';
import { warp } from '../face/warp.js';
import { outputOf, type Graphs } from '../graphs.js';
import type { RgbImage } from '../image.js';
import { floatsOf, imagesToTensor } from '../tensor.js';
import { boxBlur, smooth, type Plane } from './plane.js';

/** Side of the picture that the matte is read from, in pixels. */
const SIDE = 256;
/** The guided filter looks this many pixels around, and takes contrasts of this standard deviation (of 1) for edges. */
const GUIDE = { radius: 10, deviation: 0.04 } as const;
/** What the network is this sure of is decided; between them the matte is spread out. */
const SURE = { out: 0.12, in: 0.88 } as const;

/**
 * Where the person is in a square picture, 0..1 by pixel: MediaPipe's selfie segmentation (Apache-2.0) at 256 pixels (graph
 * `matte`, image float32 [1, 3, 256, 256] in 0..1 to matte [1, 1, 256, 256]), brought to full size along the picture's own
 * edges by a guided filter (He, Sun, Tang 2010).
 */
export async function readMatte(graphs: Pick<Graphs, 'run'>, image: RgbImage): Promise<Plane> {
  const map = boxToPicture({ x: 0, y: 0, width: image.width, height: image.height }, { width: SIDE, height: SIDE });
  const view = warp(image, { map, size: { width: SIDE, height: SIDE } });
  const outputs = await graphs.run('matte', { image: imagesToTensor([view], 1 / 255) });
  const small = { width: SIDE, height: SIDE, data: floatsOf(outputOf(outputs, 'matte', 'matte')) };
  return refineMatte(enlarge(small, image.width, image.height), image, GUIDE.radius);
}

/** Bilinear, pixel centres as everywhere. */
export function enlarge(plane: Plane, width: number, height: number): Plane {
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const [top, down] = place(y, height, plane.height);
    for (let x = 0; x < width; x++) {
      const [left, right] = place(x, width, plane.width);
      const at = (row: number, column: number): number =>
        plane.data[Math.min(plane.height - 1, row) * plane.width + Math.min(plane.width - 1, column)] ?? 0;
      const above = at(top, left) * (1 - right) + at(top, left + 1) * right;
      const below = at(top + 1, left) * (1 - right) + at(top + 1, left + 1) * right;
      data[y * width + x] = above * (1 - down) + below * down;
    }
  }
  return { width, height, data };
}

function place(index: number, length: number, from: number): readonly [first: number, part: number] {
  const at = Math.min(from - 1, Math.max(0, ((index + 0.5) * from) / length - 0.5));
  return [Math.floor(at), at - Math.floor(at)];
}

function luminanceOf({ width, height, data }: RgbImage): Plane {
  const luminance = new Float32Array(width * height);
  for (let pixel = 0; pixel < luminance.length; pixel++) {
    const at = pixel * 3;
    luminance[pixel] = (0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0)) / 255;
  }
  return { width, height, data: luminance };
}

/** A matte brought to a picture's own edges: in every neighbourhood it is a line in the picture's brightness (guided filter). */
export function refineMatte(matte: Plane, image: RgbImage, radius: number): Plane {
  const { width, height } = matte;
  const guide = luminanceOf(image);
  const multiply = (a: Plane, b: Plane): Plane => ({
    width,
    height,
    data: a.data.map((value, index) => value * (b.data[index] ?? 0)),
  });
  const { deviation } = GUIDE;
  const meanGuide = boxBlur(guide, radius);
  const meanMatte = boxBlur(matte, radius);
  const both = boxBlur(multiply(guide, matte), radius);
  const squares = boxBlur(multiply(guide, guide), radius);
  const slope = new Float32Array(width * height);
  const offset = new Float32Array(width * height);
  for (let pixel = 0; pixel < slope.length; pixel++) {
    const [g, m] = [meanGuide.data[pixel] ?? 0, meanMatte.data[pixel] ?? 0];
    const variance = (squares.data[pixel] ?? 0) - g * g;
    slope[pixel] = ((both.data[pixel] ?? 0) - g * m) / (variance + deviation * deviation);
    offset[pixel] = m - (slope[pixel] ?? 0) * g;
  }
  const meanSlope = boxBlur({ width, height, data: slope }, radius);
  const meanOffset = boxBlur({ width, height, data: offset }, radius);
  const data = guide.data.map((value, pixel) => {
    const refined = (meanSlope.data[pixel] ?? 0) * value + (meanOffset.data[pixel] ?? 0);
    return Math.min(1, Math.max(0, (refined - SURE.out) / (SURE.in - SURE.out)));
  });
  return { width, height, data };
}

/** From this matte on a pixel shows the person alone. */
const WHOLE = 0.95;

/**
 * The colours of the person without what was behind: where the matte is partial, the colour comes from whole pixels nearby,
 * so that a cut-out has no rim of its old backdrop.
 */
export function foregroundOf(image: RgbImage, matte: Plane, sigma = 6): RgbImage {
  const weight: Plane = { ...matte, data: matte.data.map((value) => (value >= WHOLE ? 1 : value ** 4 * 0.02)) };
  const total = smooth(weight, sigma);
  const data = Uint8Array.from(image.data);
  for (let channel = 0; channel < 3; channel++) {
    const colour: Plane = {
      ...matte,
      data: weight.data.map((value, pixel) => value * (image.data[pixel * 3 + channel] ?? 0)),
    };
    const spread = smooth(colour, sigma);
    for (let pixel = 0; pixel < weight.data.length; pixel++) {
      const [alpha, there] = [matte.data[pixel] ?? 0, total.data[pixel] ?? 0];
      if (alpha >= WHOLE || there < 1e-4) continue;
      const own = image.data[pixel * 3 + channel] ?? 0;
      const share = Math.min(1, alpha) ** 2;
      data[pixel * 3 + channel] = Math.round(own * share + ((spread.data[pixel] ?? 0) / there) * (1 - share));
    }
  }
  return { ...image, data };
}
