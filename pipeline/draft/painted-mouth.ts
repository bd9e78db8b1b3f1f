import { MOVEMENTS, type AppearanceModel, type Chart, type Movement, type Movements } from './appearance.js';
import { drawMouth, mouthPlace, sampleChart } from './mouth.js';
import type { DraftPhoto } from './photo.js';
import type { Plane } from './plane.js';
import type { Raster } from './rasterise.js';
import { PART } from './surface.js';
import { lipGap, OPEN_GAP } from './target.js';
import { tintOf, type Tint } from './tint.js';

/** The photo's own mouth is kept where it is open at least by this part of what is asked. */
const OWN_MOUTH = 0.6;

/** Lips no further apart than this grin: what is between them are teeth, and no surprise; units. */
const GRINS = 0.14;

/** What is painted between lips: a chart from corner to corner and from lip to lip, as bright and colourful as the photo. */
export interface PaintedMouth extends Tint {
  readonly chart: Chart;
}

/** How a face is moved, and the seed of what nobody saw. */
interface MouthWish {
  readonly model: AppearanceModel;
  readonly movements: Movements;
  readonly seed: number;
}

/** What to draw between the lips; nothing where the mouth is closed, or the photo shows it. */
export function mouthOf(
  photo: DraftPhoto,
  places: Float64Array,
  { model, movements, seed }: MouthWish,
): PaintedMouth | undefined {
  const { scale } = photo.pose;
  const [now, before] = [lipGap(places, scale), lipGap(photo.mesh, scale)];
  if (now < OPEN_GAP) return undefined;
  const kinds = MOVEMENTS.filter((name) => model.mouths[name]);
  const kind = kinds.reduce<Movement | undefined>(
    (best, name) => (best === undefined || movements[name] > movements[best] ? name : best),
    undefined,
  );
  if (before > Math.max(now * OWN_MOUTH, kind === 'surprise' ? GRINS : 0)) return undefined;
  const mouth = kind && model.mouths[kind];
  return mouth && { chart: drawMouth(mouth, seed), ...tintOf(photo) };
}

/** The edge of what is painted between the lips is soft over about a pixel. */
const MOUTH_EDGE = { out: 0.35, in: 0.85 } as const;

interface MouthPainting {
  readonly mesh: Float64Array;
  readonly mouth: PaintedMouth;
}

/** Paints between the lips of a draft. */
export function paintMouth(
  draft: { readonly colours: Float32Array; readonly seen: Plane },
  { size, part }: Raster,
  { mesh, mouth: { chart, gain, colour } }: MouthPainting,
): void {
  const drawn = new Float64Array(3);
  for (let pixel = 0; pixel < part.length; pixel++) {
    if (part[pixel] !== PART.mouth) continue;
    draft.seen.data[pixel] = 0;
    const inside = (insideOf(part, pixel, size) - MOUTH_EDGE.out) / (MOUTH_EDGE.in - MOUTH_EDGE.out);
    const cover = Math.min(1, Math.max(0, inside));
    sampleChart(chart, mouthPlace(mesh, [pixel % size, Math.floor(pixel / size)]), drawn);
    const grey = 0.3 * (drawn[0] ?? 0) + 0.59 * (drawn[1] ?? 0) + 0.11 * (drawn[2] ?? 0);
    for (let channel = 0; channel < 3; channel++) {
      const painted = gain * (grey + colour * ((drawn[channel] ?? 0) - grey));
      const index = pixel * 3 + channel;
      draft.colours[index] = (draft.colours[index] ?? 0) * (1 - cover) + painted * cover;
    }
  }
}

/** How much of the 5 x 5 pixels around one is mouth, 0..1. */
function insideOf(part: Uint8Array, pixel: number, size: number): number {
  let count = 0;
  for (let down = -2; down <= 2; down++) {
    for (let across = -2; across <= 2; across++) {
      if (part[pixel + down * size + across] === PART.mouth) count += 1;
    }
  }
  return count / 25;
}
