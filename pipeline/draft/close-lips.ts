import { MESH_POINTS } from './head.js';
import { LIP_CORNERS, LIP_PAIRS } from './regions.js';

/** The part of closing that the upper lip does. */
const UPPER_SHARE = 0.25;

/** A place between the lips: where it is, and how far down the upper lip and the lower one go. */
interface LipMove {
  readonly x: number;
  readonly upper: number;
  readonly lower: number;
  readonly down: readonly [upper: number, lower: number];
}

/** Lips as thick as these move as a whole; beyond, skin follows less and less over the second distance. Units. */
const FOLLOWS = { upper: { lip: 0.08, skin: 0.08 }, lower: { lip: 0.11, skin: 0.3 } } as const;

/**
 * Brings lips of a canonical mesh together that would cross, and those of a mouth that is not to be open; they keep their
 * thickness. `open` is the part of their gap that stays, 0..1.
 */
export function closeLips(moved: Float64Array, open: number): void {
  const at = (point: number, axis: 0 | 1): number => moved[point * 3 + axis] ?? 0;
  const moves = LIP_PAIRS.map(([above, below]): LipMove => {
    const [upper, lower] = [at(above, 1), at(below, 1)];
    const gap = lower - upper;
    const excess = gap < 0 ? gap : gap * (1 - open);
    const share = gap < 0 ? 0.5 : UPPER_SHARE;
    return { x: (at(above, 0) + at(below, 0)) / 2, upper, lower, down: [share * excess, (share - 1) * excess] };
  });
  if (moves.every(({ down }) => down[0] === 0)) return;
  const corners = LIP_CORNERS.map((point): LipMove => {
    return { x: at(point, 0), upper: at(point, 1), lower: at(point, 1), down: [0, 0] };
  });
  const along = [...moves, ...corners].toSorted((one, other) => one.x - other.x);
  const own = new Map<number, number>();
  LIP_PAIRS.forEach(([above, below], place) => {
    own.set(above, moves[place]?.down[0] ?? 0);
    own.set(below, moves[place]?.down[1] ?? 0);
  });
  for (let point = 0; point < MESH_POINTS; point++) {
    moved[point * 3 + 1] = at(point, 1) + (own.get(point) ?? followed(along, at(point, 0), at(point, 1)));
  }
}

/** How far down a place of the face goes with the lips that are above or below it. */
function followed(along: readonly LipMove[], x: number, y: number): number {
  const next = along.findIndex((move) => move.x >= x);
  const [left, right] = [along[next - 1], along[next]];
  if (!left || !right) return 0;
  const part = (x - left.x) / Math.max(1e-9, right.x - left.x);
  const between = (one: number, other: number): number => one + part * (other - one);
  const isUpper = y < between((left.upper + left.lower) / 2, (right.upper + right.lower) / 2);
  const { lip, skin } = isUpper ? FOLLOWS.upper : FOLLOWS.lower;
  const away = isUpper ? between(left.upper, right.upper) - y : y - between(left.lower, right.lower);
  const down = isUpper ? between(left.down[0], right.down[0]) : between(left.down[1], right.down[1]);
  return down * Math.min(1, Math.max(0, 1 - (away - lip) / skin));
}
