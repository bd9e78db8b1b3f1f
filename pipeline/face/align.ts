import type { RgbImage, Size } from '../image.js';
import { similarityBetween, type Point } from './geometry.js';
import { warp } from './warp.js';

/** Where a face's five points go, and the size of the result, in pixels. */
export interface AlignTemplate {
  readonly points: readonly Point[];
  readonly size: Size;
}

const ARCFACE_SIDE = 112;
const ARCFACE_POINTS: readonly Point[] = [
  [38.2946, 51.6963],
  [73.5318, 51.5014],
  [56.0252, 71.7366],
  [41.5493, 92.3655],
  [70.7299, 92.2041],
];

/**
 * The template ArcFace-type recognisers are trained with (five points in 112 x 112 pixels), scaled to another side. With a
 * `framing` above 1 the face is smaller by so much, about the middle, and hair and ears come in.
 */
export function arcFaceTemplate(side: number = ARCFACE_SIDE, framing = 1): AlignTemplate {
  const scale = side / framing / ARCFACE_SIDE;
  const border = (side - side / framing) / 2;
  const scaled = (value: number): number => value * scale + border;
  return { points: ARCFACE_POINTS.map(([x, y]) => [scaled(x), scaled(y)]), size: { width: side, height: side } };
}

/**
 * A face cut out upright and at one size: the similarity that brings its five points closest to the template's, drawn
 * with bilinear interpolation; beyond the picture its border pixels are repeated. Training does exactly the same.
 */
export function alignFace(image: RgbImage, points: readonly Point[], template: AlignTemplate): RgbImage {
  return warp(image, { map: similarityBetween(points, template.points), size: template.size });
}
