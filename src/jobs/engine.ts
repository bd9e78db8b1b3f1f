import type { Progress, RgbImage } from '../../pipeline/index.js';
import type { FacePlace } from '../chat/picture.js';
import type { PortraitParameters } from './job.js';

/** What the worker asks of the engine, and all it needs to know of it. */
export interface PortraitEngine {
  portrait(
    request: PortraitParameters & { readonly photos: readonly Uint8Array[] },
    options: { readonly signal: AbortSignal; readonly onProgress: (progress: Progress) => void },
  ): Promise<FinishedAlbum>;
}

/** What was measured on one portrait. */
export interface FaceScores {
  /** Cosine of its face to the photos' faces, where it has a face. */
  readonly identity: number;
  readonly faceFound: boolean;
  /** How many people it shows, bystanders left out. */
  readonly people: number;
  /** Height of its face as a part of the picture's. */
  readonly faceHeight?: number | undefined;
  /** Middle of its face, as parts of the picture's width and height. */
  readonly faceCentre?: { readonly x: number; readonly y: number } | undefined;
  /** The likeliest of the expressions that can be told apart. */
  readonly expression?: string | undefined;
  /** Degrees; above 0 when the face points to the right side of the picture. */
  readonly yaw?: number | undefined;
}

/** Where a portrait's face is; undefined where none was found. */
export function facePlaceOf({ faceCentre, faceHeight }: FaceScores): FacePlace | undefined {
  return faceCentre && faceHeight !== undefined ? { ...faceCentre, height: faceHeight } : undefined;
}

/** The part of the engine's album that is delivered. */
export interface FinishedAlbum {
  readonly portraits: readonly { readonly image: RgbImage; readonly scores: FaceScores }[];
  readonly seed: number;
  /** The expression and the side that the prompt asked for, whatever words it had for them. */
  readonly asked: { readonly expression?: string; readonly side?: string };
  /** Words of the prompt the model does not know. */
  readonly unknownWords: readonly string[];
  /** Phrases of the prompt that had no place beside others. */
  readonly leftOut: readonly string[];
  /** Glasses were asked for, and not drawn: every photo shows some. */
  readonly ownGlasses: boolean;
}
