import { applyAffine, levelling, scaleOf, type Affine, type Point } from '../face/geometry.js';

/**
 * The canonical head: the 468 points of the face mesh in a frame of their own, and the pose that puts them into a picture.
 * x to the right, y down, z away from the camera; the origin lies between the eyes, one unit is the distance between their
 * outer corners. A mesh is a Float64Array of x, y, z one after the other.
 */

/** Points of the face mesh. */
export const MESH_POINTS = 468;

/** A rotation as nine numbers, row by row. */
export type Rotation = readonly [number, number, number, number, number, number, number, number, number];

/** picture = scale * rotation * canonical + shift. */
export interface HeadPose {
  readonly scale: number;
  readonly rotation: Rotation;
  readonly shift: readonly [x: number, y: number, z: number];
}

/** Degrees: yaw above 0 to the right of the picture, pitch above 0 up, roll above 0 clockwise, as a viewer sees it. */
export interface HeadAngles {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
}

/** Points that hardly move with an expression: forehead, temples, nose, corners of the eyes, cheekbones. */
export const RIGID_POINTS: readonly number[] = [
  10, 338, 297, 332, 284, 251, 389, 356, 454, 234, 127, 162, 21, 54, 103, 67, 109, 168, 6, 197, 195, 5, 4, 1, 33, 133,
  263, 362, 151, 9, 8, 98, 327, 129, 358, 118, 347, 50, 280,
];

/** Canonical points to the picture's. */
export function applyPose({ scale, rotation: r, shift }: HeadPose, points: Float64Array): Float64Array {
  const moved = new Float64Array(points.length);
  for (let at = 0; at < points.length; at += 3) {
    const [x, y, z] = [points[at] ?? 0, points[at + 1] ?? 0, points[at + 2] ?? 0];
    moved[at] = scale * (r[0] * x + r[1] * y + r[2] * z) + shift[0];
    moved[at + 1] = scale * (r[3] * x + r[4] * y + r[5] * z) + shift[1];
    moved[at + 2] = scale * (r[6] * x + r[7] * y + r[8] * z) + shift[2];
  }
  return moved;
}

/** The picture's points to canonical ones: undoes `applyPose`. */
export function undoPose({ scale, rotation: r, shift }: HeadPose, points: Float64Array): Float64Array {
  const moved = new Float64Array(points.length);
  for (let at = 0; at < points.length; at += 3) {
    const x = ((points[at] ?? 0) - shift[0]) / scale;
    const y = ((points[at + 1] ?? 0) - shift[1]) / scale;
    const z = ((points[at + 2] ?? 0) - shift[2]) / scale;
    moved[at] = r[0] * x + r[3] * y + r[6] * z;
    moved[at + 1] = r[1] * x + r[4] * y + r[7] * z;
    moved[at + 2] = r[2] * x + r[5] * y + r[8] * z;
  }
  return moved;
}

/** The pose of a picture's mesh: the similarity in space nearest to it (Horn 1987, by quaternions), by the rigid points. */
export function poseOf(mesh: Float64Array, reference: Float64Array): HeadPose {
  const from = centred(reference);
  const to = centred(mesh);
  const moments = new Float64Array(9);
  let spread = 0;
  for (let at = 0; at < from.points.length; at += 3) {
    for (let row = 0; row < 3; row++) {
      const source = from.points[at + row] ?? 0;
      spread += source * source;
      for (let column = 0; column < 3; column++) {
        moments[row * 3 + column] = (moments[row * 3 + column] ?? 0) + source * (to.points[at + column] ?? 0);
      }
    }
  }
  const { rotation, agreement } = bestRotation(moments);
  const scale = agreement / spread;
  const [x, y, z] = from.mean;
  const r = rotation;
  return {
    scale,
    rotation,
    shift: [
      to.mean[0] - scale * (r[0] * x + r[1] * y + r[2] * z),
      to.mean[1] - scale * (r[3] * x + r[4] * y + r[5] * z),
      to.mean[2] - scale * (r[6] * x + r[7] * y + r[8] * z),
    ],
  };
}

