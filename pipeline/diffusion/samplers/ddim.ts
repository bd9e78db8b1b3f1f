import { combine } from '../denoiser.js';
import { CLEAN, type NoiseLevel } from '../schedule.js';
import { createSampler, type SolverStep } from './sampler.js';

/**
 * DDIM without added noise (Song et al., arXiv 2010.02502, formula 12 with eta 0); equal to diffusers' `DDIMScheduler`
 * with `clip_sample=False`, `set_alpha_to_one=True`, `timestep_spacing="trailing"`.
 */
export const ddim = createSampler({
  begin: (noise) => noise.slice(),
  update: (step) => {
    const { alpha, sigma } = step.estimate.level;
    const to = levelAfter(step);
    // The noise direction is (latents - alpha * clean) / sigma; it is kept while its weight goes from sigma to to.sigma.
    const ratio = to.sigma / sigma;
    return combine([ratio, step.latents], [to.alpha - ratio * alpha, step.estimate.clean]);
  },
});

// As in the reference, one whole stride down in training timesteps: with a step count that does not divide them, this
// is a little above or below the next timestep sampled.
function levelAfter({ estimate, next, schedule, steps }: SolverStep): NoiseLevel {
  if (schedule.timesteps) return next;
  const timestep = estimate.level.timestep - Math.floor(schedule.trainTimesteps / steps);
  return timestep < 0 ? CLEAN : schedule.at(timestep);
}
