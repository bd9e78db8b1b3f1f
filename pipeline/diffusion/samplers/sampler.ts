import { throwIfCancelled } from '../../errors.js';
import { combine, type Denoise } from '../denoiser.js';
import { CLEAN, type NoiseLevel, type NoiseSchedule, type TimestepLevel } from '../schedule.js';

/** What a sampler works on; `noise` holds standard normal values, for one picture or a whole batch. */
export interface SamplerInput {
  readonly denoise: Denoise;
  readonly noise: Float32Array;
  /** Standard normal values, as many again, for the step of that number (from 1), where a sampler adds noise. */
  readonly freshNoise: (step: number) => Float32Array;
  readonly schedule: NoiseSchedule;
  /** How many steps there are from noise to the end, 1..trainTimesteps; the model is asked once for each that is taken. */
  readonly steps: number;
  /** Clean latents to begin from, noised to the level of the first step that is taken. */
  readonly start?: SamplerStart | undefined;
  /** Checked before every step. */
  readonly signal?: AbortSignal | undefined;
  /** Called and awaited after every step, so that it may also let other work of the process have its turn. */
  readonly onStep?: ((step: SampledStep) => void | Promise<void>) | undefined;
}

/** Where sampling begins, if not from noise alone: `strength` is the share of the steps that are taken, 0..1. */
export interface SamplerStart {
  readonly clean: Float32Array;
  readonly strength: number;
}

/** How many of the steps are taken from a start of a strength: at least one, as in the image-to-image pipelines of diffusers. */
export function stepsTaken(steps: number, strength: number): number {
  return Math.max(1, Math.floor(steps * strength + 1e-9));
}

/** A finished step: how many of how many, the latents now, and the estimate of the clean latents behind them (a preview). */
export interface SampledStep {
  readonly done: number;
  readonly total: number;
  readonly latents: Float32Array;
  readonly estimate: Float32Array;
}

/**
 * Noise in, clean latents out: a deterministic function of its input that asks the model once for each step it takes.
 * @throws LikenessError `cancelled` between two steps when the signal is aborted.
 */
export type Sampler = (input: SamplerInput) => Promise<Float32Array>;

/** The model's estimate of the clean latents, and the level it was made at. */
export interface Estimate {
  readonly level: TimestepLevel;
  readonly clean: Float32Array;
}

/** All that one update may look at; `previous` is missing at the first step, `next` is `CLEAN` at the last. */
export interface SolverStep {
  readonly latents: Float32Array;
  readonly estimate: Estimate;
  readonly previous: Estimate | undefined;
  readonly next: NoiseLevel;
  /** New noise for this step, the same each time it is asked. */
  readonly freshNoise: () => Float32Array;
  readonly schedule: NoiseSchedule;
  readonly steps: number;
}

/** What tells one sampler from another: how noise becomes the first latents, and how latents move to the next level. */
export interface Solver {
  begin(noise: Float32Array, first: NoiseLevel): Float32Array;
  update(step: SolverStep): Float32Array;
}

/** The loop all samplers share: levels noisiest first, one question to the model each, cancel checks and reports. */
export function createSampler({ begin, update }: Solver): Sampler {
  return async ({ denoise, noise, freshNoise: noiseOf, schedule, steps, start, signal, onStep }) => {
    const levels = schedule.levels(steps).slice(start ? -stepsTaken(steps, start.strength) : 0);
    const [first = CLEAN] = levels;
    let latents = start ? combine([first.alpha, start.clean], [first.sigma, noise]) : begin(noise, first);
    let previous: Estimate | undefined;
    for (const [index, level] of levels.entries()) {
      throwIfCancelled(signal);
      const estimate = { level, clean: await denoise(latents, level) };
      const next = levels[index + 1] ?? CLEAN;
      const freshNoise = () => noiseOf(index + 1);
      latents = update({ latents, estimate, previous, next, freshNoise, schedule, steps });
      previous = estimate;
      await onStep?.({ done: index + 1, total: levels.length, latents, estimate: estimate.clean });
    }
    return latents;
  };
}
