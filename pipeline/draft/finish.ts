import type { Manifest } from '../bundle-manifest.js';
import { createDenoiser, type Predict } from '../diffusion/denoiser.js';
import { samplers, type SamplerName } from '../diffusion/samplers/index.js';
import { NoiseSchedule } from '../diffusion/schedule.js';
import { cutOut, type CutOut } from './cut-out.js';
import type { Draft } from './draw.js';
import { CHANNEL, finisherInput, hide, type FinisherInput } from './finisher-input.js';
import { addEnlarged, enlargePlane, smooth, type Plane } from './plane.js';

/** How the finisher is run for one portrait. */
export interface Finishing {
  readonly manifest: Pick<Manifest, 'diffusion' | 'latents'>;
  /** The U-Net under the portrait's condition, told of its draft: see `finisherInput`. */
  readonly conditioned: (told: Float32Array) => Predict;
  readonly sampler: SamplerName;
  readonly steps: number;
  /** The noise of each step, as many values as the latents have; 0 is what it begins with. Drafts make portraits differ, not noise. */
  readonly noiseOf: (step: number) => Float32Array;
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: (() => void | Promise<void>) | undefined;
}

/**
 * A draft with what the photo did not show painted by the finisher, which works at the size of the latents. It answers the
 * clean picture; what it changed is enlarged and added to the draft, so that detail of the photo stays at full size.
 * @throws RangeError where the draft's size is no multiple of the latents'.
 */
export async function finish(draft: Draft, options: Finishing): Promise<CutOut> {
  const { manifest, sampler, steps, noiseOf, signal, onStep } = options;
  const factor = draft.size / manifest.latents.size;
  if (!Number.isInteger(factor))
    throw new RangeError(`Expected a multiple of ${manifest.latents.size} pixels, got ${draft.size}`);
  const cut = cutOut(draft);
  const input = finisherInput(draft, cut, factor);
  const answer = await samplers[sampler]({
    denoise: createDenoiser(options.conditioned(input.told), manifest.diffusion.prediction),
    noise: noiseOf(0),
    freshNoise: noiseOf,
    schedule: new NoiseSchedule(manifest.diffusion),
    steps,
    signal,
    onStep: () => onStep?.(),
  });
  return addChange(cut, input, answer);
}

/** Adds what an answer (-1..1, four channels) changed of what was told, where it is wanted. */
function addChange({ size, data }: CutOut, input: FinisherInput, answer: Float32Array): CutOut {
  const { size: side, told, hidden } = input;
  const small = side * side;
  if (hidden.data.some((value) => value > 0)) hide(data, enlargePlane(hidden, size, size));
  const wanted = wantedOf(input);
  for (let channel = 0; channel < 4; channel++) {
    const change = new Float32Array(small);
    for (let pixel = 0; pixel < small; pixel++) {
      const at = channel * small + pixel;
      change[pixel] = (wanted.data[pixel] ?? 0) * (((answer[at] ?? 0) + 1) / 2 - (told[at] ?? 0));
    }
    const target = data.subarray(channel * size * size, (channel + 1) * size * size);
    addEnlarged(target, { width: side, height: side, data: change }, { width: size, height: size });
  }
  for (let at = 0; at < data.length; at++) data[at] = Math.min(1, Math.max(0, data[at] ?? 0));
  return { size, data };
}

/** Where the photo saw a place as well as this, the draft is left as it is; below the second, all of the answer is taken. */
const SEEN = { well: 0.75, hardly: 0.25 } as const;
/** The finisher paints the lips around a mouth that the model drew as well, as far as this part of the picture's side. */
const MOUTH_REACH = 0.012;
/** What is taken fades over this part of the picture's side. */
const EDGE = 1 / 256;

/** How much of the finisher's change is taken at each place, 0..1. */
function wantedOf({ size, told }: FinisherInput): Plane {
  const plane = size * size;
  const channel = (index: number): Plane => ({
    width: size,
    height: size,
    data: told.subarray(index * plane, (index + 1) * plane),
  });
  const [matte, seen, mouth] = [channel(CHANNEL.matte), channel(CHANNEL.seen), channel(CHANNEL.mouth)];
  const drawn = mouth.data.map((value, pixel) => value * (1 - (seen.data[pixel] ?? 0)));
  const near = smooth({ ...mouth, data: drawn }, size * MOUTH_REACH);
  const data = seen.data.map((value, pixel) => {
    const unseen = Math.min(1, Math.max(0, (SEEN.well - value) / (SEEN.well - SEEN.hardly)));
    const alpha = matte.data[pixel] ?? 0;
    return Math.max(unseen, Math.min(1, 2.5 * (near.data[pixel] ?? 0)), 2 * alpha * (1 - alpha));
  });
  return smooth({ ...seen, data }, size * EDGE);
}