interface Centred {
  readonly mean: readonly [number, number, number];
  readonly points: Float64Array;
}

function centred(mesh: Float64Array): Centred {
  const mean: [number, number, number] = [0, 0, 0];
  for (const point of RIGID_POINTS) {
    for (let axis = 0; axis < 3; axis++)
      mean[axis] = (mean[axis] ?? 0) + (mesh[point * 3 + axis] ?? 0) / RIGID_POINTS.length;
  }
  const points = new Float64Array(RIGID_POINTS.length * 3);
  RIGID_POINTS.forEach((point, index) => {
    for (let axis = 0; axis < 3; axis++) points[index * 3 + axis] = (mesh[point * 3 + axis] ?? 0) - (mean[axis] ?? 0);
  });
  return { mean, points };
}

/** The rotation that agrees best with the moments sum(from * to^T), and how well: sum(to . R from). */
function bestRotation(moments: Float64Array): { readonly rotation: Rotation; readonly agreement: number } {
  const [xx = 0, xy = 0, xz = 0, yx = 0, yy = 0, yz = 0, zx = 0, zy = 0, zz = 0] = moments;
  const matrix = Float64Array.from(
    [
      [xx + yy + zz, yz - zy, zx - xz, xy - yx],
      [yz - zy, xx - yy - zz, xy + yx, zx + xz],
      [zx - xz, xy + yx, yy - xx - zz, yz + zy],
      [xy - yx, zx + xz, yz + zy, zz - xx - yy],
    ].flat(),
  );
  const { value, vector } = largestEigenvector(matrix);
  return { rotation: rotationOfQuaternion(vector), agreement: value };
}

/** Rows and columns of the matrix of quaternions. */
const SIDE = 4;
const JACOBI_SWEEPS = 30;

/** The largest eigenvalue of a symmetric matrix and its vector, by Jacobi rotations; the matrix is used up. */
function largestEigenvector(matrix: Float64Array): { readonly value: number; readonly vector: readonly number[] } {
  const vectors = new Float64Array(SIDE * SIDE);
  for (let place = 0; place < SIDE; place++) vectors[place * SIDE + place] = 1;
  for (let sweep = 0; sweep < JACOBI_SWEEPS; sweep++) {
    for (let p = 0; p < SIDE - 1; p++) for (let q = p + 1; q < SIDE; q++) rotateAway(matrix, vectors, [p, q]);
  }
  const values = Array.from({ length: SIDE }, (_, place) => matrix[place * SIDE + place] ?? 0);
  const best = values.indexOf(Math.max(...values));
  const vector = Array.from({ length: SIDE }, (_, row) => vectors[row * SIDE + best] ?? 0);
  return { value: values[best] ?? 0, vector };
}

function rotateAway(matrix: Float64Array, vectors: Float64Array, [p, q]: readonly [number, number]): void {
  const off = matrix[p * SIDE + q] ?? 0;
  if (Math.abs(off) < 1e-300) return;
  const theta = ((matrix[q * SIDE + q] ?? 0) - (matrix[p * SIDE + p] ?? 0)) / (2 * off);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const turn = { c, s: t * c };
  for (let place = 0; place < SIDE; place++) {
    turnPair(matrix, [place * SIDE + p, place * SIDE + q], turn);
    turnPair(vectors, [place * SIDE + p, place * SIDE + q], turn);
  }
  for (let place = 0; place < SIDE; place++) turnPair(matrix, [p * SIDE + place, q * SIDE + place], turn);
}

function turnPair(
  values: Float64Array,
  [one, other]: readonly [number, number],
  { c, s }: { readonly c: number; readonly s: number },
): void {
  const [left, right] = [values[one] ?? 0, values[other] ?? 0];
  values[one] = c * left - s * right;
  values[other] = s * left + c * right;
}

