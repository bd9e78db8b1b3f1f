import { outputOf, pickInputs, type Graphs, type Tensors } from '../graphs.js';
import { floatsOf, floatTensor } from '../tensor.js';
import type { Predict } from './denoiser.js';

/** What a condition is made of. */
export interface UnetCondition {
  readonly graphs: Graphs;
  /** `[B, C, h, w]`, the static shape of the graph. */
  readonly shape: readonly number[];
  /** Outputs of `identity` and `text_encoder`; each goes to the input of the same name, if the graph has one. */
  readonly cached: Tensors;
  /** How strongly the gated adapters act, 0..1; 0 is the base model. */
  readonly beta: number;
}

/** The U-Net under one condition: everything that does not change between steps is bound once. */
export function createUnet({ graphs, shape, cached, beta }: UnetCondition): Predict {
  const fixed = { ...pickInputs(cached, graphs.inputNames('unet')), beta: floatTensor([1], Float32Array.of(beta)) };
  return async (latents, { timestep }) => {
    const outputs = await graphs.run('unet', {
      ...fixed,
      latents: floatTensor(shape, latents),
      timestep: floatTensor([1], Float32Array.of(timestep)),
    });
    return floatsOf(outputOf(outputs, 'unet', 'prediction'));
  };
}
