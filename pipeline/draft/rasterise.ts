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

/** A triangle in the picture: where its corners' numbers are, and twice its area. */
interface Corners {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly area: number;
}

function drawTriangle(drawing: Drawing, index: number): void {
  const { places, triangles, raster } = drawing;
  const a = (triangles[index * 3] ?? 0) * 3;
  const b = (triangles[index * 3 + 1] ?? 0) * 3;
  const c = (triangles[index * 3 + 2] ?? 0) * 3;
  const xs = [places[a] ?? 0, places[b] ?? 0, places[c] ?? 0] as const;
  const ys = [places[a + 1] ?? 0, places[b + 1] ?? 0, places[c + 1] ?? 0] as const;
  const area = (xs[1] - xs[0]) * (ys[2] - ys[0]) - (ys[1] - ys[0]) * (xs[2] - xs[0]);
  // Triangles are stored so that those that face the camera have an area above 0.
  if (area <= SEAM) return;
  const [top, bottom] = [
    Math.max(0, Math.ceil(Math.min(...ys))),
    Math.min(raster.size - 1, Math.floor(Math.max(...ys))),
  ];
  const [left, right] = [
    Math.max(0, Math.ceil(Math.min(...xs))),
    Math.min(raster.size - 1, Math.floor(Math.max(...xs))),
  ];
  const corners = { a, b, c, area };
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) drawPixel(drawing, { index, corners, x, y });
  }
}

interface PixelOfTriangle {
  readonly index: number;
  readonly corners: Corners;
  readonly x: number;
  readonly y: number;
}

function drawPixel({ raster, depth, attributes, places, parts }: Drawing, at: PixelOfTriangle): void {
  const { a, b, c, area } = at.corners;
  const wa = sideOf(places, { from: b, to: c }, at) / area;
  const wb = sideOf(places, { from: c, to: a }, at) / area;
  const wc = 1 - wa - wb;
  if (wa < -SEAM || wb < -SEAM || wc < -SEAM) return;
  const z = wa * (places[a + 2] ?? 0) + wb * (places[b + 2] ?? 0) + wc * (places[c + 2] ?? 0);
  const pixel = at.y * raster.size + at.x;
  if (z >= (depth[pixel] ?? 0)) return;
  depth[pixel] = z;
  raster.part[pixel] = parts[at.index] ?? 0;
  raster.triangle[pixel] = at.index;
  const { count, values } = attributes;
  const [from, other, third] = [(a / 3) * count, (b / 3) * count, (c / 3) * count];
  for (let k = 0; k < count; k++) {
    raster.values[pixel * count + k] =
      wa * (values[from + k] ?? 0) + wb * (values[other + k] ?? 0) + wc * (values[third + k] ?? 0);
  }
}

interface Side {
  readonly from: number;
  readonly to: number;
}

/** Twice the area between a side of a triangle and a place: above 0 on the inner side. */
function sideOf(places: Float64Array, { from, to }: Side, { x, y }: Pick<PixelOfTriangle, 'x' | 'y'>): number {
  return (
    ((places[from] ?? 0) - x) * ((places[to + 1] ?? 0) - y) - ((places[from + 1] ?? 0) - y) * ((places[to] ?? 0) - x)
  );
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
