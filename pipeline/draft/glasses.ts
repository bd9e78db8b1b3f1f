import { levelling } from '../face/geometry.js';
import { lumaAt } from '../face/luma.js';
import { warp } from '../face/warp.js';
import type { RgbImage } from '../image.js';
import { EYE_CORNERS } from './regions.js';

/** What is seen of a face: its size, how far apart the outer corners of the eyes are, where the root of the nose lies; pixels. */
const VIEW = { width: 128, height: 80, eyes: 72, root: { x: 63.5, y: 24 } } as const;
/** The root of the nose in the mesh. */
const ROOT = 168;
/** Where the bridge of glasses lies in the view, first pixel and the one after the last. */
const BRIDGE = { left: 56, right: 72, top: 16, bottom: 44 } as const;
/** What the contrast of the face is measured by. */
const FACE = { left: 20, right: 108, top: 8, bottom: 60 } as const;
/** Luma that is added to the contrast, so that a line of noise is none. */
const NOISE = 8;
/**
 * A stronger line is the bridge of glasses. Set by 296 photos; of 396 others, which 51 people with glasses are among, it finds
 * 92 % of the glasses, and takes 2.6 % of the faces without for some with them.
 */
const LINE = 0.2;

/** Whether somebody wears glasses: they draw a line across the root of the nose. `mesh` is the face in pixels of the photo. */
export function wearsGlasses(image: RgbImage, mesh: Float64Array): boolean {
  const view = viewOf(image, mesh);
  return lineAcross(rowsOf(view)) / (contrastOf(view) + NOISE) > LINE;
}

function viewOf(image: RgbImage, mesh: Float64Array): RgbImage {
  const at = (point: number): readonly [number, number] => [mesh[point * 3] ?? 0, mesh[point * 3 + 1] ?? 0];
  const [left, right] = [at(EYE_CORNERS[0]), at(EYE_CORNERS[1])];
  const [x, y] = [right[0] - left[0], right[1] - left[1]];
  const map = levelling({
    from: at(ROOT),
    to: [VIEW.root.x, VIEW.root.y],
    scale: VIEW.eyes / Math.max(1, Math.hypot(x, y)),
    angle: Math.atan2(y, x),
  });
  return warp(image, { map, size: VIEW });
}

/** Mean luma of each row of the bridge. */
function rowsOf(view: RgbImage): number[] {
  const { left, right, top, bottom } = BRIDGE;
  return Array.from({ length: bottom - top }, (_, row) => {
    let sum = 0;
    for (let x = left; x < right; x++) sum += lumaAt(view, (top + row) * VIEW.width + x);
    return sum / (right - left);
  });
}

/** By how much two rows are at most darker or lighter than the two above and the two below them together. */
function lineAcross(rows: readonly number[]): number {
  const pair = (row: number): number => ((rows[row] ?? 0) + (rows[row + 1] ?? 0)) / 2;
  const lines = Array.from({ length: rows.length - 5 }, (_, row) => (pair(row) + pair(row + 4)) / 2 - pair(row + 2));
  return Math.max(...lines.map(Math.abs));
}

/** The standard deviation of a face's luma. */
function contrastOf(view: RgbImage): number {
  let [count, sum, squares] = [0, 0, 0];
  for (let y = FACE.top; y < FACE.bottom; y++) {
    for (let x = FACE.left; x < FACE.right; x++) {
      const luma = lumaAt(view, y * VIEW.width + x);
      count += 1;
      sum += luma;
      squares += luma * luma;
    }
  }
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}
