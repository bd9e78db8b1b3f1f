/** How the noise of training grew: the manifest's `diffusion` section carries these. */
export interface ScheduleSettings {
  readonly schedule: 'linear' | 'scaled_linear' | 'squaredcos_cap_v2';
  readonly betaStart: number;
  readonly betaEnd: number;
  readonly trainTimesteps: number;
  /** The only timesteps a distilled model knows, the noisiest first; left out where it knows them all. */
  readonly timesteps?: readonly number[] | undefined;
}

/** A variance-preserving noise level: `latents = alpha * clean + sigma * noise`, with `alpha^2 + sigma^2 = 1`. */
export interface NoiseLevel {
  readonly alpha: number;
  readonly sigma: number;
}

/** The noise level in the variance-exploding frame, where the signal keeps its size: sigma / alpha. */
export function noiseToSignal({ alpha, sigma }: NoiseLevel): number {
  return sigma / alpha;
}

/** The noise level a model was trained to see at a timestep. */
export interface TimestepLevel extends NoiseLevel {
  readonly timestep: number;
}

/** No noise at all: where every sampler ends. */
export const CLEAN: NoiseLevel = { alpha: 1, sigma: 0 };

const COSINE_OFFSET = 0.008;
const MAX_COSINE_BETA = 0.999;

/** Noise levels of a trained model by timestep; the same tables as in the schedulers of diffusers. */
export class NoiseSchedule {
  readonly trainTimesteps: number;
  readonly timesteps: readonly number[] | undefined;
  readonly #alphasCumprod: Float64Array;

  constructor(settings: ScheduleSettings) {
    this.trainTimesteps = settings.trainTimesteps;
    this.timesteps = settings.timesteps;
    let product = 1;
    this.#alphasCumprod = betas(settings).map((beta) => (product *= 1 - beta));
  }

  /** The level at a timestep, a whole number in 0..trainTimesteps-1. */
  at(timestep: number): TimestepLevel {
    const alphaCumprod = this.#alphasCumprod[timestep];
    if (alphaCumprod === undefined) {
      throw new RangeError(`Expected a timestep in 0..${this.trainTimesteps - 1}, got ${timestep}`);
    }
    return { timestep, alpha: Math.sqrt(alphaCumprod), sigma: Math.sqrt(1 - alphaCumprod) };
  }

  /** How many steps a run may have at most. */
  get maxSteps(): number {
    return this.timesteps?.length ?? this.trainTimesteps;
  }

  /**
   * The levels of a run of `steps` steps, noisiest first: evenly out of the listed timesteps where there are such, as
   * LCMScheduler of diffusers takes them; else with "trailing" spacing, where the last training timestep is always the
   * first one sampled (Lin et al., arXiv 2305.08891, table 2).
   */
  levels(steps: number): readonly TimestepLevel[] {
    if (!Number.isInteger(steps) || steps < 1 || steps > this.maxSteps) {
      throw new RangeError(`Expected steps in 1..${this.maxSteps}, got ${steps}`);
    }
    const { timesteps } = this;
    if (!timesteps) return this.#trailing(steps);
    const places = Array.from({ length: steps }, (_, step) => Math.floor((step * timesteps.length) / steps));
    return places.map((place) => this.at(timesteps[place] ?? 0));
  }

  #trailing(steps: number): readonly TimestepLevel[] {
    const stride = this.trainTimesteps / steps;
    return Array.from({ length: steps }, (_, step) => this.at(roundHalfEven(this.trainTimesteps - step * stride) - 1));
  }
}

function betas({ schedule, betaStart, betaEnd, trainTimesteps }: ScheduleSettings): Float64Array {
  switch (schedule) {
    case 'linear':
      return linspace(betaStart, betaEnd, trainTimesteps);
    case 'scaled_linear':
      return linspace(Math.sqrt(betaStart), Math.sqrt(betaEnd), trainTimesteps).map((root) => root * root);
    case 'squaredcos_cap_v2':
      return new Float64Array(trainTimesteps).map((_, step) =>
        Math.min(1 - cosineAlpha((step + 1) / trainTimesteps) / cosineAlpha(step / trainTimesteps), MAX_COSINE_BETA),
      );
  }
}

function cosineAlpha(time: number): number {
  return Math.cos((((time + COSINE_OFFSET) / (1 + COSINE_OFFSET)) * Math.PI) / 2) ** 2;
}

function linspace(from: number, to: number, count: number): Float64Array {
  return new Float64Array(count).map((_, index) => from + ((to - from) * index) / (count - 1));
}

// NumPy's rounding, which the reference schedulers use: 937.5 becomes 938 and 812.5 becomes 812.
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
