import { PART, type Surface } from './surface.js';

/** What of a surface is seen at each pixel of a picture. */
export interface Raster {
  readonly size: number;
  /** The part seen, one of `PART`; 0 where there is no surface. */
  readonly part: Uint8Array;
  /** The triangle seen, where there is one. */
  readonly triangle: Int32Array;
  /** How much its first and its second corner weigh there; the third has the rest of 1. */
  readonly first: Float32Array;
  readonly second: Float32Array;
}

type Triangles = Pick<Surface, 'triangles' | 'parts'>;

/** Draws a surface's triangles at new places, nearest first by z; triangles that are turned away are not drawn. */
export function rasterise(surface: Triangles, places: Float64Array, size: number): Raster {
  const raster: Raster = {
    size,
    part: new Uint8Array(size * size),
    triangle: new Int32Array(size * size),
    first: new Float32Array(size * size),
    second: new Float32Array(size * size),
  };
  const depth = new Float32Array(size * size).fill(Infinity);
  for (let index = 0; index < surface.parts.length; index++) drawTriangle({ raster, depth, places, surface }, index);
  closeSlits(raster);
  return raster;
}

/** Slits between triangles where a surface folds are no wider than this; pixels. */
const SLIT = 4;

/** Gives pixels in slits between triangles what the nearest pixel beside them shows: what is around a face rather than the face. */
function closeSlits(raster: Raster): void {
  const { part, triangle, first, second, size } = raster;
  const drawn = Uint8Array.from(part);
  for (let pixel = 0; pixel < part.length; pixel++) {
    if (drawn[pixel] !== 0) continue;
    const x = pixel % size;
    let beside = -1;
    for (let away = 1; away <= SLIT && beside < 0; away++) {
      const near = [
        x >= away ? pixel - away : -1,
        x + away < size ? pixel + away : -1,
        pixel - away * size,
        pixel + away * size,
      ];
      const shown = near.filter((other) => (drawn[other] ?? 0) !== 0);
      beside = shown.find((other) => drawn[other] === PART.around) ?? shown[0] ?? -1;
    }
    if (beside < 0) continue;
    part[pixel] = drawn[beside] ?? 0;
    triangle[pixel] = triangle[beside] ?? 0;
    first[pixel] = first[beside] ?? 0;
    second[pixel] = second[beside] ?? 0;
  }
}

interface Drawing {
  readonly raster: Raster;
  readonly depth: Float32Array;
  readonly places: Float64Array;
  readonly surface: Triangles;
}

/** Keeps neighbouring triangles from leaving pixels between them out. */
const SEAM = 1e-9;

function numberAt(values: Float64Array, index: number): number {
  return values[index] ?? 0;
}

function drawTriangle({ raster, depth, places, surface: { triangles, parts } }: Drawing, index: number): void {
  const a = (triangles[index * 3] ?? 0) * 3;
  const b = (triangles[index * 3 + 1] ?? 0) * 3;
  const c = (triangles[index * 3 + 2] ?? 0) * 3;
  const [ax, ay, az] = [numberAt(places, a), numberAt(places, a + 1), numberAt(places, a + 2)];
  const [bx, by, bz] = [numberAt(places, b), numberAt(places, b + 1), numberAt(places, b + 2)];
  const [cx, cy, cz] = [numberAt(places, c), numberAt(places, c + 1), numberAt(places, c + 2)];
  const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  // Triangles are stored so that those that face the camera have an area above 0.
  if (area <= SEAM) return;
  const { size } = raster;
  const top = Math.max(0, Math.ceil(Math.min(ay, by, cy)));
  const bottom = Math.min(size - 1, Math.floor(Math.max(ay, by, cy)));
  const left = Math.max(0, Math.ceil(Math.min(ax, bx, cx)));
  const right = Math.min(size - 1, Math.floor(Math.max(ax, bx, cx)));
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const wa = ((bx - x) * (cy - y) - (by - y) * (cx - x)) / area;
      const wb = ((cx - x) * (ay - y) - (cy - y) * (ax - x)) / area;
      const wc = 1 - wa - wb;
      const pixel = y * size + x;
      const z = wa * az + wb * bz + wc * cz;
      if (wa < -SEAM || wb < -SEAM || wc < -SEAM || z >= (depth[pixel] ?? 0)) continue;
      depth[pixel] = z;
      raster.part[pixel] = parts[index] ?? 0;
      raster.triangle[pixel] = index;
      raster.first[pixel] = wa;
      raster.second[pixel] = wb;
    }
  }
}

/**
 * What a surface carries at its vertices, `target.length` numbers each, at a pixel that it is seen at: interpolated over
 * the triangle.
 */
export function interpolate(
  { triangle, first, second }: Raster,
  { triangles, values }: Pick<Surface, 'triangles'> & { readonly values: Float64Array },
  { pixel, target }: { readonly pixel: number; readonly target: Float64Array },
): void {
  const count = target.length;
  const at = (triangle[pixel] ?? 0) * 3;
  const [a, b, c] = [(triangles[at] ?? 0) * count, (triangles[at + 1] ?? 0) * count, (triangles[at + 2] ?? 0) * count];
  const wa = first[pixel] ?? 0;
  const wb = second[pixel] ?? 0;
  const wc = 1 - wa - wb;
  for (let k = 0; k < count; k++) {
    target[k] = wa * (values[a + k] ?? 0) + wb * (values[b + k] ?? 0) + wc * (values[c + k] ?? 0);
  }
}
