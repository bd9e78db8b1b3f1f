import type { Plane } from './plane.js';
import { sampleColour, sampleColourLinear, samplePlane } from './sample.js';
import type { Surroundings } from './surroundings.js';

/** What lies behind a person and moves with the head, as hair does that no matte tells from it. */
export interface Behind {
  /** Red, green, blue of each pixel, 0..255. */
  readonly colours: Uint8ClampedArray;
  /** Where the photo shows it, 0..1. */
  readonly shown: Plane;
}

/** A person as they are drawn: red, green, blue of each pixel, 0..255, and the matte. */
export interface DrawnPerson {
  readonly colours: Float32Array;
  readonly matte: Plane;
}

/** Where a person covers more than this, what is behind them is hardly seen in the photo's colour. */
const MOST_COVERED = 0.9;

/**
 * What is left of the photo's colours without the person's: with them before it, it is the photo again. `sources` are the
 * places in the photo, x and y, of each pixel that `isDrawn`.
 */
export function drawBehind(
  { colours, matte }: DrawnPerson,
  { photo, shown }: Surroundings,
  { sources, isDrawn }: { readonly sources: Float32Array; readonly isDrawn: (pixel: number) => boolean },
): Behind {
  const behind = new Uint8ClampedArray(colours.length);
  const visible = new Float32Array(matte.data.length);
  const colour = new Float32Array(3);
  const target = { colours: colour, at: 0 };
  const place: [number, number] = [0, 0];
  for (let pixel = 0; pixel < visible.length; pixel++) {
    const cover = matte.data[pixel] ?? 0;
    if (cover >= 1 || !isDrawn(pixel)) continue;
    [place[0], place[1]] = [sources[pixel * 2] ?? 0, sources[pixel * 2 + 1] ?? 0];
    const isShown = samplePlane(shown, place);
    if (isShown === 0) continue;
    visible[pixel] = isShown;
    // Where nobody covers it, what is behind fades out of focus.
    if (cover === 0) sampleColourLinear(photo, place, target);
    else sampleColour(photo, place, target);
    const trust = Math.min(1, (1 - cover) / (1 - MOST_COVERED));
    for (let channel = 0; channel < 3; channel++) {
      const at = pixel * 3 + channel;
      const whole = colour[channel] ?? 0;
      const left = (whole - cover * (colours[at] ?? 0)) / (1 - cover);
      behind[at] = whole + trust * (Math.min(255, Math.max(0, left)) - whole);
    }
  }
  return { colours: behind, shown: { ...matte, data: visible } };
}
