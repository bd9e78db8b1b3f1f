import { chooseAlbum } from './album/choose.js';
import { LIKENESS_ASKED } from './album/score.js';
import { loadBundle, loadManifest, type Bundle } from './bundle.js';
import type { Manifest } from './bundle-manifest.js';
import { batchCount, decodeCandidates, denoiseCandidates, latentShape } from './candidates.js';
import { deliver, isWorthSending, readCandidates, readExpressions, type Look } from './curate.js';
import type { Predict } from './diffusion/denoiser.js';
import { guide } from './diffusion/guidance.js';
import type { SamplerName } from './diffusion/samplers/index.js';
import { NoiseSchedule } from './diffusion/schedule.js';
import { createUnet } from './diffusion/unet.js';
import { openFaceAnalyser, type FaceAnalyser } from './face/analyser.js';
import { openGraphs, type Graphs, type GraphsOptions } from './graphs.js';
import { encodeIdentity } from './identity/mff.js';
import { nobodysReferences, readReferenceSet, type ReferenceSet } from './identity/reference-set.js';
import { checkMemory } from './memory-plan.js';
import {
  checkRequest,
  checkSteps,
  type Album,
  type PortraitOptions,
  type PortraitRequest,
  type Stage,
} from './request.js';
import { probeProvider } from './session.js';
import { StageTracker } from './stage-tracker.js';
import { encodeText, nobody } from './text/encode.js';
import { readPrompt, type ReadPrompt } from './text/prompt.js';
import { createTokenizer, type TextTokenizer } from './text/tokenizer.js';

/** Makes albums, one request after the other; the thread is blocked while a graph runs. */
export interface PortraitMaker {
  readonly manifest: Manifest;
  /** @throws LikenessError whose code says what is wrong with the request, `no-portrait`, or `cancelled`. */
  portrait(request: PortraitRequest, options?: PortraitOptions): Promise<Album>;
  close(): Promise<void>;
}

/** The loaded parts a maker is put together from. */
export interface PortraitParts {
  readonly bundle: Bundle;
  readonly graphs: Graphs;
  readonly analyser: FaceAnalyser;
}

/** How a maker computes; `memoryBytes` is what its process may hold. */
export interface MakerOptions extends GraphsOptions {
  readonly memoryBytes?: number | undefined;
}

/**
 * Loads and checks a bundle, opens its graphs and the face models, which the CPU computes, and puts a maker together.
 * @throws LikenessError those of `loadBundle`, `probeProvider`, `checkMemory` and `openGraphs`.
 */
export async function openPortraitMaker(
  directory: string,
  { memoryBytes = Infinity, ...options }: MakerOptions = {},
): Promise<PortraitMaker> {
  const { provider = 'cpu', memory = 'all', threads } = options;
  await probeProvider(provider);
  checkMemory(await loadManifest(directory), memory, memoryBytes);
  const bundle = await loadBundle(directory);
  const [graphs, analyser] = await Promise.all([
    openGraphs(bundle, options),
    openFaceAnalyser(threads === undefined ? {} : { threads }),
  ]);
  return createPortraitMaker({ bundle, graphs, analyser });
}

/** Puts a maker together from loaded parts, which it owns from then on. */
export function createPortraitMaker(parts: PortraitParts): PortraitMaker {
  const { bundle, graphs, analyser } = parts;
  const tokenizer = createTokenizer(bundle.tokenizer, bundle.manifest.text);
  return {
    manifest: bundle.manifest,
    portrait: (request, options = {}) => makeAlbum({ ...parts, tokenizer }, request, options),
    close: async () => {
      await Promise.all([graphs.release(), analyser.release()]);
    },
  };
}

interface Studio extends PortraitParts {
  readonly tokenizer: TextTokenizer;
}

/** A request with every default filled in from the manifest. */
interface Settings {
  readonly candidates: number;
  readonly sampler: SamplerName;
  readonly steps: number;
  readonly guidanceScale: number;
}

async function makeAlbum(studio: Studio, request: PortraitRequest, options: PortraitOptions): Promise<Album> {
  checkRequest(request);
  const { manifest } = studio.bundle;
  const settings = settingsOf(request, manifest);
  checkSteps(settings.steps, new NoiseSchedule(manifest.diffusion).maxSteps);
  const prompt = readPrompt(request.prompt, {
    ...manifest,
    classWord: request.classWord,
    holdsSks: (word) => studio.tokenizer.encode(word).includes(manifest.text.sksTokenId),
  });
  const tracker = new StageTracker(workOf(request, settings, manifest), options);
  const references = await tracker.run('faces', () => readFaces(studio, request, tracker));
  const predict = await tracker.run('identity', async () => {
    const conditioned = await conditionUnet(studio, { request, prompt, references, settings });
    await tracker.tick();
    return conditioned;
  });
  const looks = await makeCandidates(studio, { request, settings, references, predict, tracker, prompt }, options);
  const chosen = chooseAlbum(looks, { count: request.count, ...prompt });
  const delivery = { ...studio, upscale: manifest.upscale, onTick: tracker.tick };
  const portraits = await tracker.run('upscale', () => deliver(chosen, delivery));
  return {
    portraits,
    seed: request.seed,
    asked: prompt.asked,
    unknownWords: prompt.unknownWords,
    candidates: looks.length,
    milliseconds: tracker.milliseconds,
  };
}

