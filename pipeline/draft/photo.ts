import { LikenessError } from '../errors.js';
import type { Face } from '../face/face.js';
import { applyAffine, scaleOf, type Affine, type Box } from '../face/geometry.js';
import { warp } from '../face/warp.js';
import type { Graphs } from '../graphs.js';
import type { RgbImage } from '../image.js';
import { readMovements, type AppearanceModel, type Movements } from './appearance.js';
import { readFaceMesh } from './face-mesh.js';
import { anglesOf, poseOf, undoPose, type HeadAngles, type HeadPose } from './head.js';
import { foregroundOf, readMatte } from './matte.js';
import type { Plane } from './plane.js';

/** The square that photos are worked in: its side, the length of a unit of the head, where the middle of the eyes lies; pixels. */
const PLATE = { size: 768, unit: 180, eyes: { x: 384, y: 322 } } as const;

/** A photo as the draft takes it: upright, at one size, the person cut out, the head measured. */
export interface DraftPhoto {
  /** The person's colours, square. */
  readonly plate: RgbImage;
  /** Pixels of the plate that a unit of the head takes. */
  readonly unit: number;
  /** Where the person is; 0 beyond the photo. */
  readonly matte: Plane;
  /** The part of the plate that the photo fills; it may be larger than the plate. */
  readonly filled: Box;
  /** The face mesh in pixels of the plate. */
  readonly mesh: Float64Array;
  readonly pose: HeadPose;
  readonly angles: HeadAngles;
  /** The mesh without its pose. */
  readonly canonical: Float64Array;
  readonly movements: Movements;
  /** The chance that the mesh read a face. */
  readonly presence: number;
  /** Pixels of the plate made of one pixel of the photo: above 1 the photo is smaller than it is used. */
  readonly enlarged: number;
}

/** Networks and model that photos are read with. */
export interface PhotoReader {
  readonly graphs: Pick<Graphs, 'run'>;
  readonly model: AppearanceModel;
}

/** A mesh that is this unsure of a face read none. */
const MIN_PRESENCE = 0.9;
/** Of a face no more than this part of its points may lie beyond the photo. */
const MOST_CUT_OFF = 0.08;

/**
 * Reads a photo for drafts of the face in it.
 * @throws LikenessError `no-face` where the mesh finds none, `face-cut-off` where the photo ends within the face.
 */
export async function readDraftPhoto(
  image: RgbImage,
  face: Pick<Face, 'points'>,
  { graphs, model }: PhotoReader,
): Promise<DraftPhoto> {
  const found = await readFaceMesh(graphs, image, face);
  if (found.presence < MIN_PRESENCE) throw new LikenessError('no-face');
  if (shareOutside(found.points, image) > MOST_CUT_OFF) throw new LikenessError('face-cut-off');
  const map = plateMap(poseOf(found.points, model.reference));
  const mesh = moveMesh(found.points, map);
  const size = { width: PLATE.size, height: PLATE.size };
  const seen = warp(image, { map, size });
  const filled = filledBox(image, map);
  const matte = await readMatte(graphs, seen);
  const inside = { ...matte, data: matte.data.map((value, pixel) => (isFilled(image, map, pixel) ? value : 0)) };
  const photo = draftPhotoOf(foregroundOf(seen, inside), { matte: inside, mesh, model });
  return { ...photo, unit: PLATE.unit, filled, presence: found.presence, enlarged: scaleOf(map) };
}

/** A photo that is upright and cut out already: `matte` is where the person is, `mesh` the face in pixels of it. */
export function draftPhotoOf(
  plate: RgbImage,
  { matte, mesh, model }: { readonly matte: Plane; readonly mesh: Float64Array; readonly model: AppearanceModel },
): DraftPhoto {
  const pose = poseOf(mesh, model.reference);
  const canonical = undoPose(pose, mesh);
  return {
    plate,
    unit: pose.scale,
    matte,
    filled: { x: 0, y: 0, width: plate.width, height: plate.height },
    mesh,
    pose,
    angles: anglesOf(pose),
    canonical,
    movements: readMovements(model, canonical),
    presence: 1,
    enlarged: 1,
  };
}

