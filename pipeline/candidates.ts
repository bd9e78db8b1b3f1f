import type { Manifest } from './bundle-manifest.js';
import { createDenoiser, type Predict } from './diffusion/denoiser.js';
import { stepNoise } from './diffusion/noise.js';
import { samplers, type SamplerName } from './diffusion/samplers/index.js';
import { NoiseSchedule } from './diffusion/schedule.js';
import { outputOf, type Graphs } from './graphs.js';
import type { RgbImage } from './image.js';
import { elementCount, floatsOf, floatTensor, imageFromTensor, imagesToTensor } from './tensor.js';

/** The static shape `[B, C, h, w]` of a bundle's latents. */
export function latentShape({
  diffusion,
  latents,
}: Pick<Manifest, 'diffusion' | 'latents'>): readonly [number, number, number, number] {
  return [diffusion.batch, latents.channels, latents.size, latents.size];
}

/** How many batches a number of candidates takes. */
export function batchCount(candidates: number, { diffusion }: Manifest): number {
  return Math.ceil(candidates / diffusion.batch);
}

/** What denoising depends on; `onStep` is awaited after each step of each batch. */
export interface DenoiseOptions {
  readonly manifest: Manifest;
  readonly predict: Predict;
  readonly sampler: SamplerName;
  readonly steps: number;
  readonly seed: number;
  readonly candidates: number;
  /** The first candidate's number, a multiple of the batch: those before it were made already. */
  readonly first?: number;
  /** Drafts to begin from, a batch at a time, as `encodeDrafts` gives them. */
  readonly starts?: readonly Float32Array[] | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: (() => void | Promise<void>) | undefined;
}

/** The clean latents of so many candidates, batch by batch. Candidate i starts from the noise of stream (seed, i). */
export async function denoiseCandidates(options: DenoiseOptions): Promise<Float32Array[]> {
  const { manifest, predict, sampler, steps, first = 0, signal, onStep } = options;
  const schedule = new NoiseSchedule(manifest.diffusion);
  const denoise = createDenoiser(predict, manifest.diffusion.prediction);
  const batches: Float32Array[] = [];
  for (let batch = 0; batch < batchCount(options.candidates, manifest); batch++) {
    const place = { seed: options.seed, batch: batch + first / manifest.diffusion.batch };
    const noiseOf = (step: number) => batchNoise(manifest, { ...place, step });
    const clean = options.starts?.[batch];
    const start = clean && { clean, strength: manifest.draft?.strength ?? 1 };
    const noises = { noise: noiseOf(0), freshNoise: noiseOf, start };
    batches.push(await samplers[sampler]({ denoise, ...noises, schedule, steps, signal, onStep: () => onStep?.() }));
  }
  return batches;
}

/** Which noise: of which batch, and of which step; 0 is what it begins with. */
interface NoisePlace {
  readonly seed: number;
  readonly batch: number;
  readonly step: number;
}

/** The noise of a batch, every place from the stream of its candidate. */
export function batchNoise(
  manifest: Pick<Manifest, 'diffusion' | 'latents'>,
  { seed, batch, step }: NoisePlace,
): Float32Array {
  const [size, ...dims] = latentShape(manifest);
  const length = elementCount(dims);
  const noise = new Float32Array(size * length);
  for (let place = 0; place < size; place++) {
    noise.set(stepNoise({ seed, candidate: batch * size + place, step }, length), place * length);
  }
  return noise;
}

/** What encoding depends on. */
export type EncodeOptions = Pick<DecodeOptions, 'manifest' | 'graphs'>;

/** Drafts of the portraits' size to latents, batch by batch; the last draft fills the last batch. */
export async function encodeDrafts(
  drafts: readonly RgbImage[],
  { manifest, graphs }: EncodeOptions,
): Promise<Float32Array[]> {
  const { batch } = manifest.diffusion;
  const batches: Float32Array[] = [];
  for (let from = 0; from < drafts.length; from += batch) {
    const images = Array.from({ length: batch }, (_, place) => drafts[from + place] ?? drafts.at(-1));
    const known = images.filter((image) => image !== undefined);
    const outputs = await graphs.run('encoder', { image: imagesToTensor(known, 2 / 255, -1) });
    batches.push(floatsOf(outputOf(outputs, 'encoder', 'latents')));
  }
  return batches;
}

/** What decoding depends on; `onBatch` is awaited after each batch. */
export interface DecodeOptions {
  readonly manifest: Manifest;
  readonly graphs: Graphs;
  readonly candidates: number;
  readonly onBatch?: (() => void | Promise<void>) | undefined;
}

/** Clean latents to pictures, in the order of the candidates; places of the last batch beyond them are dropped. */
export async function decodeCandidates(batches: readonly Float32Array[], options: DecodeOptions): Promise<RgbImage[]> {
  const { manifest, graphs, candidates, onBatch } = options;
  const images: RgbImage[] = [];
  for (const latents of batches) {
    const outputs = await graphs.run('decoder', { latents: floatTensor(latentShape(manifest), latents) });
    const decoded = outputOf(outputs, 'decoder', 'image');
    for (let place = 0; place < manifest.diffusion.batch; place++) images.push(imageFromTensor(decoded, place));
    await onBatch?.();
  }
  return images.slice(0, candidates);
}
