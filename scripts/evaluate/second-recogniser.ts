import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import * as wasm from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { alignFace, arcFaceTemplate, type AlignTemplate } from '../../pipeline/face/align.js';
import type { Point } from '../../pipeline/face/geometry.js';
import type { RgbImage } from '../../pipeline/image.js';
import type { Recogniser } from '../../src/cli/evaluate/recogniser.js';
import { describeFace, type Weights } from './residual-net.js';

const require = createRequire(import.meta.url);
const SIDE = 150;
const MEAN_RGB = [122.782, 117.001, 104.298] as const;
/** How far the eyes are from the mouth in a crop, and where the middle of the three lies, as parts of its side. */
const CROP = { eyesToMouth: 0.45, x: 0.5, y: 0.43 } as const;

/**
 * The recogniser of `@vladmandic/face-api` (dlib's residual network of 29 layers, trained on other photos and by another
 * loss than ours), which neither training nor curation ever used. Only its weights are taken from there: the package's
 * own builds for Node need TensorFlow's native addon, or fail to load.
 *
 * Its cosines crowd together. Over 58 people of the validation photos with two usable photos each, median and the range
 * of nine in ten: two photos of one person .955 (.924 to .969), two people .837 (.775 to .890); the product's own
 * recogniser says .662 (.443 to .780) and .009 (-.158 to .170). Both tell 99 % of the pairs apart, at .923 and at .361.
 * `photosSame` and `photosOthers` of a report give the scale over its own people.
 */
export async function openSecondRecogniser(): Promise<Recogniser> {
  wasm.setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep);
  wasm.setThreadsCount(1);
  await tf.setBackend('wasm');
  await tf.ready();
  const weights = await readWeights();
  const template = cropTemplate();
  return { name: 'face-api', embed: async (image, { points }) => embed(alignFace(image, points, template), weights) };
}

async function readWeights(): Promise<Weights> {
  const folder = join(dirname(require.resolve('@vladmandic/face-api/package.json')), 'model');
  const manifest = await readFile(join(folder, 'face_recognition_model-weights_manifest.json'), 'utf8');
  const [group]: { weights: tf.io.WeightsManifestEntry[] }[] = JSON.parse(manifest);
  const { buffer, byteOffset, byteLength } = await readFile(join(folder, 'face_recognition_model.bin'));
  const bytes = buffer.slice(byteOffset, byteOffset + byteLength);
  return tf.io.decodeWeights(bytes, group?.weights ?? []);
}

async function embed({ data }: RgbImage, weights: Weights): Promise<Float32Array> {
  const features = tf.tidy(() => {
    const pixels = tf.tensor4d(Float32Array.from(data), [1, SIDE, SIDE, 3]);
    return describeFace(tf.div(tf.sub(pixels, tf.tensor1d([...MEAN_RGB])), 255), weights);
  });
  const values = await features.data<'float32'>();
  features.dispose();
  return Float32Array.from(values);
}

/** The crop that face-api cuts around eyes and mouth, turned upright as dlib does, for the points this project finds. */
function cropTemplate(): AlignTemplate {
  const { points } = arcFaceTemplate();
  const [leftEye, rightEye, , leftCorner, rightCorner] = points;
  if (!leftEye || !rightEye || !leftCorner || !rightCorner) throw new Error('Expected five points in the template');
  const mouth = middle(leftCorner, rightCorner);
  const centre = middle(leftEye, rightEye, mouth);
  const side = (distance(leftEye, mouth) + distance(rightEye, mouth)) / 2 / CROP.eyesToMouth;
  const left = centre[0] - CROP.x * side;
  const top = centre[1] - CROP.y * side;
  const scale = SIDE / side;
  return {
    points: points.map(([x, y]): Point => [(x - left) * scale, (y - top) * scale]),
    size: { width: SIDE, height: SIDE },
  };
}

function middle(...points: readonly Point[]): Point {
  const [x, y] = points.reduce(([sumX, sumY], [nextX, nextY]): Point => [sumX + nextX, sumY + nextY], [0, 0]);
  return [x / points.length, y / points.length];
}

function distance(one: Point, other: Point): number {
  return Math.hypot(one[0] - other[0], one[1] - other[1]);
}
