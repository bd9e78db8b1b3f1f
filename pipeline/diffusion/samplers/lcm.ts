import { combine } from '../denoiser.js';
import { createSampler } from './sampler.js';

const SIGMA_DATA = 0.5;
const TIMESTEP_SCALING = 10;

/**
 * Multistep sampling of a latent consistency model (Luo et al., arXiv 2310.04378, algorithm 3): each estimate is noised
 * anew to the next level. For networks distilled to estimate the end of the flow; any other gives blurred pictures. Equal
 * to diffusers' `LCMScheduler` with `timestep_scaling=10` at the timesteps of "trailing" spacing.
 */
export const lcm = createSampler({
  begin: (noise) => noise.slice(),
  update: ({ latents, estimate: { level, clean }, next, freshNoise }) => {
    const scaled = level.timestep * TIMESTEP_SCALING;
    const norm = scaled ** 2 + SIGMA_DATA ** 2;
    // The boundary condition: at timestep 0 the latents are the estimate.
    const [skip, out] = [SIGMA_DATA ** 2 / norm, scaled / Math.sqrt(norm)];
    if (next.sigma === 0) return combine([out, clean], [skip, latents]);
    return combine([next.alpha * out, clean], [next.alpha * skip, latents], [next.sigma, freshNoise()]);
  },
});
