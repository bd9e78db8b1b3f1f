import { batchNoise } from '../candidates.js';
import { createDenoiser, type Predict } from '../diffusion/denoiser.js';
import { samplers, type SamplerName } from '../diffusion/samplers/index.js';
import { NoiseSchedule } from '../diffusion/schedule.js';
import type { Manifest } from '../bundle-manifest.js';
import type { Draft } from './draw.js';
import { finisherInput, FINISHER_CHANNELS } from './finisher-input.js';
import { enlarge } from './matte.js';
import { smooth, type Plane } from './plane.js';

/** A portrait cut out: colours over mid-grey weighted by the matte, and the matte; channels first, 0..1. */
export interface CutOut {
  readonly size: number;
  /** Red, green, blue, each `0.5 + matte * (colour - 0.5)`, then the matte. */
  readonly data: Float32Array;
}

/** How the finisher is run for one portrait. */
export interface Finishing {
  readonly manifest: Pick<Manifest, 'diffusion' | 'latents'>;
  /** The U-Net under the portrait's condition, told of its draft: see `finisherInput`. */
  readonly conditioned: (told: Float32Array) => Predict;
  readonly sampler: SamplerName;
  readonly steps: number;
  readonly seed: number;
  readonly index: number;
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: (() => void | Promise<void>) | undefined;
}

/** A draft as a cut-out, nothing added. What the photo did not show stays as the draft has it. */
export function cutOut({ size, colours, matte }: Draft): CutOut {
  const plane = size * size;
  const data = new Float32Array(plane * 4);
  for (let pixel = 0; pixel < plane; pixel++) {
    const cover = matte.data[pixel] ?? 0;
    for (let channel = 0; channel < 3; channel++) {
      const colour = Math.min(1, Math.max(0, (colours[pixel * 3 + channel] ?? 0) / 255));
      data[channel * plane + pixel] = 0.5 + cover * (colour - 0.5);
    }
    data[3 * plane + pixel] = cover;
  }
  return { size, data };
}

/**
 * A draft with what the photo did not show painted by the finisher, which works at the size of the latents. It answers the
 * clean picture; what it changed is enlarged and added to the draft, so that detail of the photo stays at full size.
 */
export async function finish(draft: Draft, options: Finishing): Promise<CutOut> {
  const { manifest, sampler, steps, seed, index, signal, onStep } = options;
  const side = manifest.latents.size;
  const full = finisherInput(draft);
  const told = shrink(full, { from: draft.size, to: side, channels: FINISHER_CHANNELS.length });
  const denoise = createDenoiser(options.conditioned(told), manifest.diffusion.prediction);
  const noiseOf = (step: number): Float32Array => batchNoise(manifest, { seed, batch: index, step });
  const answer = await samplers[sampler]({
    denoise,
    noise: noiseOf(0),
    freshNoise: noiseOf,
    schedule: new NoiseSchedule(manifest.diffusion),
    steps,
    signal,
    onStep: () => onStep?.(),
  });
  return addChange(draft, { full, told, answer, side });
}

interface Answered {
  readonly full: Float32Array;
  readonly told: Float32Array;
  /** -1..1, four channels of `side` pixels square. */
  readonly answer: Float32Array;
  readonly side: number;
}

/** Where the photo saw a place this well, the draft is left as it is. */
const WELL_SEEN = 0.75;
/** Around a mouth that opens the finisher paints folds as well: so far, of the picture's side. */
const MOUTH_REACH = 0.012;

function addChange(draft: Draft, { full, told, answer, side }: Answered): CutOut {
  const { size } = draft;
  const plane = size * size;
  const small = side * side;
  const wanted = wantedOf(draft);
  const data = new Float32Array(plane * 4);
  for (let channel = 0; channel < 4; channel++) {
    const change = new Float32Array(small);
    for (let pixel = 0; pixel < small; pixel++) {
      const at = channel * small + pixel;
      change[pixel] = ((answer[at] ?? 0) + 1) / 2 - (told[at] ?? 0);
    }
    const large = enlarge({ width: side, height: side, data: change }, size, size);
    for (let pixel = 0; pixel < plane; pixel++) {
      const at = channel * plane + pixel;
      data[at] = Math.min(1, Math.max(0, (full[at] ?? 0) + (wanted.data[pixel] ?? 0) * (large.data[pixel] ?? 0)));
    }
  }
  return { size, data };
}

/** How much of the finisher's change is taken at each place, 0..1: all of it where the photo saw nothing. */
function wantedOf({ size, seen, parts, matte }: Draft): Plane {
  const inMouth: Plane = { ...seen, data: Float32Array.from(parts, (part) => (part === 2 ? 1 : 0)) };
  const near = smooth(inMouth, size * MOUTH_REACH);
  const data = seen.data.map((value, pixel) => {
    const unseen = Math.min(1, Math.max(0, (WELL_SEEN - value) / (WELL_SEEN - 0.25)));
    const mouth = Math.min(1, 2.5 * (near.data[pixel] ?? 0));
    const alpha = matte.data[pixel] ?? 0;
    const edge = 4 * alpha * (1 - alpha) * 0.5;
    return Math.max(unseen, mouth, edge);
  });
  return smooth({ ...seen, data }, size / 256);
}

/** Planes made smaller by a whole factor: the mean of each block. */
function shrink(
  data: Float32Array,
  { from, to, channels }: { readonly from: number; readonly to: number; readonly channels: number },
): Float32Array {
  const factor = from / to;
  if (!Number.isInteger(factor)) throw new RangeError(`Expected ${from} to be a multiple of ${to}`);
  const small = new Float32Array(to * to * channels);
  for (let channel = 0; channel < channels; channel++) {
    for (let y = 0; y < from; y++) {
      const row = channel * to * to + Math.floor(y / factor) * to;
      const source = channel * from * from + y * from;
      for (let x = 0; x < from; x++) {
        const at = row + Math.floor(x / factor);
        small[at] = (small[at] ?? 0) + (data[source + x] ?? 0) / (factor * factor);
      }
    }
  }
  return small;
}