interface Making extends Conditioning {
  readonly predict: Predict;
  readonly tracker: StageTracker;
}

/**
 * The candidates of an album, measured. Where too few of them show the person alone, as happens in strong styles, as many
 * again are made, once; not where the request says how many.
 */
async function makeCandidates(studio: Studio, making: Making, { signal }: PortraitOptions): Promise<Look[]> {
  const { request, settings, tracker, prompt } = making;
  const looks = await makeRound(studio, { ...making, first: 0 }, signal);
  if (request.candidates !== undefined || request.nobody || request.strength < LIKENESS_ASKED) return looks;
  const worth = chooseAlbum(looks, { count: request.count, ...prompt }).filter(isWorthSending);
  if (worth.length >= request.count) return looks;
  tracker.expect(workOfRound(settings, studio.bundle.manifest));
  return [...looks, ...(await makeRound(studio, { ...making, first: looks.length }, signal))];
}

async function makeRound(
  studio: Studio,
  { request, settings, references, predict, tracker, prompt, first }: Making & { readonly first: number },
  signal: AbortSignal | undefined,
): Promise<Look[]> {
  const { manifest } = studio.bundle;
  const round = { ...studio, ...settings, manifest, first, predict, seed: request.seed, signal };
  const latents = await tracker.run('denoise', () => denoiseCandidates({ ...round, onStep: tracker.tick }));
  const images = await tracker.run('decode', () => decodeCandidates(latents, { ...round, onBatch: tracker.tick }));
  const curation = { ...studio, images, first, ...references, onTick: tracker.tick };
  const expressing = { ...studio, ...prompt, count: request.count, onRead: tracker.turn };
  return tracker.run('curate', async () => readExpressions(await readCandidates(curation), expressing));
}

function settingsOf(request: PortraitRequest, manifest: Manifest): Settings {
  const { batch, sampler, steps, guidanceScale, candidatesPerPortrait } = manifest.diffusion;
  return {
    candidates: request.candidates ?? Math.ceil((request.count * candidatesPerPortrait) / batch) * batch,
    sampler: request.sampler ?? sampler,
    steps: request.steps ?? steps,
    guidanceScale: request.guidanceScale ?? guidanceScale,
  };
}

function workOf(request: PortraitRequest, settings: Settings, manifest: Manifest): Record<Stage, number> {
  return { faces: request.photos.length, identity: 1, ...workOfRound(settings, manifest), upscale: request.count };
}

function workOfRound(
  { candidates, steps }: Settings,
  manifest: Manifest,
): Record<'denoise' | 'decode' | 'curate', number> {
  const batches = batchCount(candidates, manifest);
  return { denoise: batches * steps, decode: batches, curate: candidates };
}

async function readFaces(
  { analyser, bundle }: Studio,
  request: PortraitRequest,
  tracker: StageTracker,
): Promise<ReferenceSet> {
  const { photos, largestFace, nobody: invented } = request;
  const { references } = bundle.manifest;
  if (invented) return nobodysReferences(references);
  return readReferenceSet(photos, { analyser, ...references, largestFace, onPhoto: tracker.tick });
}

interface Conditioning {
  readonly request: PortraitRequest;
  readonly prompt: ReadPrompt;
  readonly references: ReferenceSet;
  readonly settings: Settings;
}

/** The guided U-Net of one request, its identity and text computed once. */
async function conditionUnet(
  studio: Studio,
  { request, prompt, references, settings }: Conditioning,
): Promise<Predict> {
  const { graphs, tokenizer, bundle } = studio;
  const scale = settings.guidanceScale;
  const identity = await encodeIdentity(graphs, references);
  const shape = latentShape(bundle.manifest);
  const person = request.nobody ? nobody(identity) : identity;
  const beta = request.nobody ? 0 : request.strength / 100;
  const text = await encodeText(graphs, tokenizer, { sentence: prompt.sentence, person });
  const conditional = createUnet({ graphs, shape, cached: { ...identity, ...text }, beta });
  if (scale === 1) return conditional;
  const noText = await encodeText(graphs, tokenizer, { sentence: '', person: nobody(identity) });
  const unconditional = createUnet({ graphs, shape, cached: { ...identity, ...noText }, beta: 0 });
  return guide({ conditional, unconditional, scale });
}