function shareOutside(points: Float64Array, { width, height }: RgbImage): number {
  let outside = 0;
  for (let at = 0; at < points.length; at += 3) {
    const [x, y] = [points[at] ?? 0, points[at + 1] ?? 0];
    if (x < -0.5 || y < -0.5 || x > width - 0.5 || y > height - 0.5) outside += 1;
  }
  return outside / (points.length / 3);
}

/** The similarity that shows a head upright, at its scale and place in the plate. */
function plateMap({ scale, rotation, shift }: HeadPose): Affine {
  const factor = PLATE.unit / scale;
  const roll = Math.atan2(-rotation[1], rotation[4]);
  const [cos, sin] = [factor * Math.cos(roll), factor * Math.sin(roll)];
  const [x, y] = shift;
  return [cos, sin, PLATE.eyes.x - cos * x - sin * y, -sin, cos, PLATE.eyes.y + sin * x - cos * y];
}

function moveMesh(points: Float64Array, map: Affine): Float64Array {
  const moved = new Float64Array(points.length);
  const scale = scaleOf(map);
  for (let at = 0; at < points.length; at += 3) {
    const [x, y] = applyAffine(map, [points[at] ?? 0, points[at + 1] ?? 0]);
    moved.set([x, y, (points[at + 2] ?? 0) * scale], at);
  }
  return moved;
}

/** The largest upright box around the eyes that lies within the photo, in pixels of the plate. */
function filledBox(image: RgbImage, map: Affine): Box {
  const edge = (step: readonly [number, number]): number => {
    let distance = 0;
    while (
      distance < PLATE.size * 2 &&
      isInside(image, map, [PLATE.eyes.x + step[0] * distance, PLATE.eyes.y + step[1] * distance])
    )
      distance += 1;
    return distance;
  };
  const [left, right, up, down] = [edge([-1, 0]), edge([1, 0]), edge([0, -1]), edge([0, 1])];
  return { x: PLATE.eyes.x - left, y: PLATE.eyes.y - up, width: left + right, height: up + down };
}

function isFilled(image: RgbImage, map: Affine, pixel: number): boolean {
  return isInside(image, map, [pixel % PLATE.size, Math.floor(pixel / PLATE.size)]);
}

function isInside({ width, height }: RgbImage, [a, b, c, d, e, f]: Affine, [x, y]: readonly [number, number]): boolean {
  const determinant = a * e - b * d;
  const u = (e * (x - c) - b * (y - f)) / determinant;
  const v = (a * (y - f) - d * (x - c)) / determinant;
  return u >= -0.5 && v >= -0.5 && u <= width - 0.5 && v <= height - 0.5;
}

/** The photo as a mirror shows it: another view of the same head. */
export function mirrorPhoto(photo: DraftPhoto, model: AppearanceModel): DraftPhoto {
  const side = photo.plate.width;
  const data = new Uint8Array(photo.plate.data.length);
  const matte = new Float32Array(photo.matte.data.length);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [from, to] = [y * side + x, y * side + side - 1 - x];
      data.set(photo.plate.data.subarray(from * 3, from * 3 + 3), to * 3);
      matte[to] = photo.matte.data[from] ?? 0;
    }
  }
  const mesh = mirrorMesh(photo.mesh, model.mirror, side - 1);
  const pose = poseOf(mesh, model.reference);
  const canonical = undoPose(pose, mesh);
  const { x, y, width, height } = photo.filled;
  return {
    ...photo,
    plate: { ...photo.plate, data },
    matte: { ...photo.matte, data: matte },
    filled: { x: side - 1 - x - width, y, width, height },
    mesh,
    pose,
    angles: anglesOf(pose),
    canonical,
  };
}

function mirrorMesh(mesh: Float64Array, order: Int32Array, edge: number): Float64Array {
  const mirrored = new Float64Array(mesh.length);
  order.forEach((other, point) => {
    mirrored.set([edge - (mesh[other * 3] ?? 0), mesh[other * 3 + 1] ?? 0, mesh[other * 3 + 2] ?? 0], point * 3);
  });
  return mirrored;
}
