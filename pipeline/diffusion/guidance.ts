import { combine, type Predict } from './denoiser.js';

/** The network under two conditions, and how far to lean towards the first. */
export interface GuidanceOptions {
  readonly conditional: Predict;
  readonly unconditional: Predict;
  readonly scale: number;
}

/**
 * Classifier-free guidance (Ho and Salimans, arXiv 2207.12598): `unconditional + scale * (conditional - unconditional)`,
 * two calls of the network a step. At scale 1 that is the conditional prediction, so only one call is made.
 */
export function guide({ conditional, unconditional, scale }: GuidanceOptions): Predict {
  if (scale === 1) return conditional;
  return async (latents, level) => {
    const away = await unconditional(latents, level);
    const towards = await conditional(latents, level);
    return combine([1 - scale, away], [scale, towards]);
  };
}
