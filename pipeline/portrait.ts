import { chooseAlbum } from './album/choose.js';
import { LIKENESS_ASKED } from './album/score.js';
import { loadBundle, loadManifest, type Bundle } from './bundle.js';
import type { Manifest, TextSettings } from './bundle-manifest.js';
import { batchCount, decodeCandidates, denoiseCandidates, encodeDrafts } from './candidates.js';
import { conditionUnet, type Condition } from './condition.js';
import {
  deliver,
  isWorthSending,
  readCandidates,
  readExpressions,
  type CandidatePicture,
  type Look,
} from './curate.js';
import type { SamplerName } from './diffusion/samplers/index.js';
import { stepsTaken } from './diffusion/samplers/sampler.js';
import { NoiseSchedule } from './diffusion/schedule.js';
import { openDraftPainter, type DraftPainter } from './painter.js';
import type { DraftPhoto } from './draft/photo.js';
import { openFaceAnalyser, type FaceAnalyser } from './face/analyser.js';
import { LikenessError } from './errors.js';
import type { Face } from './face/face.js';
import { openGraphs, type Graphs, type GraphsOptions } from './graphs.js';
import type { RgbImage } from './image.js';
import { readReferenceSet, type ReferenceSet } from './identity/reference-set.js';
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
  /** Of a bundle whose portraits begin as drafts. */
  readonly painter?: DraftPainter | undefined;
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
    openFaceAnalyser({ order: bundle.manifest.recogniser.order, ...(threads === undefined ? {} : { threads }) }),
  ]);
  const painter = await openDraftPainter(bundle, graphs);
  return createPortraitMaker({ bundle, graphs, analyser, painter });
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

/** Says whether the tokenizer makes the sks token of a word or a part of it; never where the bundle has no such token. */
function sksFinder(tokenizer: TextTokenizer, { sksTokenId }: TextSettings): (word: string) => boolean {
  return (word) => sksTokenId !== undefined && tokenizer.encode(word).includes(sksTokenId);
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
  const said = readPrompt(request.prompt, {
    ...manifest,
    draft: finishesDrafts(manifest) ? manifest.draft : undefined,
    classWord: request.classWord,
    holdsSks: sksFinder(studio.tokenizer, manifest.text),
  });
  checkKnown(said);
  const tracker = new StageTracker(workOf(request, settings, manifest), options);
  const { references, photos } = await tracker.run('faces', () => readFaces(studio, request, tracker));
  const ownGlasses = isAskedForGlasses(said) && photos.length > 0 && photos.every(({ glasses }) => glasses);
  const prompt = ownGlasses ? withoutGlasses(said) : said;
  const condition = await tracker.run('identity', async () => {
    const beta = request.strength / 100;
    const conditioned = await conditionUnet({ ...studio, ...settings, ...prompt, manifest, references, beta });
    await tracker.tick();
    return conditioned;
  });
  const making = { request, settings, references, photos, condition, tracker, prompt };
  const looks = await makeCandidates(studio, making, options);
  const chosen = chooseAlbum(looks, { count: request.count, ...prompt });
  const delivery = { ...studio, upscale: manifest.upscale, onTick: tracker.tick };
  const portraits = await tracker.run('upscale', () => deliver(chosen, delivery));
  return {
    portraits,
    seed: request.seed,
    asked: prompt.asked,
    unknownWords: prompt.unknownWords,
    leftOut: prompt.leftOut,
    ownGlasses,
    candidates: looks.length,
    milliseconds: tracker.milliseconds,
  };
}

/** Whether the U-Net is told of a draft and finishes it, and does not begin from it as from noise. */
function finishesDrafts({ draft }: Manifest): boolean {
  return draft !== undefined && draft.strength === undefined;
}

/** Refuses a prompt of which nothing is known, before an album of something else is made. @throws LikenessError `prompt-unknown`. */
function checkKnown({ asked, unknownWords }: ReadPrompt): void {
  if (Object.keys(asked).length > 0 || unknownWords.length === 0) return;
  throw new LikenessError('prompt-unknown', { words: unknownWords.join(', ') });
}

function isAskedForGlasses({ scene: { wear } }: ReadPrompt): boolean {
  return wear.some(({ label }) => label === 'glasses');
}

function withoutGlasses(prompt: ReadPrompt): ReadPrompt {
  const { scene } = prompt;
  return { ...prompt, scene: { ...scene, wear: scene.wear.filter(({ label }) => label !== 'glasses') } };
}

interface Making extends Faces {
  readonly request: PortraitRequest;
  readonly prompt: ReadPrompt;
  readonly settings: Settings;
  readonly condition: Condition;
  readonly tracker: StageTracker;
}

