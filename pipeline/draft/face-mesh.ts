import type { Face } from '../face/face.js';
import { applyAffine, invertAffine, scaleOf, type Affine, type Point } from '../face/geometry.js';
import { warp } from '../face/warp.js';
import { outputOf, type Graphs } from '../graphs.js';
import type { RgbImage } from '../image.js';
import { floatsOf, imagesToTensor } from '../tensor.js';
import { MESH_POINTS } from './head.js';
import { EYE_CORNERS } from './regions.js';

/** The 468 points of a face: x, y in pixels of the picture, z in the same unit, away from the camera. */
export interface FaceMesh {
  readonly points: Float64Array;
  /** The chance that there is a face where it was looked for, 0..1. */
  readonly presence: number;
}

/** Side of the square that the mesh is read in, in pixels. */
const SIDE = 192;
/** The first look sees so many eye distances, or so many distances between eyes and mouth where that is more. */
const FIRST_LOOK = { eyes: 3.4, height: 2.6 } as const;
/** Each further look sees the box of the points before it, enlarged by this. */
const NEXT_LOOK = 1.5;
const LOOKS = 2;

interface Square {
  readonly centre: Point;
  readonly side: number;
  /** Radians by which the face leans clockwise. */
  readonly angle: number;
}

/**
 * Reads the mesh of a face: once around its five points, once more around the first mesh. Network: MediaPipe's face mesh
 * (Kartynnik et al., arXiv 1907.06724); graph `face_mesh`, image float32 [1, 3, 192, 192] in 0..1 to points [1, 468, 3] in
 * pixels of that square and the logit `presence` [1, 1].
 */
export async function readFaceMesh(
  graphs: Pick<Graphs, 'run'>,
  image: RgbImage,
  face: Pick<Face, 'points'>,
): Promise<FaceMesh> {
  let square = firstSquare(face.points);
  let mesh = await look(graphs, image, square);
  for (let pass = 1; pass < LOOKS; pass++) {
    square = squareOf(mesh.points);
    mesh = await look(graphs, image, square);
  }
  return mesh;
}

function firstSquare([
  left = [0, 0],
  right = [0, 0],
  nose = [0, 0],
  mouthLeft = [0, 0],
  mouthRight = [0, 0],
]: readonly Point[]): Square {
  const five = [left, right, nose, mouthLeft, mouthRight];
  const centre: Point = [five.reduce((sum, [x]) => sum + x / 5, 0), five.reduce((sum, [, y]) => sum + y / 5, 0)];
  const across = Math.hypot(right[0] - left[0], right[1] - left[1]);
  const along = Math.hypot(
    (mouthLeft[0] + mouthRight[0] - left[0] - right[0]) / 2,
    (mouthLeft[1] + mouthRight[1] - left[1] - right[1]) / 2,
  );
  const side = Math.max(FIRST_LOOK.eyes * across, FIRST_LOOK.height * along);
  return { centre, side, angle: Math.atan2(right[1] - left[1], right[0] - left[0]) };
}

function squareOf(points: Float64Array): Square {
  const [left, right] = EYE_CORNERS.map((point) => [points[point * 3] ?? 0, points[point * 3 + 1] ?? 0] as const);
  const angle = Math.atan2((right?.[1] ?? 0) - (left?.[1] ?? 0), (right?.[0] ?? 0) - (left?.[0] ?? 0));
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < points.length; at += 3) {
    const [x, y] = [points[at] ?? 0, points[at + 1] ?? 0];
    const [u, v] = [cos * x + sin * y, cos * y - sin * x];
    [minX, maxX, minY, maxY] = [Math.min(minX, u), Math.max(maxX, u), Math.min(minY, v), Math.max(maxY, v)];
  }
  const [u, v] = [(minX + maxX) / 2, (minY + maxY) / 2];
  return {
    centre: [cos * u - sin * v, sin * u + cos * v],
    side: Math.max(maxX - minX, maxY - minY) * NEXT_LOOK,
    angle,
  };
}

async function look(graphs: Pick<Graphs, 'run'>, image: RgbImage, square: Square): Promise<FaceMesh> {
  const map = squareMap(square);
  const view = warp(image, { map, size: { width: SIDE, height: SIDE } });
  const outputs = await graphs.run('face_mesh', { image: imagesToTensor([view], 1 / 255) });
  const read = floatsOf(outputOf(outputs, 'face_mesh', 'points'));
  const [logit = 0] = floatsOf(outputOf(outputs, 'face_mesh', 'presence'));
  const back = invertAffine(map);
  const depth = scaleOf(back);
  const points = new Float64Array(MESH_POINTS * 3);
  for (let at = 0; at < points.length; at += 3) {
    const [x, y] = applyAffine(back, [read[at] ?? 0, read[at + 1] ?? 0]);
    points.set([x, y, (read[at + 2] ?? 0) * depth], at);
  }
  return { points, presence: 1 / (1 + Math.exp(-logit)) };
}

/** The similarity that shows a square upright, its middle in the middle of the view. */
function squareMap({ centre: [x, y], side, angle }: Square): Affine {
  const scale = SIDE / side;
  const [cos, sin] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  const middle = (SIDE - 1) / 2;
  return [cos, sin, middle - cos * x - sin * y, -sin, cos, middle + sin * x - cos * y];
}
