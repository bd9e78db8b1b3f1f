import type { Face } from '../face/face.js';
import { boxAround, centreOf, invertAffine, levelling, type Point } from '../face/geometry.js';
import { warp } from '../face/warp.js';
import { outputOf, type Graphs } from '../graphs.js';
import type { RgbImage } from '../image.js';
import { floatsOf, imagesToTensor } from '../tensor.js';
import { moveMesh } from './head.js';
import { EYE_CORNERS } from './regions.js';

/** The 468 points of a face: x, y in pixels of the picture, z in the same unit, away from the camera. */
export interface FaceMesh {
  readonly points: Float64Array;
  /** The chance that there is a face where it was looked for, 0..1. */
  readonly presence: number;
  /** The same as the network gives it, a logit: of faces about 15 to 35, also where the chance can no longer be told from 1. */
  readonly logit: number;
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
  const centre = centreOf([left, right, nose, mouthLeft, mouthRight]);
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
  const turned = Array.from({ length: points.length / 3 }, (_, point): Point => {
    const [x, y] = [points[point * 3] ?? 0, points[point * 3 + 1] ?? 0];
    return [cos * x + sin * y, cos * y - sin * x];
  });
  const { x, y, width, height } = boxAround(turned);
  const [u, v] = [x + width / 2, y + height / 2];
  return { centre: [cos * u - sin * v, sin * u + cos * v], side: Math.max(width, height) * NEXT_LOOK, angle };
}

async function look(graphs: Pick<Graphs, 'run'>, image: RgbImage, square: Square): Promise<FaceMesh> {
  const middle = (SIDE - 1) / 2;
  const { centre, side, angle } = square;
  const map = levelling({ from: centre, to: [middle, middle], scale: SIDE / side, angle });
  const view = warp(image, { map, size: { width: SIDE, height: SIDE } });
  const outputs = await graphs.run('face_mesh', { image: imagesToTensor([view], 1 / 255) });
  const read = floatsOf(outputOf(outputs, 'face_mesh', 'points'));
  const [logit = 0] = floatsOf(outputOf(outputs, 'face_mesh', 'presence'));
  return { points: moveMesh(read, invertAffine(map)), presence: 1 / (1 + Math.exp(-logit)), logit };
}
