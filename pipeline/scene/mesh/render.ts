import type { HeadPose } from '../../draft/head.js';
import type { Box } from '../../face/geometry.js';
import type { Rgb } from '../colour.js';
import { shade } from './shade.js';
import { unit, type Material, type Piece, type Vector } from './shapes.js';

/** Samples across and down in a pixel. */
const FINE = 2;

/** Things drawn, in a part of the picture: colours in linear light, weighted by the cover, and the cover, 0..1. */
export interface Layer {
  readonly box: Box;
  readonly planes: readonly [Float32Array, Float32Array, Float32Array];
  readonly cover: Float32Array;
}

/** What hides things: surfaces at places in the picture, and where the face is. */
export interface Scene {
  readonly size: number;
  readonly pose: HeadPose;
  /** Surfaces that things can be behind of; they are not drawn. */
  readonly hiding: readonly Piece[];
  /** How surely the face is at each pixel, 0..1. */
  readonly face: Float32Array;
}

interface Buffer {
  /** The part of the picture that is drawn, in pixels. */
  readonly box: Box;
  /** Samples in a row, and rows. */
  readonly width: number;
  readonly height: number;
  readonly depth: Float32Array;
  readonly red: Float32Array;
  readonly green: Float32Array;
  readonly blue: Float32Array;
  readonly cover: Float32Array;
}

/** Draws pieces in the frame of a head that is turned. What is not wholly opaque comes last, over what is behind it. */
export function renderPieces(pieces: readonly Piece[], scene: Scene): Layer {
  const box = boxOf(pieces, scene);
  const [width, height] = [box.width * FINE, box.height * FINE];
  const plane = (): Float32Array => new Float32Array(width * height);
  const depth = plane().fill(Infinity);
  const buffer: Buffer = { box, width, height, depth, red: plane(), green: plane(), blue: plane(), cover: plane() };
  for (const piece of scene.hiding) drawPiece(buffer, piece, { scene, hides: true });
  const isClear = ({ material }: Piece): boolean => material.cover !== undefined;
  for (const piece of pieces.filter((each) => !isClear(each))) drawPiece(buffer, piece, { scene, hides: false });
  for (const piece of pieces.filter(isClear)) drawPiece(buffer, piece, { scene, hides: false });
  return shrunk(buffer);
}

/** The part of the picture that pieces lie in; of no size where they lie beyond it. */
function boxOf(pieces: readonly Piece[], { size, pose: { scale, rotation: r, shift } }: Scene): Box {
  let [left, top, right, bottom] = [size, size, 0, 0];
  for (const { places } of pieces) {
    for (let at = 0; at < places.length; at += 3) {
      const [x, y, z] = [places[at] ?? 0, places[at + 1] ?? 0, places[at + 2] ?? 0];
      const [column, row] = [
        scale * (r[0] * x + r[1] * y + r[2] * z) + shift[0],
        scale * (r[3] * x + r[4] * y + r[5] * z) + shift[1],
      ];
      [left, top] = [Math.min(left, column), Math.min(top, row)];
      [right, bottom] = [Math.max(right, column), Math.max(bottom, row)];
    }
  }
  const [x, y] = [Math.max(0, Math.floor(left) - 1), Math.max(0, Math.floor(top) - 1)];
  return {
    x,
    y,
    width: Math.max(0, Math.min(size, Math.ceil(right) + 2) - x),
    height: Math.max(0, Math.min(size, Math.ceil(bottom) + 2) - y),
  };
}

interface Way {
  readonly scene: Scene;
  readonly hides: boolean;
}

function drawPiece(buffer: Buffer, piece: Piece, way: Way): void {
  const { triangles } = piece;
  const drawn = { piece, way, ...seenOf(piece, way, buffer.box) };
  for (let at = 0; at < triangles.length; at += 3)
    drawTriangle(buffer, drawn, [triangles[at] ?? 0, triangles[at + 1] ?? 0, triangles[at + 2] ?? 0]);
}

/** Vertices as the camera sees them. */
interface Seen {
  /** x, y in samples and z. */
  readonly places: Float64Array;
  /** How much light each sends back, as a part of its colour, and how much it mirrors. */
  readonly light: Float64Array;
  readonly shine: Float64Array;
  /** Red, green, blue; none where colours are found sample by sample. */
  readonly colours: Float64Array | undefined;
}

function seenOf({ places, normals, uv, material }: Piece, { scene, hides }: Way, box: Box): Seen {
  const { scale, rotation: r, shift } = scene.pose;
  const count = places.length / 3;
  const moved = new Float64Array(places.length);
  const [light, shine] = [new Float64Array(count), new Float64Array(count)];
  const colours = material.crisp === true || hides ? undefined : new Float64Array(places.length);
  for (let vertex = 0; vertex < count; vertex++) {
    const at = vertex * 3;
    const [x, y, z] = [places[at] ?? 0, places[at + 1] ?? 0, places[at + 2] ?? 0];
    moved[at] = (scale * (r[0] * x + r[1] * y + r[2] * z) + shift[0] - box.x + 0.5) * FINE - 0.5;
    moved[at + 1] = (scale * (r[3] * x + r[4] * y + r[5] * z) + shift[1] - box.y + 0.5) * FINE - 0.5;
    moved[at + 2] = scale * (r[6] * x + r[7] * y + r[8] * z) + shift[2];
    if (hides) continue;
    const [nx, ny, nz] = [normals[at] ?? 0, normals[at + 1] ?? 0, normals[at + 2] ?? 0];
    const facing: Vector = [
      r[0] * nx + r[1] * ny + r[2] * nz,
      r[3] * nx + r[4] * ny + r[5] * nz,
      r[6] * nx + r[7] * ny + r[8] * nz,
    ];
    [light[vertex], shine[vertex]] = shade(material, unit(facing));
    if (colours) colours.set(colourAt(material, uv[vertex * 2] ?? 0, uv[vertex * 2 + 1] ?? 0), at);
  }
  return { places: moved, light, shine, colours };
}

