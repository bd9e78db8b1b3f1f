import type { RgbImage, Size } from '../image.js';
import { imagesToTensor } from '../tensor.js';
import { applyAffine, areaOf, invertAffine, sharedArea, type Affine, type Box } from './geometry.js';
import type { FaceModels } from './models.js';
import { runGraph } from './run.js';
import { warp } from './warp.js';

/** A box of the detector with its confidence, 0..1. */
export interface Detection {
  readonly box: Box;
  readonly score: number;
}

/** What the detector looks at: 320 x 240 pixels. */
const VIEW: Size = { width: 320, height: 240 };
/** Grey that the detector's normalisation maps to 0. */
const FILL = 127;
const MIN_SCORE = 0.7;
/** The whole picture is seen with a border of this part of its sides: a face that fills it would be missed. */
const BORDER = 0.25;
/**
 * When nothing is found the whole picture is looked at from farther away, by these factors: that evens out the lines,
 * dots and blocks of a drawn style, and shows a face that is cut off as part of something smaller.
 */
const FARTHER = [0.6, 0.4, 0.25] as const;
/** Closer looks overlap by this many pixels of the view, so that a face they are meant to find is whole in one of them. */
const OVERLAP = 64;
/** Closer looks stop where a face of this side, in pixels of the picture, would be found. */
const SMALLEST_FACE = 48;
/** A face is found reliably when its side is this many pixels of the view; a smaller one asks for a closer look. */
const RELIABLE_SIDE = 24;
const DETECTABLE_SIDE = 16;

/**
 * Finds faces, most confident first. The whole picture is looked at first; when nothing is found, or only something too
 * small to be sure of, it is looked at from twice as near in overlapping views, down to faces of 48 pixels. When there is
 * still nothing, it is looked at from farther away.
 */
export async function detectFaces(models: FaceModels, image: RgbImage): Promise<Detection[]> {
  const whole = wholeScale(image);
  const near = await lookNearer(models, image, whole);
  if (near.length > 0) return near;
  for (const factor of FARTHER) {
    const far = await look(models, image, [wholeView(image, whole * factor)]);
    if (far.length > 0) return far;
  }
  return [];
}

async function lookNearer(models: FaceModels, image: RgbImage, whole: number): Promise<Detection[]> {
  const finest = DETECTABLE_SIDE / SMALLEST_FACE;
  let scale = whole;
  let found = await look(models, image, [wholeView(image, scale)]);
  while (largestSide(found) * scale < RELIABLE_SIDE && scale < finest) {
    scale = Math.min(scale * 2, 1);
    found = mergeDetections([...found, ...(await look(models, image, tileViews(image, scale)))]);
  }
  return found;
}

/** Keeps the most confident of boxes that overlap (non-maximum suppression), most confident first. */
export function mergeDetections(detections: readonly Detection[]): Detection[] {
  const kept: Detection[] = [];
  for (const detection of [...detections].sort((one, other) => other.score - one.score)) {
    if (!kept.some((other) => isSameFace(other.box, detection.box))) kept.push(detection);
  }
  return kept;
}

/** Boxes show one face when they share 30 % of their union, or when one lies mostly within the other. */
function isSameFace(one: Box, other: Box): boolean {
  const shared = sharedArea(one, other);
  const union = areaOf(one) + areaOf(other) - shared;
  return shared > 0.3 * union || shared > 0.6 * Math.min(areaOf(one), areaOf(other));
}

function largestSide(detections: readonly Detection[]): number {
  return Math.max(0, ...detections.map(({ box }) => Math.max(box.width, box.height)));
}

/** The scale at which the whole picture and its border fill the view. */
function wholeScale({ width, height }: Size): number {
  return Math.min(VIEW.width / width, VIEW.height / height) / (1 + 2 * BORDER);
}

/** The map that puts the middle of the picture in the middle of the view. */
function wholeView(image: Size, scale: number): Affine {
  return viewAt({ x: centred(VIEW.width, image.width * scale), y: centred(VIEW.height, image.height * scale) }, scale);
}

function tileViews(image: Size, scale: number): Affine[] {
  const columns = tileStarts(image.width * scale, VIEW.width);
  const rows = tileStarts(image.height * scale, VIEW.height);
  return rows.flatMap((y) => columns.map((x) => viewAt({ x, y }, scale)));
}

/** Where views of a length start so that they cover `total`, evenly spread; a shorter picture is centred in one. */
function tileStarts(total: number, length: number): number[] {
  if (total <= length) return [centred(length, total)];
  const count = Math.ceil((total - OVERLAP) / (length - OVERLAP));
  return Array.from({ length: count }, (_, index) => -((total - length) * index) / (count - 1));
}

function centred(length: number, content: number): number {
  return (length - content) / 2;
}

/** The picture scaled, with its upper left corner at a place in the view. */
function viewAt({ x, y }: { readonly x: number; readonly y: number }, scale: number): Affine {
  const shift = 0.5 * scale - 0.5;
  return [scale, 0, x + shift, 0, scale, y + shift];
}

async function look(models: FaceModels, image: RgbImage, views: readonly Affine[]): Promise<Detection[]> {
  const session = await models.session('fr_detect');
  const found: Detection[] = [];
  for (const map of views) {
    const view = warp(image, { map, size: VIEW, border: FILL });
    const [scores, boxes] = await runGraph(session, imagesToTensor([view], 1 / 128, -FILL / 128));
    if (scores && boxes) found.push(...readBoxes(scores, boxes, map));
  }
  return mergeDetections(found);
}

/** Reads `scores` [1, N, 2] (background, face) and `boxes` [1, N, 4] (left, top, right, bottom as parts of the view). */
function readBoxes(scores: Float32Array, boxes: Float32Array, map: Affine): Detection[] {
  const back = invertAffine(map);
  const detections: Detection[] = [];
  for (let index = 0; index * 2 < scores.length; index++) {
    const score = scores[index * 2 + 1] ?? 0;
    if (score < MIN_SCORE) continue;
    const [left = 0, top = 0, right = 0, bottom = 0] = boxes.subarray(index * 4, index * 4 + 4);
    const [x, y] = applyAffine(back, [left * VIEW.width - 0.5, top * VIEW.height - 0.5]);
    const [endX, endY] = applyAffine(back, [right * VIEW.width - 0.5, bottom * VIEW.height - 0.5]);
    detections.push({ score, box: { x: x + 0.5, y: y + 0.5, width: endX - x, height: endY - y } });
  }
  return detections;
}
