import { enlargePlane, smooth } from '../draft/plane.js';
import type { Rgb } from './colour.js';

/** A square picture in linear light, a plane for each of red, green and blue. Places on it are parts of its side, 0..1. */
export interface Canvas {
  readonly size: number;
  readonly planes: readonly [Float32Array, Float32Array, Float32Array];
}

/** A place on a canvas. */
export type CanvasPoint = readonly [x: number, y: number];

/** A canvas whose pixels a function of their place gives. */
export function paintCanvas(size: number, colourAt: (x: number, y: number) => Rgb): Canvas {
  const [red, green, blue] = [0, 1, 2].map(() => new Float32Array(size * size));
  if (!red || !green || !blue) throw new RangeError('Expected three planes');
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const pixel = row * size + column;
      const colour = colourAt((column + 0.5) / size, (row + 0.5) / size);
      red[pixel] = colour[0];
      green[pixel] = colour[1];
      blue[pixel] = colour[2];
    }
  }
  return { size, planes: [red, green, blue] };
}

/** The same for what is soft anyhow: painted at half the size, in a quarter of the time. `size` is even. */
export function paintSoft(size: number, colourAt: (x: number, y: number) => Rgb): Canvas {
  const { planes } = paintCanvas(size / 2, colourAt);
  const grow = (data: Float32Array): Float32Array =>
    enlargePlane({ width: size / 2, height: size / 2, data }, size, size).data;
  return { size, planes: [grow(planes[0]), grow(planes[1]), grow(planes[2])] };
}

/** A canvas out of focus; `sigma` is a part of its side. */
export function blurred({ size, planes }: Canvas, sigma: number): Canvas {
  const blur = (data: Float32Array): Float32Array => smooth({ width: size, height: size, data }, sigma * size).data;
  return { size, planes: [blur(planes[0]), blur(planes[1]), blur(planes[2])] };
}

/** How a shape is laid on a canvas. */
export interface Ink {
  readonly colour: Rgb;
  /** How much of it is laid on, 0..1; 1 where left out. */
  readonly cover?: number;
  /** Light is added to what is there; else it is covered. */
  readonly glows?: boolean;
}

/** Lays an ink on a pixel as far as it is covered, 0..1. */
function penOf({ planes: [reds, greens, blues] }: Canvas, ink: Ink): (pixel: number, part: number) => void {
  const { colour, cover = 1, glows = false } = ink;
  const [red, green, blue] = colour;
  return (pixel, part) => {
    const laid = cover * part;
    const kept = glows ? 1 : 1 - laid;
    reds[pixel] = (reds[pixel] ?? 0) * kept + red * laid;
    greens[pixel] = (greens[pixel] ?? 0) * kept + green * laid;
    blues[pixel] = (blues[pixel] ?? 0) * kept + blue * laid;
  };
}

/** A disc: `soft` is the part of its radius over which it fades out. */
export function drawDisc(
  canvas: Canvas,
  { at: [x, y], radius, soft }: { readonly at: CanvasPoint; readonly radius: number; readonly soft: number },
  ink: Ink,
): void {
  const { size } = canvas;
  const pen = penOf(canvas, ink);
  const [cx, cy, r] = [x * size - 0.5, y * size - 0.5, radius * size];
  const edge = Math.max(0.5, soft * r);
  const reach = r + 0.5;
  for (let row = Math.max(0, Math.ceil(cy - reach)); row <= Math.min(size - 1, cy + reach); row++) {
    for (let column = Math.max(0, Math.ceil(cx - reach)); column <= Math.min(size - 1, cx + reach); column++) {
      const far = Math.sqrt((column - cx) ** 2 + (row - cy) ** 2);
      if (far < reach) pen(row * size + column, Math.min(1, (reach - far) / edge));
    }
  }
}

/** Lines in a row of pixels that the cover of a polygon is measured on. */
const LINES = 4;

/** A polygon, its edges smooth; where it overlaps itself it is filled. */
export function fillPolygon(canvas: Canvas, corners: readonly CanvasPoint[], ink: Ink): void {
  const { size } = canvas;
  const xs = Float64Array.from(corners, ([x]) => x * size);
  const ys = Float64Array.from(corners, ([, y]) => y * size);
  const [left, right] = [Math.max(0, Math.floor(Math.min(...xs))), Math.min(size - 1, Math.ceil(Math.max(...xs)))];
  const [top, bottom] = [Math.max(0, Math.floor(Math.min(...ys))), Math.min(size - 1, Math.ceil(Math.max(...ys)))];
  if (right < left) return;
  const pen = penOf(canvas, ink);
  const covers = new Float32Array(size);
  for (let row = top; row <= bottom; row++) {
    covers.fill(0, left, right + 1);
    for (let line = 0; line < LINES; line++) coverLine(covers, { xs, ys }, row + (line + 0.5) / LINES);
    for (let column = left; column <= right; column++) {
      const part = covers[column] ?? 0;
      if (part > 0) pen(row * size + column, Math.min(1, part));
    }
  }
}

interface Corners {
  readonly xs: Float64Array;
  readonly ys: Float64Array;
}

/** Adds to each pixel how much of a line through it lies in the polygon, its share of the row. */
function coverLine(covers: Float32Array, corners: Corners, y: number): void {
  const crossings = crossingsAt(corners, y);
  let winding = 0;
  for (let index = 0; index + 1 < crossings.length; index++) {
    const [x = 0, turn = 0] = crossings[index] ?? [];
    const [end = x] = crossings[index + 1] ?? [];
    winding += turn;
    if (winding === 0) continue;
    const [first, last] = [Math.max(0, Math.floor(x)), Math.min(covers.length - 1, Math.floor(end))];
    for (let column = first; column <= last; column++) {
      const part = Math.min(column + 1, end) - Math.max(column, x);
      if (part > 0) covers[column] = (covers[column] ?? 0) + part / LINES;
    }
  }
}

/** Where the sides of a polygon cross a line, from left to right, and whether they go down (1) or up (-1). */
function crossingsAt({ xs, ys }: Corners, y: number): readonly (readonly [x: number, turn: number])[] {
  const crossings: [x: number, turn: number][] = [];
  for (let from = xs.length - 1, to = 0; to < xs.length; from = to++) {
    const [y0, y1] = [ys[from] ?? 0, ys[to] ?? 0];
    if (y0 <= y === y1 <= y) continue;
    const [x0, x1] = [xs[from] ?? 0, xs[to] ?? 0];
    crossings.push([x0 + ((x1 - x0) * (y - y0)) / (y1 - y0), y0 < y1 ? 1 : -1]);
  }
  return crossings.sort(([one], [other]) => one - other);
}

/** A straight stroke, as wide at its ends as they say. */
export function drawStroke(
  canvas: Canvas,
  { from, to, widths }: { readonly from: CanvasPoint; readonly to: CanvasPoint; readonly widths: CanvasPoint },
  ink: Ink,
): void {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.max(1e-6, Math.hypot(dx, dy));
  const [nx, ny] = [-dy / length / 2, dx / length / 2];
  fillPolygon(
    canvas,
    [
      [from[0] + nx * widths[0], from[1] + ny * widths[0]],
      [to[0] + nx * widths[1], to[1] + ny * widths[1]],
      [to[0] - nx * widths[1], to[1] - ny * widths[1]],
      [from[0] - nx * widths[0], from[1] - ny * widths[0]],
    ],
    ink,
  );
}
