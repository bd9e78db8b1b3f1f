import type { TimestepLevel } from './schedule.js';

/** What the network was trained to predict. */
export type PredictionType = 'epsilon' | 'v_prediction' | 'sample';

/** The network: noisy latents at a level to its raw prediction, both of one length. */
export type Predict = (latents: Float32Array, level: TimestepLevel) => Promise<Float32Array>;

/** Noisy latents at a level to an estimate of the clean latents. Samplers know no other kind of model. */
export type Denoise = Predict;

/** Turns raw predictions into estimates of the clean latents. */
export function createDenoiser(predict: Predict, type: PredictionType): Denoise {
  if (type === 'sample') return predict;
  return async (latents, level) => {
    const prediction = await predict(latents, level);
    const { alpha, sigma } = level;
    // epsilon: clean = (z - sigma * eps) / alpha; v = alpha * eps - sigma * clean, so clean = alpha * z - sigma * v
    const [ofLatents, ofPrediction] = type === 'epsilon' ? [1 / alpha, -sigma / alpha] : [alpha, -sigma];
    return combine([ofLatents, latents], [ofPrediction, prediction]);
  };
}

/** The sum of weighted arrays of one length, in float64 until the result is stored. */
export function combine(...terms: readonly (readonly [weight: number, values: Float32Array])[]): Float32Array {
  const result = new Float32Array(terms[0]?.[1].length ?? 0);
  for (let index = 0; index < result.length; index++) {
    let sum = 0;
    for (const [weight, values] of terms) sum += weight * (values[index] ?? 0);
    result[index] = sum;
  }
  return result;
}
