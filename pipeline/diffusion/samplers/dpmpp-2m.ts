import { combine } from '../denoiser.js';
import { noiseToSignal, type NoiseLevel } from '../schedule.js';
import { createSampler, type SolverStep } from './sampler.js';

/**
 * DPM-Solver++(2M), midpoint form (Lu et al., arXiv 2211.01095, algorithm 2); equal to diffusers'
 * `DPMSolverMultistepScheduler` with `algorithm_type="dpmsolver++"`, `solver_order=2`, `final_sigmas_type="zero"`,
 * `timestep_spacing="trailing"`: the first and the last step are of first order.
 */
export const dpmpp2m = createSampler({
  begin: (noise) => noise.slice(),
  update: (step) => {
    const { latents, estimate, next } = step;
    const { level, clean } = estimate;
    const { current, before } = estimateWeights(step);
    // alpha' * (1 - exp(-h)) with h the step in log signal-to-noise
    const towards = next.alpha * (1 - noiseToSignal(next) / noiseToSignal(level));
    return combine(
      [next.sigma / level.sigma, latents],
      [towards * current, clean],
      [towards * before, step.previous?.clean ?? clean],
    );
  },
});

/** How the last two estimates are extrapolated to the middle of the step; the weights add up to 1. */
function estimateWeights({ estimate, previous, next }: SolverStep): { current: number; before: number } {
  if (!previous || next.sigma === 0) return { current: 1, before: 0 };
  const step = logSignal(next) - logSignal(estimate.level);
  const lastStep = logSignal(estimate.level) - logSignal(previous.level);
  const extrapolation = step / lastStep / 2;
  return { current: 1 + extrapolation, before: -extrapolation };
}

function logSignal(level: NoiseLevel): number {
  return -Math.log(noiseToSignal(level));
}
