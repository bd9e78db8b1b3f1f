import type { Draft } from '../../draft/draw.js';
import { undoPose, type HeadPose } from '../../draft/head.js';
import type { Vector } from '../mesh/shapes.js';

/** The head that something is put on, in its own frame; units of the distance between the outer corners of the eyes. */
export interface Fit {
  /** A point of the face mesh. */
  readonly at: (point: number) => Vector;
  /** Half the width of head and hair where hats sit. */
  readonly half: number;
  /** y of the hair's top: below 0. */
  readonly top: number;
}

/** Where hats sit, and the middle of the head there. */
const BAND = { y: -0.52, z: 0.6 } as const;
/** Heads and hair narrower or wider than this are taken to be so; likewise lower or higher. */
const HALF = { least: 0.8, most: 0.97 } as const;
const TOP = { lowest: -0.98, highest: -1.4 } as const;
const STEP = 0.02;

/** Measures the head of a draft. */
export function fitOf({ mesh, matte, size }: Pick<Draft, 'mesh' | 'matte' | 'size'>, pose: HeadPose): Fit {
  const canonical = undoPose(pose, mesh);
  const { scale, rotation: r, shift } = pose;
  const isPerson = (x: number, y: number): boolean => {
    const column = Math.round(scale * (r[0] * x + r[1] * y + r[2] * BAND.z) + shift[0]);
    const row = Math.round(scale * (r[3] * x + r[4] * y + r[5] * BAND.z) + shift[1]);
    if (column < 0 || row < 0 || column >= size || row >= size) return false;
    return (matte.data[row * size + column] ?? 0) > 0.5;
  };
  const reach = (way: 1 | -1): number => {
    let far = 0.5;
    while (far < HALF.most && isPerson(way * far, BAND.y)) far += STEP;
    return far;
  };
  let top: number = -0.6;
  while (top > TOP.highest && isPerson(0, top)) top -= STEP;
  return {
    at: (point) => [canonical[point * 3] ?? 0, canonical[point * 3 + 1] ?? 0, canonical[point * 3 + 2] ?? 0],
    half: Math.min(HALF.most, Math.max(HALF.least, (reach(1) + reach(-1)) / 2)),
    top: Math.min(TOP.lowest, top),
  };
}
