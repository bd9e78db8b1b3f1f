/** A place in a picture: x to the right, y down, in pixels; (0, 0) is the centre of the first pixel. */
export type Point = readonly [x: number, y: number];

/** An upright rectangle in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The map (x, y) -> (a x + b y + c, d x + e y + f), as [a, b, c, d, e, f]. */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** Where a point goes. */
export function applyAffine([a, b, c, d, e, f]: Affine, [x, y]: Point): Point {
  return [a * x + b * y + c, d * x + e * y + f];
}

/** The map that undoes another; throws RangeError when there is none. */
export function invertAffine([a, b, c, d, e, f]: Affine): Affine {
  const determinant = a * e - b * d;
  if (!Number.isFinite(1 / determinant)) throw new RangeError('Expected a map that can be inverted');
  const [ia, ib, id, ie] = [e / determinant, -b / determinant, -d / determinant, a / determinant];
  return [ia, ib, -(ia * c + ib * f), id, ie, -(id * c + ie * f)];
}

/** What a similarity does: which point goes where, how many times longer lengths get, by which angle it turns back. */
export interface Levelling {
  readonly from: Point;
  readonly to: Point;
  readonly scale: number;
  /** Radians by which what is to be upright leans clockwise. */
  readonly angle: number;
}

/** The similarity that shows upright what leans. */
export function levelling({ from: [x, y], to: [u, v], scale, angle }: Levelling): Affine {
  const [cos, sin] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  return [cos, sin, u - cos * x - sin * y, -sin, cos, v + sin * x - cos * y];
}

/** One map after another. */
export function composeAffine([a, b, c, d, e, f]: Affine, [g, h, i, j, k, l]: Affine): Affine {
  return [g * a + h * d, g * b + h * e, g * c + h * f + i, j * a + k * d, j * b + k * e, j * c + k * f + l];
}

/** How many times longer a map makes lengths (the square root of what it does to areas). */
export function scaleOf([a, b, , d, e]: Affine): number {
  return Math.sqrt(Math.abs(a * e - b * d));
}

/** The upright map that takes a box to a picture of the given size. */
export function boxToPicture(box: Box, size: { readonly width: number; readonly height: number }): Affine {
  const [scaleX, scaleY] = [size.width / box.width, size.height / box.height];
  return [scaleX, 0, (0.5 - box.x) * scaleX - 0.5, 0, scaleY, (0.5 - box.y) * scaleY - 0.5];
}

/** The square around a box's centre whose side is the box's longer side times `scale`. */
export function squareAround(box: Box, scale = 1): Box {
  const side = Math.max(box.width, box.height) * scale;
  return { x: box.x + (box.width - side) / 2, y: box.y + (box.height - side) / 2, width: side, height: side };
}

/** The smallest upright box around points. */
export function boxAround(points: readonly Point[]): Box {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** A box's area in square pixels. */
export function areaOf({ width, height }: Box): number {
  return width * height;
}

/** The area two boxes share, in square pixels. */
export function sharedArea(one: Box, other: Box): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return Math.max(0, width) * Math.max(0, height);
}

/** The mean of points. */
export function centreOf(points: readonly Point[]): Point {
  const [x, y] = points.reduce<Point>(([sumX, sumY], [px, py]) => [sumX + px, sumY + py], [0, 0]);
  return [x / points.length, y / points.length];
}

/**
 * The similarity (turn, scale, shift; no reflection) that brings points closest to their targets by least squares:
 * Umeyama's estimate, which in the plane has a closed form. Throws RangeError when the points are too few or all one.
 */
export function similarityBetween(from: readonly Point[], to: readonly Point[]): Affine {
  const [[fromX, fromY], [toX, toY]] = [centreOf(from), centreOf(to)];
  let [along, across, spread] = [0, 0, 0];
  from.forEach(([px, py], index) => {
    const target = to[index];
    if (!target) throw new RangeError('Expected as many targets as points');
    const [x, y, u, v] = [px - fromX, py - fromY, target[0] - toX, target[1] - toY];
    along += x * u + y * v;
    across += x * v - y * u;
    spread += x * x + y * y;
  });
  if (!(spread > 0)) throw new RangeError('Expected at least two different points');
  const [cos, sin] = [along / spread, across / spread];
  return [cos, -sin, toX - cos * fromX + sin * fromY, sin, cos, toY - sin * fromX - cos * fromY];
}
