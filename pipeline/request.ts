import type { Doubt } from './album/choose.js';
import { SAMPLER_NAMES, type SamplerName } from './diffusion/samplers/index.js';
import { LikenessError } from './errors.js';
import type { Expression } from './face/face.js';
import type { RgbImage } from './image.js';
import type { Asked } from './text/prompt.js';

/** What a person wants: photos and words. */
export interface PortraitRequest {
  /** One to four clean encoded pictures (JPEG, PNG or WebP) of one person. */
  readonly photos: readonly Uint8Array[];
  /** Of several faces in a photo the largest is taken; otherwise such a photo is refused. */
  readonly largestFace?: boolean | undefined;
  readonly prompt: string;
  /** One of the bundle's class words, such as "person", "woman" or "man". */
  readonly classWord?: string | undefined;
  /** How many portraits to deliver, 1..10. */
  readonly count: number;
  /** 0..2^32-1; the same request with the same seed gives the same album. */
  readonly seed: number;
  /** How strongly the portraits follow the person, 0..100. */
  readonly strength: number;
  /** How many pictures to choose from; a multiple of the bundle's batch is the cheapest. */
  readonly candidates?: number | undefined;
  /** Drafts are delivered as they are: for comparing, where a bundle's portraits begin as drafts. */
  readonly draftOnly?: boolean | undefined;
  readonly sampler?: SamplerName | undefined;
  readonly steps?: number | undefined;
  readonly guidanceScale?: number | undefined;
}

/** What was measured about a portrait before its scene and its style were drawn; the optional fields need a face in it. */
export interface PortraitScores {
  /** Cosine between the portrait's face and the mean of the photos' faces, -1..1; 0 when no face was found. */
  readonly identity: number;
  readonly faceFound: boolean;
  /** How many people the portrait shows, bystanders left out. */
  readonly people: number;
  /** Height of the face as a part of the picture's. */
  readonly faceHeight?: number | undefined;
  /** Middle of the face, as parts of the picture's width and height. */
  readonly faceCentre?: { readonly x: number; readonly y: number } | undefined;
  readonly expression?: Expression | undefined;
  /** Degrees; above 0 when the face points to the right side of the picture. */
  readonly yaw?: number | undefined;
  /** Degrees; above 0 when the face points up. */
  readonly pitch?: number | undefined;
  readonly sharpness?: number | undefined;
  /** Why it stands where it does although something is wrong with it: nothing better was left. */
  readonly doubt?: Doubt | undefined;
}

/** One delivered picture. */
export interface Portrait {
  /** At delivery size: the bundle's picture times its upscaling factor. */
  readonly image: RgbImage;
  /** Which candidate it was: with the seed, its noise. */
  readonly candidate: number;
  readonly scores: PortraitScores;
}

/** The answer to a request: the best and most varied of the candidates, best first. */
export interface Album {
  readonly portraits: readonly Portrait[];
  readonly seed: number;
  readonly asked: Asked;
  readonly unknownWords: readonly string[];
  /** Phrases that are known, and had no place beside others. */
  readonly leftOut: readonly string[];
  /** Glasses were asked for, and not drawn: every photo shows some. */
  readonly ownGlasses: boolean;
  readonly candidates: number;
  /** How long each stage took. */
  readonly milliseconds: Readonly<Record<Stage, number>>;
}

/** The stages of a request, in order. */
export const STAGES = ['faces', 'identity', 'denoise', 'decode', 'curate', 'upscale'] as const;

/** One of `STAGES`. */
export type Stage = (typeof STAGES)[number];

/** Where a request stands: `done` of `total` steps of work over all stages. */
export interface Progress {
  readonly stage: Stage;
  readonly done: number;
  readonly total: number;
}

/** Cancelling and watching a request. */
export interface PortraitOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** The bounds of a request's numbers. */
export const REQUEST_LIMITS = {
  photos: { min: 1, max: 4 },
  count: { min: 1, max: 10 },
  seed: { min: 0, max: 2 ** 32 - 1 },
  strength: { min: 0, max: 100 },
  candidates: { min: 1, max: 80 },
  steps: { min: 1, max: 200 },
  guidanceScale: { min: 1, max: 20 },
} as const;

/** Refuses a request whose numbers cannot be met, before any work is done; each refusal is a LikenessError of its own code. */
export function checkRequest(request: PortraitRequest): void {
  checkPhotos(request);
  checkWhole(request.count, 'count-out-of-range', REQUEST_LIMITS.count);
  checkWhole(request.seed, 'seed-invalid', REQUEST_LIMITS.seed);
  checkNumber(request.strength, 'strength-out-of-range', REQUEST_LIMITS.strength);
  checkWhole(request.candidates, 'candidates-out-of-range', { ...REQUEST_LIMITS.candidates, min: request.count });
  checkSteps(request.steps, REQUEST_LIMITS.steps.max);
  checkNumber(request.guidanceScale, 'guidance-out-of-range', REQUEST_LIMITS.guidanceScale);
  checkSampler(request.sampler);
}

/** Refuses more steps than a model knows. @throws LikenessError `steps-out-of-range`. */
export function checkSteps(steps: number | undefined, max: number): void {
  checkWhole(steps, 'steps-out-of-range', { ...REQUEST_LIMITS.steps, max });
}

function checkPhotos({ photos: { length } }: PortraitRequest): void {
  const { min, max } = REQUEST_LIMITS.photos;
  if (length < min) throw new LikenessError('no-photo');
  if (length > max) throw new LikenessError('too-many-photos', { given: length, limit: max });
}

type RangeCode =
  | 'count-out-of-range'
  | 'seed-invalid'
  | 'strength-out-of-range'
  | 'candidates-out-of-range'
  | 'steps-out-of-range'
  | 'guidance-out-of-range';

interface Range {
  readonly min: number;
  readonly max: number;
}

function checkWhole(value: number | undefined, code: RangeCode, range: Range): void {
  if (value !== undefined && !Number.isInteger(value)) throw new LikenessError(code, { given: value, ...range });
  checkNumber(value, code, range);
}

function checkNumber(value: number | undefined, code: RangeCode, range: Range): void {
  if (value === undefined || (value >= range.min && value <= range.max)) return;
  throw new LikenessError(code, { given: value, ...range });
}

function checkSampler(sampler: SamplerName | undefined): void {
  if (sampler === undefined || SAMPLER_NAMES.includes(sampler)) return;
  throw new LikenessError('sampler-unknown', { given: sampler, known: SAMPLER_NAMES.join(', ') });
}
