import { LikenessError } from '../errors.js';
import type { Face } from '../face/face.js';
import { invertAffine, scaleOf, type Affine, type Box, type Point } from '../face/geometry.js';
import { warp } from '../face/warp.js';
import type { Graphs } from '../graphs.js';
import type { RgbImage } from '../image.js';
import { readMovements, type AppearanceModel, type Movements } from './appearance.js';
import { correctExposure } from './exposure.js';
import { readFaceMesh } from './face-mesh.js';
import { wearsGlasses } from './glasses.js';
import { anglesOf, moveMesh, poseOf, undoPose, uprightMap, type HeadAngles, type HeadPose } from './head.js';
import { readMatte } from './matte.js';
import { cutPerson } from './matting.js';
import { mirrorImage, mirrorPlane } from './mirror.js';
import type { Plane } from './plane.js';
import { mirrorSurroundings, readSurroundings, type Surroundings } from './surroundings.js';

/** The square that photos are worked in: its side, the length of a unit of the head, where the middle of the eyes lies; pixels. */
const PLATE = { size: 768, unit: 180, eyes: { x: 384, y: 322 } } as const;

/** A photo as the draft takes it: upright, at one size, the person cut out, the head measured. */
export interface DraftPhoto {
  /** The person's colours, square. */
  readonly plate: RgbImage;
  /** Where the person is; 0 beyond the photo. */
  readonly matte: Plane;
  /** The part of the plate that the photo fills; it may be larger than the plate. */
  readonly filled: Box;
  /** The face mesh in pixels of the plate. */
  readonly mesh: Float64Array;
  readonly pose: HeadPose;
  readonly angles: HeadAngles;
  readonly movements: Movements;
  /** Pixels of the plate made of one pixel of the photo: above 1 the photo is smaller than it is used. */
  readonly enlarged: number;
  /** Whether the person wears glasses. */
  readonly glasses: boolean;
  /** What is around the person. */
  readonly surroundings?: Surroundings | undefined;
}

/** Networks and model that photos are read with. */
export interface PhotoReader {
  readonly graphs: Pick<Graphs, 'run'>;
  readonly model: AppearanceModel;
}

/** How far shoulders reach from the middle of the head, in units. */
const SHOULDERS = 1.5;
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
  const lit = correctExposure(image, found.points);
  const seen = warp(lit, { map, size });
  const isInside = insideOf(image, map);
  const filled = filledBox(isInside);
  const { matte, colours } = cutPerson(seen, await readMatte(graphs, lit, { map, side: PLATE.size }));
  const shown = shownOf(isInside);
  const inside = { ...matte, data: matte.data.map((value, pixel) => value * (shown.data[pixel] ?? 0)) };
  const photo = draftPhotoOf(colours, { matte: inside, mesh, model });
  const glasses = wearsGlasses(image, found.points);
  return { ...photo, filled, enlarged: scaleOf(map), glasses, surroundings: readSurroundings(seen, matte, shown) };
}

/** A photo that is upright and cut out already: `matte` is where the person is, `mesh` the face in pixels of it. */
export function draftPhotoOf(
  plate: RgbImage,
  { matte, mesh, model }: { readonly matte: Plane; readonly mesh: Float64Array; readonly model: AppearanceModel },
): DraftPhoto {
  const filled = { x: 0, y: 0, width: plate.width, height: plate.height };
  return { plate, matte, filled, mesh, ...measure(mesh, model), enlarged: 1, glasses: false };
}

function measure(mesh: Float64Array, model: AppearanceModel): Pick<DraftPhoto, 'pose' | 'angles' | 'movements'> {
  const pose = poseOf(mesh, model.reference);
  return { pose, angles: anglesOf(pose), movements: readMovements(model, undoPose(pose, mesh)) };
}

function shareOutside(points: Float64Array, { width, height }: RgbImage): number {
  let outside = 0;
  for (let at = 0; at < points.length; at += 3) {
    const [x, y] = [points[at] ?? 0, points[at + 1] ?? 0];
    if (x < -0.5 || y < -0.5 || x > width - 0.5 || y > height - 0.5) outside += 1;
  }
  return outside / (points.length / 3);
}

/** The map that shows a head upright, at its scale and place in the plate. */
function plateMap(pose: HeadPose): Affine {
  const [u, v] = pose.shift;
  return uprightMap(pose, { from: [u, v], to: [PLATE.eyes.x, PLATE.eyes.y], unit: PLATE.unit });
}

type IsInside = (place: Point) => boolean;

/** Whether the photo shows a place of the plate. */
function insideOf({ width, height }: RgbImage, map: Affine): IsInside {
  const [a, b, c, d, e, f] = invertAffine(map);
  return ([x, y]) => {
    const [u, v] = [a * x + b * y + c, d * x + e * y + f];
    return u >= -0.5 && v >= -0.5 && u <= width - 0.5 && v <= height - 0.5;
  };
}

/** 1 where the plate shows the photo, else 0. */
function shownOf(isInside: IsInside): Plane {
  const { size } = PLATE;
  const data = new Float32Array(size * size);
  for (let pixel = 0; pixel < data.length; pixel++) {
    if (isInside([pixel % size, Math.floor(pixel / size)])) data[pixel] = 1;
  }
  return { width: size, height: size, data };
}

/**
 * An upright box around the eyes that lies within the photo, in pixels of the plate. In a photo whose head is tilted the
 * borders run askew: the box ends where the hair or the shoulders are cut off first.
 */
function filledBox(isInside: IsInside): Box {
  const reach = ({ x, y }: { readonly x: number; readonly y: number }, [dx, dy]: Point): number => {
    let distance = 0;
    while (distance < PLATE.size * 2 && isInside([x + dx * distance, y + dy * distance])) distance += 1;
    return distance;
  };
  const [left, right] = [reach(PLATE.eyes, [-1, 0]), reach(PLATE.eyes, [1, 0])];
  const shoulders = SHOULDERS * PLATE.unit;
  const columns = [0, -Math.min(shoulders, 0.8 * left), Math.min(shoulders, 0.8 * right)];
  const vertical = (dy: 1 | -1): number =>
    Math.min(...columns.map((dx) => reach({ x: PLATE.eyes.x + dx, y: PLATE.eyes.y }, [0, dy])));
  const [up, down] = [vertical(-1), vertical(1)];
  return { x: PLATE.eyes.x - left, y: PLATE.eyes.y - up, width: left + right, height: up + down };
}

/** The photo as a mirror shows it: another view of the same head. */
export function mirrorPhoto(photo: DraftPhoto, model: AppearanceModel): DraftPhoto {
  const side = photo.plate.width;
  const mesh = mirrorMesh(photo.mesh, model.mirror, side - 1);
  const { x, y, width, height } = photo.filled;
  return {
    ...photo,
    plate: mirrorImage(photo.plate),
    matte: mirrorPlane(photo.matte),
    filled: { x: side - 1 - x - width, y, width, height },
    mesh,
    ...measure(mesh, model),
    movements: photo.movements,
    surroundings: photo.surroundings && mirrorSurroundings(photo.surroundings),
  };
}

function mirrorMesh(mesh: Float64Array, order: Int32Array, edge: number): Float64Array {
  const mirrored = new Float64Array(mesh.length);
  order.forEach((other, point) => {
    mirrored.set([edge - (mesh[other * 3] ?? 0), mesh[other * 3 + 1] ?? 0, mesh[other * 3 + 2] ?? 0], point * 3);
  });
  return mirrored;
}
