import * as tf from '@tensorflow/tfjs-core';
import { as4d, weightOf, type Weights } from './face-api.js';

type Stride = 1 | 2;

const BLOCKS = [
  'conv32_1',
  'conv32_2',
  'conv32_3',
  'conv64_down',
  'conv64_1',
  'conv64_2',
  'conv64_3',
  'conv128_down',
  'conv128_1',
  'conv128_2',
  'conv256_down',
  'conv256_1',
  'conv256_2',
  'conv256_down_out',
] as const;

/**
 * dlib's face network: a convolution, fourteen residual blocks, the mean over places and a matrix.
 * @param picture (1, 150, 150, 3), RGB around 0
 * @returns 128 numbers, not normalised
 */
export function describeFace(picture: tf.Tensor, weights: Weights): tf.Tensor {
  const first = tf.relu(convolve(as4d(picture), { name: 'conv32_down', stride: 2 }, weights));
  const pooled = tf.maxPool(as4d(first), 3, 2, 'valid');
  const features = BLOCKS.reduce((x, name) => residual(x, name, weights), pooled);
  return tf.matMul(tf.mean(features, [1, 2]), weightOf(weights, 'fc'));
}

function residual(x: tf.Tensor4D, name: string, weights: Weights): tf.Tensor4D {
  const stride = name.includes('down') ? 2 : 1;
  const inner = tf.relu(convolve(x, { name: `${name}/conv1`, stride }, weights));
  const out = convolve(as4d(inner), { name: `${name}/conv2`, stride: 1 }, weights);
  const [around, kept] = stride === 1 ? [out, x] : matched(out, tf.avgPool(x, 2, 2, 'valid'));
  return as4d(tf.relu(tf.add(around, kept)));
}

/** A halving block's two ways in one shape: zeros stand for missing channels, rows and columns. */
function matched(out: tf.Tensor4D, pooled: tf.Tensor4D): [tf.Tensor4D, tf.Tensor4D] {
  const [, height, width, channels] = out.shape;
  const [, pooledHeight, pooledWidth, pooledChannels] = pooled.shape;
  const grown = tf.pad(out, [
    [0, 0],
    [0, pooledHeight - height],
    [0, pooledWidth - width],
    [0, 0],
  ]);
  return [
    as4d(grown),
    as4d(
      tf.pad(pooled, [
        [0, 0],
        [0, 0],
        [0, 0],
        [0, channels - pooledChannels],
      ]),
    ),
  ];
}

interface Layer {
  readonly name: string;
  readonly stride: Stride;
}

function convolve(x: tf.Tensor4D, { name, stride }: Layer, weights: Weights): tf.Tensor4D {
  const weight = (part: string) => weightOf(weights, `${name}/${part}`);
  const padding = stride === 2 ? 'valid' : 'same';
  const made = tf.add(tf.conv2d(x, as4d(weight('conv/filters')), stride, padding), weight('conv/bias'));
  return as4d(tf.add(tf.mul(made, weight('scale/weights')), weight('scale/biases')));
}
