import type { RgbImage } from '../image.js';
import { floatTensor, type FloatTensor } from '../tensor.js';
import { arcFaceTemplate } from './align.js';
import {
  applyAffine,
  boxAround,
  boxToPicture,
  centreOf,
  invertAffine,
  similarityBetween,
  squareAround,
  type Affine,
  type Box,
  type Point,
} from './geometry.js';
import { lumaPlane } from './luma.js';
import type { FaceModels } from './models.js';
import { runGraph } from './run.js';
import { warp } from './warp.js';

const SIZE = { width: 64, height: 64 };
/** The model was trained on upright faces; beyond this tilt the face is turned upright and read again. */
const UPRIGHT_DEGREES = 15;
const UPRIGHT_PASSES = 2;
const UPRIGHT_MARGIN = 1.15;

/**
 * The five points of a face (see `Face.points`) from 68 landmarks: the mean of each eye's six, the nose tip, the outer
 * mouth corners. A tilted face is turned upright by the points of the first reading and read again.
 */
export async function findPoints(models: FaceModels, image: RgbImage, box: Box): Promise<Point[]> {
  let landmarks = await readLandmarks(models, image, boxToPicture(squareAround(box), SIZE));
  for (let pass = 0; pass < UPRIGHT_PASSES && tiltOf(fivePoints(landmarks)) > UPRIGHT_DEGREES; pass++) {
    landmarks = await readLandmarks(models, image, uprightMap(landmarks));
  }
  return fivePoints(landmarks);
}

async function readLandmarks(models: FaceModels, image: RgbImage, map: Affine): Promise<Point[]> {
  const crop = warp(image, { map, size: SIZE });
  const [values = new Float32Array()] = await runGraph(await models.session('fr_landmark'), toGrey(crop));
  const back = invertAffine(map);
  return Array.from({ length: values.length / 2 }, (_, index) =>
    applyAffine(back, [(values[index * 2] ?? 0) * SIZE.width - 0.5, (values[index * 2 + 1] ?? 0) * SIZE.height - 0.5]),
  );
}

function toGrey(image: RgbImage): FloatTensor {
  return floatTensor(
    [1, 1, image.height, image.width],
    lumaPlane(image).map((value) => value / 256),
  );
}

function fivePoints(landmarks: readonly Point[]): Point[] {
  const at = (start: number, end: number) => centreOf(landmarks.slice(start, end));
  return [at(36, 42), at(42, 48), at(30, 31), at(48, 49), at(54, 55)];
}

function tiltOf([left = [0, 0], right = [0, 0]]: readonly Point[]): number {
  return Math.abs((Math.atan2(right[1] - left[1], right[0] - left[0]) * 180) / Math.PI);
}

/** The map that shows a face upright: turned as alignment would turn it, a little larger than its landmarks. */
function uprightMap(landmarks: readonly Point[]): Affine {
  const aligned = similarityBetween(fivePoints(landmarks), arcFaceTemplate().points);
  const frame = squareAround(boxAround(landmarks.map((point) => applyAffine(aligned, point))), UPRIGHT_MARGIN);
  const scale = SIZE.width / Math.max(frame.width, 1e-6);
  const [a, b, c, d, e, f] = aligned;
  const shift = (value: number, start: number) => (value - start + 0.5) * scale - 0.5;
  return [a * scale, b * scale, shift(c, frame.x), d * scale, e * scale, shift(f, frame.y)];
}
