import { combine } from '../denoiser.js';
import type { TimestepLevel } from '../schedule.js';
import { createSampler } from './sampler.js';

/** Deviation of the data and scale of timesteps in the boundary condition, as the reference has them. */
const DATA_DEVIATION = 0.5;
const TIMESTEP_SCALE = 10;

/**
 * Multistep sampling of a consistency model (Luo et al., arXiv 2310.04378, algorithm 3): jump to the clean latents, add
 * fresh noise of the next level, jump again. For students of few steps; equal to diffusers' `LCMScheduler` at the same
 * timesteps and noise.
 */
export const lcm = createSampler({
  begin: (noise) => noise.slice(),
  update: ({ latents, estimate: { level, clean }, next, freshNoise }) => {
    const [ofLatents, ofClean] = boundary(level);
    const jumped = combine([ofLatents, latents], [ofClean, clean]);
    return next.sigma === 0 ? jumped : combine([next.alpha, jumped], [next.sigma, freshNoise()]);
  },
});

/** c_skip and c_out: at timestep 0 the latents are the answer, and next to nothing of them at any other. */
function boundary({ timestep }: TimestepLevel): readonly [number, number] {
  const scaled = timestep * TIMESTEP_SCALE;
  const size = scaled ** 2 + DATA_DEVIATION ** 2;
  return [DATA_DEVIATION ** 2 / size, scaled / Math.sqrt(size)];
}
