import * as tf from '@tensorflow/tfjs-core';
import { alignFace } from '../../pipeline/face/align.js';
import type { Expression } from '../../pipeline/face/face.js';
import type { FaceReader } from '../../src/cli/evaluate/face-reader.js';
import { as4d, cropTemplate, readWeights, runOn, weightOf, type Weights } from './face-api.js';

const SIDE = 112;
/** In the order of the network's answer. */
const LABELS: readonly Expression[] = ['neutral', 'happy', 'sad', 'angry', 'afraid', 'disgusted', 'surprised'];

/**
 * The expression network of `@vladmandic/face-api` (four dense blocks of separable convolutions), which neither training
 * nor curation ever used.
 */
export async function openSecondExpressionReader(): Promise<FaceReader> {
  const weights = await readWeights('face_expression_model');
  const template = cropTemplate(SIDE);
  return {
    name: 'face-api',
    read: async (image, { points }) => {
      const scores = await runOn(alignFace(image, points, template), (picture) => expressionScores(picture, weights));
      const best = scores.reduce((first, score, at) => (score > (scores[first] ?? 0) ? at : first), 0);
      const expression = LABELS[best];
      return expression === undefined ? {} : { expression };
    },
  };
}

/** A logit for each of `LABELS`, of a picture (1, 112, 112, 3), RGB around 0. */
function expressionScores(picture: tf.Tensor4D, weights: Weights): tf.Tensor {
  const features = [0, 1, 2, 3].reduce((x, index) => denseBlock(x, index, weights), picture);
  const pooled = tf.avgPool(features, 7, 2, 'valid');
  const flat = tf.reshape(pooled, [1, pooled.size]);
  return tf.add(tf.matMul(flat, weightOf(weights, 'fc/weights')), weightOf(weights, 'fc/bias'));
}

/** Four convolutions, the first halving; each further one sees the sum of those before it. */
function denseBlock(x: tf.Tensor4D, index: number, weights: Weights): tf.Tensor4D {
  const of = (layer: number): string => `dense${index}/conv${layer}`;
  const halved = index === 0 ? plain(x, of(0), weights) : separable(x, { name: of(0), stride: 2 }, weights);
  let sum = as4d(tf.relu(halved));
  let outputs: tf.Tensor = sum;
  for (let layer = 1; layer < 4; layer++) {
    outputs = tf.add(outputs, separable(sum, { name: of(layer), stride: 1 }, weights));
    sum = as4d(tf.relu(outputs));
  }
  return sum;
}

function plain(x: tf.Tensor4D, name: string, weights: Weights): tf.Tensor {
  return tf.add(tf.conv2d(x, as4d(weightOf(weights, `${name}/filters`)), 2, 'same'), weightOf(weights, `${name}/bias`));
}

interface Layer {
  readonly name: string;
  readonly stride: 1 | 2;
}

function separable(x: tf.Tensor4D, { name, stride }: Layer, weights: Weights): tf.Tensor {
  const depthwise = as4d(weightOf(weights, `${name}/depthwise_filter`));
  const pointwise = as4d(weightOf(weights, `${name}/pointwise_filter`));
  return tf.add(tf.separableConv2d(x, depthwise, pointwise, stride, 'same'), weightOf(weights, `${name}/bias`));
}
