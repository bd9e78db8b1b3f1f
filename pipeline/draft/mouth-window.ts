import type { Affine } from '../face/geometry.js';
import { uprightMap, type HeadPose } from './head.js';
import { LIP_MIDDLES, MOUTH_CORNERS } from './regions.js';

/** The upright window around a mouth that it is painted in: pixels, and how many of them are a unit of the head. */
export const MOUTH_WINDOW = { width: 128, height: 96, unit: 112 } as const;

/** The map from a picture to the window around the mouth of a mesh, whose pose is given. */
export function mouthMap(mesh: Float64Array, pose: Pick<HeadPose, 'scale' | 'rotation'>): Affine {
  const { width, height, unit } = MOUTH_WINDOW;
  return uprightMap(pose, { from: mouthMiddle(mesh), to: [width / 2, height / 2], unit });
}

/** The mean of the mouth's corners and of the middles of its lips. */
export function mouthMiddle(mesh: Float64Array): readonly [x: number, y: number] {
  const points = [...MOUTH_CORNERS, ...LIP_MIDDLES];
  const mean = (axis: number): number =>
    points.reduce((sum, point) => sum + (mesh[point * 3 + axis] ?? 0), 0) / points.length;
  return [mean(0), mean(1)];
}
