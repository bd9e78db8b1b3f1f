import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import * as wasm from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { arcFaceTemplate, type AlignTemplate } from '../../pipeline/face/align.js';
import type { Point } from '../../pipeline/face/geometry.js';
import type { RgbImage } from '../../pipeline/image.js';

/** A network's weights under the names face-api stores them by. */
export type Weights = tf.NamedTensorMap;

const require = createRequire(import.meta.url);
const MEAN_RGB = [122.782, 117.001, 104.298] as const;
/** How far the eyes are from the mouth in a crop, and where the middle of the three lies, as parts of its side. */
const CROP = { eyesToMouth: 0.45, x: 0.5, y: 0.43 } as const;

/**
 * Weights of `@vladmandic/face-api` by the name of their model. Only they are taken from there: the package's own builds
 * for Node need TensorFlow's native addon, or fail to load.
 */
export async function readWeights(model: string): Promise<Weights> {
  wasm.setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep);
  wasm.setThreadsCount(1);
  await tf.setBackend('wasm');
  await tf.ready();
  const folder = join(dirname(require.resolve('@vladmandic/face-api/package.json')), 'model');
  const manifest = await readFile(join(folder, `${model}-weights_manifest.json`), 'utf8');
  const [group]: { weights: tf.io.WeightsManifestEntry[] }[] = JSON.parse(manifest);
  const { buffer, byteOffset, byteLength } = await readFile(join(folder, `${model}.bin`));
  const bytes = buffer.slice(byteOffset, byteOffset + byteLength);
  return tf.io.decodeWeights(bytes, group?.weights ?? []);
}

/** What a network answers for an aligned face, a square: RGB less the mean, of 255. */
export async function runOn(
  { width, height, data }: RgbImage,
  network: (picture: tf.Tensor4D) => tf.Tensor,
): Promise<Float32Array> {
  const answer = tf.tidy(() => {
    const pixels = tf.tensor4d(Float32Array.from(data), [1, height, width, 3]);
    return network(as4d(tf.div(tf.sub(pixels, tf.tensor1d([...MEAN_RGB])), 255)));
  });
  const values = await answer.data<'float32'>();
  answer.dispose();
  return Float32Array.from(values);
}

/** The weight of that name. @throws Error where the file has none. */
export function weightOf(weights: Weights, name: string): tf.Tensor {
  const found = weights[name];
  if (found === undefined) throw new Error(`Expected the weight ${name} in face-api's file`);
  return found;
}

/** The tensor as one of four dimensions. @throws TypeError where it has others. */
export function as4d(x: tf.Tensor): tf.Tensor4D {
  if (!is4d(x)) throw new TypeError(`Expected four dimensions, got ${x.shape.length}`);
  return x;
}

function is4d(x: tf.Tensor): x is tf.Tensor4D {
  return x.shape.length === 4;
}

/** The crop of `side` pixels that face-api cuts around eyes and mouth, turned upright as dlib does, for the points this project finds. */
export function cropTemplate(side: number): AlignTemplate {
  const { points } = arcFaceTemplate();
  const [leftEye, rightEye, , leftCorner, rightCorner] = points;
  if (!leftEye || !rightEye || !leftCorner || !rightCorner) throw new Error('Expected five points in the template');
  const mouth = middle(leftCorner, rightCorner);
  const centre = middle(leftEye, rightEye, mouth);
  const cut = (distance(leftEye, mouth) + distance(rightEye, mouth)) / 2 / CROP.eyesToMouth;
  const left = centre[0] - CROP.x * cut;
  const top = centre[1] - CROP.y * cut;
  const scale = side / cut;
  return {
    points: points.map(([x, y]): Point => [(x - left) * scale, (y - top) * scale]),
    size: { width: side, height: side },
  };
}

function middle(...points: readonly Point[]): Point {
  const [x, y] = points.reduce(([sumX, sumY], [nextX, nextY]): Point => [sumX + nextX, sumY + nextY], [0, 0]);
  return [x / points.length, y / points.length];
}

function distance(one: Point, other: Point): number {
  return Math.hypot(one[0] - other[0], one[1] - other[1]);
}
