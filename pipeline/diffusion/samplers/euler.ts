import { combine } from '../denoiser.js';
import { noiseToSignal } from '../schedule.js';
import { createSampler } from './sampler.js';

/**
 * Euler's method on the probability flow (Karras et al., arXiv 2206.00364, algorithm 1 without churn); equal to
 * diffusers' `EulerDiscreteScheduler` with `timestep_spacing="trailing"`. The formulas live in the variance-exploding
 * frame, `x = latents / alpha`, with noise `s = sigma / alpha`.
 */
export const euler = createSampler({
  begin: (noise, first) => noise.map((value) => value * first.sigma),
  update: ({ latents, estimate: { level, clean }, next }) => {
    // x' = x + (s' - s) * (x - clean) / s, back in the variance-preserving frame
    const ratio = noiseToSignal(next) / noiseToSignal(level);
    return combine([(next.alpha * ratio) / level.alpha, latents], [next.alpha * (1 - ratio), clean]);
  },
});