/**
 * The candidates of an album, measured. Where too few of them show the person alone, as happens in strong styles, as many
 * again are made, once; not where the request says how many.
 */
async function makeCandidates(studio: Studio, making: Making, { signal }: PortraitOptions): Promise<Look[]> {
  const { request, settings, tracker, prompt } = making;
  const looks = await makeRound(studio, { ...making, first: 0 }, signal);
  if (request.candidates !== undefined || request.strength < LIKENESS_ASKED) return looks;
  const worth = chooseAlbum(looks, { count: request.count, ...prompt }).filter(isWorthSending);
  if (worth.length >= request.count) return looks;
  tracker.expect(workOfRound(settings, studio.bundle.manifest));
  return [...looks, ...(await makeRound(studio, { ...making, first: looks.length }, signal))];
}

interface Round extends Making {
  readonly first: number;
}

async function makeRound(studio: Studio, round: Round, signal: AbortSignal | undefined): Promise<Look[]> {
  const { request, references, tracker, prompt, first } = round;
  const { painter, bundle } = studio;
  const finishes = request.draftOnly || finishesDrafts(bundle.manifest);
  const pictures = await (painter && finishes
    ? paintRound(painter, round, signal)
    : denoiseRound(studio, round, signal));
  const curation = { ...studio, pictures, first, ...references, onTick: tracker.tick };
  const expressing = { ...studio, ...prompt, count: request.count, onRead: tracker.turn };
  return tracker.run('curate', async () => readExpressions(await readCandidates(curation), expressing));
}

/** Pictures from noise, or from noised drafts: denoised, then decoded. */
async function denoiseRound(
  studio: Studio,
  round: Round,
  signal: AbortSignal | undefined,
): Promise<CandidatePicture[]> {
  const { manifest } = studio.bundle;
  const { request, settings, condition, tracker, first } = round;
  const options = { ...studio, ...settings, manifest, first, predict: condition(), seed: request.seed, signal };
  const latents = await tracker.run('denoise', async () => {
    const starts = studio.painter && (await draftsAsLatents(studio, studio.painter, round));
    return denoiseCandidates({ ...options, starts, onStep: tracker.tick });
  });
  const images = await tracker.run('decode', () => decodeCandidates(latents, { ...options, onBatch: tracker.tick }));
  return images.map((image) => ({ image }));
}

/** The drafts of a round as latents: posed as asked, in no style, which is the U-Net's to paint. */
async function draftsAsLatents(studio: Studio, painter: DraftPainter, round: Round): Promise<Float32Array[]> {
  const { request, settings, tracker, prompt, photos, first } = round;
  const drawing = { ...prompt, ...settings, styles: [], first, seed: request.seed, onPicture: tracker.turn };
  const drafts: RgbImage[] = [];
  for (const { image, render } of await painter.paint(photos, drawing)) drafts.push(render ? await render() : image);
  return encodeDrafts(drafts, { ...studio, manifest: studio.bundle.manifest });
}

/** Pictures from the photos: drawn, then finished. */
async function paintRound(
  painter: DraftPainter,
  round: Round,
  signal: AbortSignal | undefined,
): Promise<CandidatePicture[]> {
  const { request, settings, condition, tracker, prompt, photos, first } = round;
  const conditioned = request.draftOnly ? undefined : condition;
  const painting = { ...prompt, ...settings, first, conditioned, seed: request.seed, signal };
  return tracker.run('denoise', () =>
    painter.paint(photos, { ...painting, onStep: tracker.tick, onPicture: tracker.tick }),
  );
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
  return { denoise: batches * stepsTaken(steps, manifest.draft?.strength ?? 1), decode: batches, curate: candidates };
}

/** Who the person is, and their photos as drafts begin from them; none of those where portraits begin from noise. */
interface Faces {
  readonly references: ReferenceSet;
  readonly photos: readonly DraftPhoto[];
}

async function readFaces(
  { analyser, bundle, painter }: Studio,
  request: PortraitRequest,
  tracker: StageTracker,
): Promise<Faces> {
  const { largestFace } = request;
  const { references } = bundle.manifest;
  const photos: DraftPhoto[] = [];
  const onFace = painter && (async (image: RgbImage, face: Face) => void photos.push(await painter.read(image, face)));
  const options = {
    analyser,
    ...references,
    largestFace,
    uprightness: painter?.uprightness,
    onFace,
    onPhoto: tracker.tick,
  };
  return { references: await readReferenceSet(request.photos, options), photos };
}
