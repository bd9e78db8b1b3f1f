import type { Addition, Asked, Expression } from '../../../pipeline/index.js';
import type { SeenFace } from './face-reader.js';
import type { Groups } from './people.js';

/** What was measured of one face: of a photo, or of a portrait in which a face was found. */
export interface MeasuredFace {
  /** Who it is to the product's own recogniser. */
  readonly embedding: Float32Array;
  /** Who it is to each further recogniser, by name; missing where the delivered picture showed it no face. */
  readonly further: Readonly<Record<string, Float32Array>>;
  /** What each further reader sees in it, by its name. */
  readonly seen: Readonly<Record<string, SeenFace>>;
  readonly expression: Expression;
  /** Degrees; above 0 when the face points to the right side of the picture. */
  readonly yaw: number;
  readonly pitch: number;
  /** How light the skin is, CIE L*; missing where the delivered picture showed no face. */
  readonly lightness: number | undefined;
}

/** What is read in one portrait: for each kind of addition its label, or `none`. */
export type AddedLabels = Readonly<Record<Addition, string>>;

/** One album made for a person: what the prompt asked, and the face of each portrait where one was found. */
export interface MeasuredAlbum {
  readonly asked: Asked;
  /** How many pictures there were to choose each portrait from; the model's own number where undefined. */
  readonly candidates: number | undefined;
  readonly faces: readonly (MeasuredFace | undefined)[];
  /** The style that the classifier reads in each portrait, where there is a classifier. */
  readonly styles: readonly string[];
  /** What the classifier of additions reads in each portrait, where there is one. */
  readonly added: readonly AddedLabels[];
  readonly seconds: number;
}

/** A person's photos and the albums made from the first of them. */
export interface MeasuredPerson {
  readonly groups: Groups;
  readonly input: MeasuredFace;
  readonly other?: MeasuredFace;
  readonly albums: readonly MeasuredAlbum[];
}