function colourAt({ colour }: Material, u: number, v: number): Rgb {
  return typeof colour === 'function' ? colour(u, v) : colour;
}

interface Drawn extends Seen {
  readonly piece: Piece;
  readonly way: Way;
}

function drawTriangle(buffer: Buffer, drawn: Drawn, [a, b, c]: readonly [number, number, number]): void {
  const { places } = drawn;
  const [ax, ay, az] = [numberAt(places, a * 3), numberAt(places, a * 3 + 1), numberAt(places, a * 3 + 2)];
  const [bx, by, bz] = [numberAt(places, b * 3), numberAt(places, b * 3 + 1), numberAt(places, b * 3 + 2)];
  const [cx, cy, cz] = [numberAt(places, c * 3), numberAt(places, c * 3 + 1), numberAt(places, c * 3 + 2)];
  const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  if (Math.abs(area) < 1e-9) return;
  const { width, height } = buffer;
  const [left, right] = [Math.max(0, Math.ceil(Math.min(ax, bx, cx))), Math.min(width - 1, Math.max(ax, bx, cx))];
  const [top, bottom] = [Math.max(0, Math.ceil(Math.min(ay, by, cy))), Math.min(height - 1, Math.max(ay, by, cy))];
  const { depth } = buffer;
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const wa = ((bx - x) * (cy - y) - (by - y) * (cx - x)) / area;
      const wb = ((cx - x) * (ay - y) - (cy - y) * (ax - x)) / area;
      const wc = 1 - wa - wb;
      if (Math.min(wa, wb, wc) < -1e-9) continue;
      const z = wa * az + wb * bz + wc * cz;
      const sample = y * width + x;
      if (z >= (depth[sample] ?? 0)) continue;
      if (drawn.way.hides) depth[sample] = z;
      else drawSample(buffer, drawn, { sample, z, a, b, c, wa, wb, wc });
    }
  }
}

function numberAt(values: Float64Array, at: number): number {
  return values[at] ?? 0;
}

/** Where in which triangle a sample lies: its corners and their weights. */
interface Sample {
  readonly sample: number;
  readonly z: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly wa: number;
  readonly wb: number;
  readonly wc: number;
}

/** A value between the corners of a triangle: of every `stride` numbers the one at `axis`. */
function blend(
  values: Float64Array,
  { a, b, c, wa, wb, wc }: Sample,
  [stride, axis]: readonly [number, number],
): number {
  return (
    wa * (values[a * stride + axis] ?? 0) +
    wb * (values[b * stride + axis] ?? 0) +
    wc * (values[c * stride + axis] ?? 0)
  );
}

const [SINGLE, U, V, RED, GREEN, BLUE] = [
  [1, 0],
  [2, 0],
  [2, 1],
  [3, 0],
  [3, 1],
  [3, 2],
] as const;

function drawSample(buffer: Buffer, { piece, way, light, shine, colours }: Drawn, at: Sample): void {
  const { material, uv } = piece;
  const { sample, z } = at;
  const cover = coverOf(piece, at) * (material.onFace === true ? faceAt(way.scene, buffer, sample) : 1);
  if (cover <= 0) return;
  const [lit, shining] = [blend(light, at, SINGLE) * cover, blend(shine, at, SINGLE) * cover];
  const [r, g, b] = colours
    ? [blend(colours, at, RED), blend(colours, at, GREEN), blend(colours, at, BLUE)]
    : colourAt(material, blend(uv, at, U), blend(uv, at, V));
  const { red, green, blue, cover: covers, depth } = buffer;
  const kept = 1 - cover;
  red[sample] = (red[sample] ?? 0) * kept + r * lit + shining;
  green[sample] = (green[sample] ?? 0) * kept + g * lit + shining;
  blue[sample] = (blue[sample] ?? 0) * kept + b * lit + shining;
  covers[sample] = (covers[sample] ?? 0) * kept + cover;
  if (cover > 0.99) depth[sample] = z;
}

function coverOf({ material: { cover = 1 }, uv }: Piece, at: Sample): number {
  return typeof cover === 'function' ? cover(blend(uv, at, U), blend(uv, at, V)) : cover;
}

function faceAt({ face, size }: Scene, { box, width }: Buffer, sample: number): number {
  const [x, y] = [Math.floor((sample % width) / FINE), Math.floor(sample / width / FINE)];
  return face[(box.y + y) * size + box.x + x] ?? 0;
}

/** The mean of the samples of each pixel. */
function shrunk({ box, width, red, green, blue, cover }: Buffer): Layer {
  const mean = (fine: Float32Array): Float32Array => {
    const coarse = new Float32Array(box.width * box.height);
    for (let y = 0; y < box.height; y++) {
      for (let x = 0; x < box.width; x++) {
        const at = y * FINE * width + x * FINE;
        coarse[y * box.width + x] =
          ((fine[at] ?? 0) + (fine[at + 1] ?? 0) + (fine[at + width] ?? 0) + (fine[at + width + 1] ?? 0)) / 4;
      }
    }
    return coarse;
  };
  return { box, planes: [mean(red), mean(green), mean(blue)], cover: mean(cover) };
}
