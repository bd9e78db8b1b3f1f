import type { Rgb } from '../colour.js';
import type { Piece } from '../mesh/shapes.js';
import type { Fit } from './fit.js';

/** Where things are worn; of two in one place the first that is named is. */
export const SLOTS = ['head', 'ears', 'eyes', 'nose', 'lip'] as const;

/** One of `SLOTS`. */
export type WearSlot = (typeof SLOTS)[number];

/** Hair that a thing hides: all that is above this y on the head, but for a dome of hair inside it. */
export interface Tuck {
  readonly brim: number;
  /** How high the dome stands above the brim; 0 hides all hair there. */
  readonly dome: number;
}

/** Something to wear. */
export interface Thing {
  readonly slot: WearSlot;
  /** What it is coloured where no colour is asked. */
  readonly colour: Rgb;
  /** How far above the eyes it reaches; units of the head. */
  readonly above?: number;
  /** How far below the place it is drawn at it sits. */
  readonly seat?: number;
  readonly tuck?: (fit: Fit) => Tuck;
  readonly build: (fit: Fit, colour: Rgb) => readonly Piece[];
}