function rotationOfQuaternion([w = 1, x = 0, y = 0, z = 0]: readonly number[]): Rotation {
  return [
    w * w + x * x - y * y - z * z,
    2 * (x * y - w * z),
    2 * (x * z + w * y),
    2 * (x * y + w * z),
    w * w - x * x + y * y - z * z,
    2 * (y * z - w * x),
    2 * (x * z - w * y),
    2 * (y * z + w * x),
    w * w - x * x - y * y + z * z,
  ];
}

/** How a head is turned: rotation = roll * pitch * yaw, yaw first. */
export function anglesOf({ rotation: r }: Pick<HeadPose, 'rotation'>): HeadAngles {
  const degrees = (radians: number): number => (radians * 180) / Math.PI;
  const pitch = Math.asin(Math.min(1, Math.max(-1, -r[7])));
  return {
    yaw: degrees(Math.atan2(r[6], r[8])),
    pitch: degrees(pitch),
    roll: degrees(Math.atan2(-r[1], r[4])),
  };
}

/** The rotation of a head turned by angles: `anglesOf` gives them back. */
export function rotationOf({ yaw, pitch, roll }: HeadAngles): Rotation {
  const radians = Math.PI / 180;
  const [sy, cy] = [Math.sin(yaw * radians), Math.cos(yaw * radians)];
  const [sp, cp] = [Math.sin(pitch * radians), Math.cos(pitch * radians)];
  const [sr, cr] = [Math.sin(roll * radians), Math.cos(roll * radians)];
  // Yaw about y so that the nose (z < 0) goes to +x; pitch about x so that it goes to -y; roll in the picture's plane.
  const yawed: Rotation = [cy, 0, -sy, 0, 1, 0, sy, 0, cy];
  const pitched: Rotation = [1, 0, 0, 0, cp, sp, 0, -sp, cp];
  const rolled: Rotation = [cr, -sr, 0, sr, cr, 0, 0, 0, 1];
  return multiply(rolled, multiply(pitched, yawed));
}

/** a * b: b first. */
export function multiply(a: Rotation, b: Rotation): Rotation {
  const cell = (row: number, column: number): number =>
    (a[row * 3] ?? 0) * (b[column] ?? 0) +
    (a[row * 3 + 1] ?? 0) * (b[3 + column] ?? 0) +
    (a[row * 3 + 2] ?? 0) * (b[6 + column] ?? 0);
  return [cell(0, 0), cell(0, 1), cell(0, 2), cell(1, 0), cell(1, 1), cell(1, 2), cell(2, 0), cell(2, 1), cell(2, 2)];
}

/** The map that shows a head upright, a point of it at a place, its unit `unit` pixels long. */
export function uprightMap(
  { scale, rotation }: Pick<HeadPose, 'scale' | 'rotation'>,
  { from, to, unit }: { readonly from: Point; readonly to: Point; readonly unit: number },
): Affine {
  return levelling({ from, to, scale: unit / scale, angle: Math.atan2(-rotation[1], rotation[4]) });
}

/** The rotation that undoes another. */
export function transpose(r: Rotation): Rotation {
  return [r[0], r[3], r[6], r[1], r[4], r[7], r[2], r[5], r[8]];
}

/** Points (x, y, z) where a map takes their picture; depth grows as lengths do. */
export function moveMesh(points: Float64Array | Float32Array, map: Affine): Float64Array {
  const moved = new Float64Array(points.length);
  const scale = scaleOf(map);
  for (let at = 0; at < points.length; at += 3) {
    const [x, y] = applyAffine(map, [points[at] ?? 0, points[at + 1] ?? 0]);
    moved[at] = x;
    moved[at + 1] = y;
    moved[at + 2] = (points[at + 2] ?? 0) * scale;
  }
  return moved;
}
