import type { Draft } from '../draft/draw.js';
import { shrink, smooth, type Plane } from '../draft/plane.js';
import type { Person } from './person.js';

/** Which way a person's surface faces, at a quarter of the size: x, y of the normal; the rest of its length faces the camera. */
export interface Relief {
  readonly side: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** How near the outline is from inside, 0..1. */
  readonly edge: Float32Array;
}

/** Relief is found at this part of the size: it is smooth. */
const COARSE = 4;
/** A body is as round as its matte smoothed by so much of the picture's side; a rim is so wide. */
const ROUND = 1 / 11;
const RIM = 1 / 85;
/** How strongly the outline bends what it belongs to. */
const BEND = 3.1;

/** Shape from outline and face mesh: enough for light, which changes slowly. */
export function reliefOf(person: Person, draft: Pick<Draft, 'mesh' | 'size'>, triangles: Int32Array): Relief {
  const { size } = person;
  const matte = shrink({ width: size, height: size, data: person.matte }, COARSE);
  const body = slopes(smooth(matte, matte.width * ROUND), BEND * ROUND * matte.width);
  const face = faceNormals(draft.mesh, { side: matte.width, triangles });
  const weight = smooth(face.there, matte.width / 64);
  const blend = (own: Float32Array, mesh: Plane): Float32Array => {
    const sums = smooth(mesh, matte.width / 64);
    return own.map((value, pixel) => {
      const part = weight.data[pixel] ?? 0;
      return value * (1 - part) + (sums.data[pixel] ?? 0);
    });
  };
  const rim = smooth(matte, matte.width * RIM);
  const near = rim.data.map((value) => Math.min(1, Math.max(0, (0.99 - value) / 0.42)));
  return { side: matte.width, x: blend(body.x, face.x), y: blend(body.y, face.y), edge: near };
}

/** The direction down a height, at most of length 1. */
function slopes({ width, height, data }: Plane, factor: number): Pick<Relief, 'x' | 'y'> {
  const [x, y] = [new Float32Array(data.length), new Float32Array(data.length)];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = row * width + column;
      const [left, right] = [
        data[row * width + Math.max(0, column - 1)] ?? 0,
        data[row * width + Math.min(width - 1, column + 1)] ?? 0,
      ];
      const [above, below] = [
        data[Math.max(0, row - 1) * width + column] ?? 0,
        data[Math.min(height - 1, row + 1) * width + column] ?? 0,
      ];
      const [dx, dy] = [((left - right) * factor) / 2, ((above - below) * factor) / 2];
      const length = Math.max(1, Math.sqrt(dx * dx + dy * dy));
      x[at] = dx / length;
      y[at] = dy / length;
    }
  }
  return { x, y };
}

interface FaceNormals {
  readonly x: Plane;
  readonly y: Plane;
  readonly there: Plane;
}

/** The mesh's own normals, triangle by triangle; weighted by where the mesh is. */
function faceNormals(
  mesh: Float64Array,
  { side, triangles }: { readonly side: number; readonly triangles: Int32Array },
): FaceNormals {
  const plane = (): Plane => ({ width: side, height: side, data: new Float32Array(side * side) });
  const normals = { x: plane(), y: plane(), there: plane() };
  const corner = (index: number): Corner => {
    const at = (triangles[index] ?? 0) * 3;
    return [(mesh[at] ?? 0) / COARSE, (mesh[at + 1] ?? 0) / COARSE, (mesh[at + 2] ?? 0) / COARSE];
  };
  for (let index = 0; index < triangles.length; index += 3)
    fillTriangle(normals, [corner(index), corner(index + 1), corner(index + 2)]);
  return normals;
}

type Corner = readonly [x: number, y: number, z: number];

function fillTriangle({ x, y, there }: FaceNormals, [a, b, c]: readonly [Corner, Corner, Corner]): void {
  const side = x.width;
  const area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
  if (area <= 0) return;
  const nx = (b[1] - a[1]) * (c[2] - a[2]) - (b[2] - a[2]) * (c[1] - a[1]);
  const ny = (b[2] - a[2]) * (c[0] - a[0]) - (b[0] - a[0]) * (c[2] - a[2]);
  const length = -Math.sqrt(nx * nx + ny * ny + area * area);
  const range = (axis: 0 | 1): readonly [number, number] => [
    Math.max(0, Math.floor(Math.min(a[axis], b[axis], c[axis]))),
    Math.min(side - 1, Math.ceil(Math.max(a[axis], b[axis], c[axis]))),
  ];
  const [[left, right], [top, bottom]] = [range(0), range(1)];
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const wa = ((b[0] - column) * (c[1] - row) - (b[1] - row) * (c[0] - column)) / area;
      const wb = ((c[0] - column) * (a[1] - row) - (c[1] - row) * (a[0] - column)) / area;
      if (wa < -0.01 || wb < -0.01 || wa + wb > 1.01) continue;
      const at = row * side + column;
      x.data[at] = nx / length;
      y.data[at] = ny / length;
      there.data[at] = 1;
    }
  }
}
