import type { DraftPhoto } from './photo.js';
import { cheeksOf } from './teeth.js';

/** Luma of cheeks in the pictures that mouths were learnt from, and how far their red is from their blue, of the red. */
const USUAL_CHEEK = { luma: 150, colour: 0.3 } as const;

/** The light and the colour of a photo. */
export interface Tint {
  /** How bright; 1 as in the pictures that mouths were learnt from. */
  readonly gain: number;
  /** How colourful, 0..1: 0 in a photo in shades of grey. */
  readonly colour: number;
}

/** What a photo gives what is painted into it. */
export function tintOf(photo: DraftPhoto): Tint {
  const [red, green, blue] = cheeksOf(photo);
  const luma = 255 * (0.299 * red + 0.587 * green + 0.114 * blue);
  const colour = Math.abs(red - blue) / Math.max(1 / 255, red, blue) / USUAL_CHEEK.colour;
  return { gain: Math.min(1.12, Math.max(0.68, (luma / USUAL_CHEEK.luma) ** 0.4)), colour: Math.min(1, colour) };
}
