import type { Surface } from './surface.js';

/** Numbers that a surface carries to the picture, interpolated over its triangles: so many for each vertex. */
export interface Attributes {
  readonly count: number;
  readonly values: Float64Array;
}

/** What of a surface is seen at each pixel of a picture. */
export interface Raster {
  readonly size: number;
  /** The part seen, one of `PART`; 0 where there is no surface. */
  readonly part: Uint8Array;
  /** The triangle seen. */
  readonly triangle: Int32Array;
  /** Interpolated attributes, `count` for each pixel. */
  readonly values: Float32Array;
}

/** Draws a surface's triangles at new places, nearest first by z; triangles that are turned away are not drawn. */
export function rasterise(
  { triangles, parts }: Pick<Surface, 'triangles' | 'parts'>,
  places: Float64Array,
  { size, attributes }: { readonly size: number; readonly attributes: Attributes },
): Raster {
  const depth = new Float32Array(size * size).fill(Infinity);
  const raster: Raster = {
    size,
    part: new Uint8Array(size * size),
    triangle: new Int32Array(size * size).fill(-1),
    values: new Float32Array(size * size * attributes.count),
  };
  for (let index = 0; index < parts.length; index++)
    drawTriangle({ raster, depth, attributes, places, triangles, parts }, index);
  return raster;
}

interface Drawing {
  readonly raster: Raster;
  readonly depth: Float32Array;
  readonly attributes: Attributes;
  readonly places: Float64Array;
  readonly triangles: Int32Array;
  readonly parts: Uint8Array;
}

/** Keeps neighbouring triangles from leaving pixels between them out. */
const SEAM = 1e-9;

function drawTriangle({ raster, depth, attributes, places, triangles, parts }: Drawing, index: number): void {
  const { size } = raster;
  const [a, b, c] = [triangles[index * 3] ?? 0, triangles[index * 3 + 1] ?? 0, triangles[index * 3 + 2] ?? 0];
  const [ax, ay, az] = [places[a * 3] ?? 0, places[a * 3 + 1] ?? 0, places[a * 3 + 2] ?? 0];
  const [bx, by, bz] = [places[b * 3] ?? 0, places[b * 3 + 1] ?? 0, places[b * 3 + 2] ?? 0];
  const [cx, cy, cz] = [places[c * 3] ?? 0, places[c * 3 + 1] ?? 0, places[c * 3 + 2] ?? 0];
  const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  // Triangles are stored so that those that face the camera have an area above 0.
  if (area <= 1e-9) return;
  const [left, right] = [
    Math.max(0, Math.ceil(Math.min(ax, bx, cx))),
    Math.min(size - 1, Math.floor(Math.max(ax, bx, cx))),
  ];
  const [top, bottom] = [
    Math.max(0, Math.ceil(Math.min(ay, by, cy))),
    Math.min(size - 1, Math.floor(Math.max(ay, by, cy))),
  ];
  const { count, values } = attributes;
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const wa = ((bx - x) * (cy - y) - (by - y) * (cx - x)) / area;
      const wb = ((cx - x) * (ay - y) - (cy - y) * (ax - x)) / area;
      const wc = 1 - wa - wb;
      if (wa < -SEAM || wb < -SEAM || wc < -SEAM) continue;
      const z = wa * az + wb * bz + wc * cz;
      const pixel = y * size + x;
      if (z >= (depth[pixel] ?? 0)) continue;
      depth[pixel] = z;
      raster.part[pixel] = parts[index] ?? 0;
      raster.triangle[pixel] = index;
      for (let k = 0; k < count; k++) {
        raster.values[pixel * count + k] =
          wa * (values[a * count + k] ?? 0) + wb * (values[b * count + k] ?? 0) + wc * (values[c * count + k] ?? 0);
      }
    }
  }
}

/** How much each vertex of a surface faces the camera, -1..1: the z of its normal, the mean over its triangles by area. */
export function facing({ triangles }: Pick<Surface, 'triangles'>, places: Float64Array): Float64Array {
  const normals = new Float64Array(places.length);
  for (let at = 0; at < triangles.length; at += 3) {
    const [a, b, c] = [(triangles[at] ?? 0) * 3, (triangles[at + 1] ?? 0) * 3, (triangles[at + 2] ?? 0) * 3];
    const side = (from: number, to: number): readonly [number, number, number] => [
      (places[to] ?? 0) - (places[from] ?? 0),
      (places[to + 1] ?? 0) - (places[from + 1] ?? 0),
      (places[to + 2] ?? 0) - (places[from + 2] ?? 0),
    ];
    const [u, v] = [side(a, b), side(a, c)];
    const normal = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
    for (const corner of [a, b, c])
      for (let axis = 0; axis < 3; axis++) normals[corner + axis] = (normals[corner + axis] ?? 0) + (normal[axis] ?? 0);
  }
  return Float64Array.from({ length: places.length / 3 }, (_, vertex) => {
    const [x, y, z] = [normals[vertex * 3] ?? 0, normals[vertex * 3 + 1] ?? 0, normals[vertex * 3 + 2] ?? 0];
    return z / (Math.hypot(x, y, z) + 1e-12);
  });
}
