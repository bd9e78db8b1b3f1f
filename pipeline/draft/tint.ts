import type { DraftPhoto } from './photo.js';
import { LEFT_EYE, RIGHT_EYE } from './regions.js';

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

/** What a face shows of the light on it. */
export interface FaceLight {
  readonly cheeks: Colour;
  /** Luma of the whites of the eyes, 0..1; 0 where they are closed. */
  readonly whites: number;
}

/** Of what lies between the lids, so much is darker than the whites. */
const WHITES = 0.9;
/** Eyes of fewer pixels than this are closed. */
const OPEN = 200;

/** The light on the face of a photo. */
export function lightOf(photo: Pick<DraftPhoto, 'plate' | 'mesh'>): FaceLight {
  const { plate, mesh } = photo;
  const lumas = [LEFT_EYE, RIGHT_EYE].flatMap((eye) =>
    pixelsWithin(mesh, eye).map(([x, y]) => {
      const at = (y * plate.width + x) * 3;
      return lumaOf(Array.from(plate.data.subarray(at, at + 3), (value) => value / 255));
    }),
  );
  const whites =
    lumas.length < OPEN ? 0 : lumas.toSorted((one, other) => one - other)[Math.floor(WHITES * lumas.length)];
  return { cheeks: cheeksOf(photo), whites: whites ?? 0 };
}

/** The pixels within a polygon of points of a mesh, by the even-odd rule. */
function pixelsWithin(mesh: Float64Array, polygon: readonly number[]): (readonly [x: number, y: number])[] {
  const corners = polygon.map((point) => [mesh[point * 3] ?? 0, mesh[point * 3 + 1] ?? 0] as const);
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  const isWithin = (x: number, y: number): boolean =>
    corners.filter(([x0, y0], index) => {
      const [x1, y1] = corners[(index + 1) % corners.length] ?? [x0, y0];
      return y0 > y !== y1 > y && x < x0 + ((x1 - x0) * (y - y0)) / (y1 - y0);
    }).length %
      2 ===
    1;
  const found: (readonly [number, number])[] = [];
  for (let y = Math.ceil(Math.min(...ys)); y < Math.max(...ys); y++) {
    for (let x = Math.ceil(Math.min(...xs)); x < Math.max(...xs); x++) if (isWithin(x, y)) found.push([x, y]);
  }
  return found;
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
