import type { DraftPhoto } from './photo.js';

/** Points on the cheeks whose colour says how a photo is lit. */
const CHEEKS = [50, 280, 205, 425] as const;
/** Luma of cheeks in the pictures that mouths were learnt from, and how far their red is from their blue, of the red. */
const USUAL_CHEEK = { luma: 150, colour: 0.3 } as const;

/** The light and the colour of a photo. */
export interface Tint {
  /** How bright; 1 as in the pictures that mouths were learnt from. */
  readonly gain: number;
  /** How colourful, 0..1: 0 in a photo in shades of grey. */
  readonly colour: number;
}

/** A colour: red, green and blue, 0..1. */
export type Colour = readonly [red: number, green: number, blue: number];

/** The mean colour of a photo's cheeks. */
export function cheeksOf({ plate, mesh }: Pick<DraftPhoto, 'plate' | 'mesh'>): Colour {
  const channelOf = (channel: number): number => {
    const values = CHEEKS.map((point) => {
      const [x, y] = [Math.round(mesh[point * 3] ?? 0), Math.round(mesh[point * 3 + 1] ?? 0)];
      return (plate.data[(y * plate.width + x) * 3 + channel] ?? 0) / 255;
    });
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return [channelOf(0), channelOf(1), channelOf(2)];
}

/** How bright a colour is, 0..1 (ITU-R BT.601). */
export function lumaOf([red = 0, green = 0, blue = 0]: readonly number[]): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

/** What a photo gives what is painted into it. */
export function tintOf(photo: DraftPhoto): Tint {
  const cheeks = cheeksOf(photo);
  const [red, , blue] = cheeks;
  const colour = Math.abs(red - blue) / Math.max(1 / 255, red, blue) / USUAL_CHEEK.colour;
  const gain = ((255 * lumaOf(cheeks)) / USUAL_CHEEK.luma) ** 0.4;
  return { gain: Math.min(1.12, Math.max(0.68, gain)), colour: Math.min(1, colour) };
}
