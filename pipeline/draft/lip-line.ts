import { boxAround, type Point } from '../face/geometry.js';
import type { Draft } from './draw.js';
import { poseOf } from './head.js';
import { linearStep } from './linear-step.js';
import type { MouthSource } from './mouth-refiner.js';
import { pixelsBetween } from './plane.js';
import { LIP_CORNERS, LIP_PAIRS } from './regions.js';
import { PART } from './surface.js';
import { lipGap, OPEN_GAP } from './target.js';

/** How far from where lips meet the line between them is seen, and from where on its ends it fades; units. */
const LINE = { wide: 0.012, fades: 0.09 } as const;
/** Lips as near as the first meet, and those as far apart as the second do not; units. */
const MEET = { from: 0.035, to: 0.015 } as const;
/** How bright the line is, of the lips. */
const DARKNESS = 0.7;

/**
 * Draws the line between lips that a draft closed: what is left of the teeth at their edge is no lighter than it. Lips that
 * meet in the photo have a line of their own. Changes the draft's colours.
 */
export function drawLipLine(draft: Draft, { photo, reference }: MouthSource): Draft {
  const { mesh, size, colours, parts } = draft;
  if (lipGap(photo.mesh, photo.pose.scale) < OPEN_GAP) return draft;
  const { scale } = poseOf(mesh, reference);
  const met = linearStep(lipGap(mesh, scale), MEET);
  if (met === 0) return draft;
  const placeOf = (point: number): Point => [mesh[point * 3] ?? 0, mesh[point * 3 + 1] ?? 0];
  const middles = LIP_PAIRS.map(([above, below]): Point => {
    const [[ax, ay], [bx, by]] = [placeOf(above), placeOf(below)];
    return [(ax + bx) / 2, (ay + by) / 2];
  });
  const line = [placeOf(LIP_CORNERS[0]), ...middles, placeOf(LIP_CORNERS[1])];
  const dark = lipsOf(draft).map((value) => DARKNESS * value);
  const wide = LINE.wide * scale;
  for (const pixel of pixelsAround(line, { size, margin: 3 * wide })) {
    if (parts[pixel] !== PART.face && parts[pixel] !== PART.mouth) continue;
    const near = nearest(line, [pixel % size, Math.floor(pixel / size)]);
    const part = met * Math.exp(-((near.distance / wide) ** 2)) * Math.min(1, near.fromEnd / (LINE.fades * scale));
    dark.forEach((value, channel) => {
      const own = colours[pixel * 3 + channel] ?? 0;
      colours[pixel * 3 + channel] = own + part * Math.min(0, value - own);
    });
  }
  return draft;
}

/** The mean colour of a draft's lips, 0..255. */
function lipsOf({ lips, colours }: Draft): number[] {
  const sums = [0, 0, 0];
  let weight = 0;
  lips.data.forEach((part, pixel) => {
    if (part < 0.5) return;
    weight += 1;
    for (let channel = 0; channel < 3; channel++)
      sums[channel] = (sums[channel] ?? 0) + (colours[pixel * 3 + channel] ?? 0);
  });
  return weight === 0 ? [255, 255, 255] : sums.map((sum) => sum / weight);
}

/** The pixels of a picture in an upright box around a line, `margin` pixels larger each way. */
function pixelsAround(
  line: readonly Point[],
  { size, margin }: { readonly size: number; readonly margin: number },
): Iterable<number> {
  const { x, y, width, height } = boxAround(line);
  return pixelsBetween(
    [Math.round(x - margin), Math.round(y - margin)],
    [Math.round(x + width + margin), Math.round(y + height + margin)],
    size,
  );
}

/** How far a place is from a line, and the nearest place of the line from the nearer of its ends; pixels. */
function nearest(line: readonly Point[], [x, y]: Point): { readonly distance: number; readonly fromEnd: number } {
  let [distance, at, along] = [Infinity, 0, 0];
  line.slice(1).forEach(([bx, by], index) => {
    const [ax, ay] = line[index] ?? [0, 0];
    const length = Math.max(1e-6, Math.hypot(bx - ax, by - ay));
    const part = Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length ** 2));
    const away = Math.hypot(ax + part * (bx - ax) - x, ay + part * (by - ay) - y);
    if (away < distance) [distance, at] = [away, along + part * length];
    along += length;
  });
  return { distance, fromEnd: Math.min(at, along - at) };
}
