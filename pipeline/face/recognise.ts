import type { RgbImage } from '../image.js';
import { imagesToTensor } from '../tensor.js';
import type { FaceModels } from './models.js';
import { runGraph } from './run.js';

/** How the recogniser takes the channels of a picture. BGR is how it was trained; bundles that learnt from it in RGB say so. */
export type ChannelOrder = 'rgb' | 'bgr';

/** The identity embedding of a face aligned to `arcFaceTemplate()`: 512 numbers of L2 norm 1. */
export async function embedAligned(models: FaceModels, aligned: RgbImage, order: ChannelOrder): Promise<Float32Array> {
  const input = imagesToTensor([order === 'bgr' ? swapRedAndBlue(aligned) : aligned], 1 / 128, -127 / 128);
  const [features = new Float32Array()] = await runGraph(await models.session('fr_feature'), input);
  return normalise(features);
}

function swapRedAndBlue(image: RgbImage): RgbImage {
  const data = Uint8Array.from(image.data);
  for (let at = 0; at < data.length; at += 3) [data[at], data[at + 2]] = [image.data[at + 2] ?? 0, image.data[at] ?? 0];
  return { ...image, data };
}

/** The vector scaled to L2 norm 1; a vector of zeros stays as it is. */
export function normalise(vector: Float32Array): Float32Array {
  const norm = Math.hypot(...vector);
  return norm > 0 ? vector.map((value) => value / norm) : vector.slice();
}

/** The cosine of the angle between two embeddings: 1 for the same picture, near 0 for different people. */
export function cosineOf(one: Float32Array, other: Float32Array): number {
  let [dot, oneSquares, otherSquares] = [0, 0, 0];
  for (let index = 0; index < one.length; index++) {
    const [a, b] = [one[index] ?? 0, other[index] ?? 0];
    dot += a * b;
    oneSquares += a * a;
    otherSquares += b * b;
  }
  const norms = Math.sqrt(oneSquares * otherSquares);
  return norms > 0 ? dot / norms : 0;
}
