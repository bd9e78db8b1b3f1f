import type { Affine, Box } from '../face/geometry.js';
import type { DraftPhoto } from './photo.js';

/** How much of the head a portrait shows. */
export interface CropWish {
  /** Width of the picture in units of the head: 2.5 is a close-up, 3.4 shows head and shoulders. */
  readonly units: number;
  /** Where the middle of the eyes lies, as parts of the picture. */
  readonly eyes: { readonly x: number; readonly y: number };
  /** Whether the picture may reach above the photo, where a hat stands. */
  readonly above?: boolean | undefined;
}

/** The narrowest picture, in units: the face alone. */
const NARROWEST = 1.7;
/** A side of the photo cuts the person off where the matte along it is above this on average. */
const CUT = 0.02;
/** It is looked for so many pixels inside the photo: the border of a tilted one runs askew. */
const INSIDE = [2, 6, 12] as const;

/**
 * The map from the plate to a picture of `size` pixels square that shows what is wished, as far as the photo goes: where it
 * cuts the person off, the picture ends there as well, and shows less if it has to.
 */
export function cropMap(
  photo: DraftPhoto,
  wish: CropWish,
  { size, eyes }: { readonly size: number; readonly eyes: readonly [number, number] },
): Affine {
  const seen = limitsOf(photo);
  const limits = wish.above === true ? { ...seen, top: -Infinity } : seen;
  const unit = photo.pose.scale;
  const room = { width: limits.right - limits.left, height: limits.bottom - limits.top };
  const side = Math.max(NARROWEST * unit, Math.min(wish.units * unit, room.width, room.height));
  const left = within(eyes[0] - wish.eyes.x * side, limits.left, limits.right - side);
  const top = within(eyes[1] - wish.eyes.y * side, limits.top, limits.bottom - side);
  const scale = size / side;
  return [scale, 0, (0.5 - left) * scale - 0.5, 0, scale, (0.5 - top) * scale - 0.5];
}

interface Limits {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** How far a picture may reach: to the photo's border where that cuts the person off, else as far as one likes. */
function limitsOf({ filled, matte }: DraftPhoto): Limits {
  const { x, y, width, height } = filled;
  const [right, bottom] = [x + width, y + height];
  const isCut = (meanAt: (inside: number) => number): boolean => INSIDE.some((inside) => meanAt(inside) > CUT);
  const column = (at: number): number => meanAlong(matte, { x: at, y, width: 1, height });
  const row = (at: number): number => meanAlong(matte, { x, y: at, width, height: 1 });
  return {
    left: isCut((inside) => column(x + inside)) ? x : -Infinity,
    right: isCut((inside) => column(right - 1 - inside)) ? right : Infinity,
    top: isCut((inside) => row(y + inside)) ? y : -Infinity,
    bottom: isCut((inside) => row(bottom - 1 - inside)) ? bottom : Infinity,
  };
}

function meanAlong({ width, height, data }: DraftPhoto['matte'], box: Box): number {
  let [sum, count] = [0, 0];
  for (let y = Math.max(0, Math.round(box.y)); y < Math.min(height, box.y + box.height); y++) {
    for (let x = Math.max(0, Math.round(box.x)); x < Math.min(width, box.x + box.width); x++) {
      sum += data[y * width + x] ?? 0;
      count += 1;
    }
  }
  return count === 0 ? 0 : sum / count;
}

/** The value, or the nearest that lies between the limits; between limits that cross, their middle. */
function within(value: number, low: number, high: number): number {
  if (low > high) return (low + high) / 2;
  return Math.min(high, Math.max(low, value));
}
