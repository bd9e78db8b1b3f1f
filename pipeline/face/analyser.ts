import type { RgbImage } from '../image.js';
import type { SessionOptions } from '../session.js';
import { alignFace, arcFaceTemplate, type AlignTemplate } from './align.js';
import { faceSquare, readExpression, readPose } from './attributes.js';
import { detectFaces } from './detect.js';
import type { ExpressionReading, Face, FaceReading } from './face.js';
import { areaOf } from './geometry.js';
import { findPoints } from './landmarks.js';
import { sharpnessOf } from './luma.js';
import { keepFaceModels, type FaceModels } from './models.js';
import { embedAligned, type ChannelOrder } from './recognise.js';

/** Finds and measures faces. Runs are serial and block the thread, as sessions do. */
export interface FaceAnalyser {
  /** The faces of a picture with their five points, largest first; at most the 16 largest. */
  detect(image: RgbImage): Promise<Face[]>;
  /** A face cut out upright; see `alignFace`. */
  align(image: RgbImage, face: Pick<Face, 'points'>, template?: AlignTemplate): RgbImage;
  /** Who a face is: 512 numbers of L2 norm 1. */
  embed(image: RgbImage, face: Pick<Face, 'points'>): Promise<Float32Array>;
  /** Everything there is to measure about a face but its expression, which takes longest. */
  read(image: RgbImage, face: Face): Promise<FaceReading>;
  /** Which expression a face shows. */
  express(image: RgbImage, face: Pick<Face, 'box'>): Promise<ExpressionReading>;
  /** Lets go of the models; the analyser must not be used afterwards. */
  release(): Promise<void>;
}

const MOST_FACES = 16;

/** How face models are run; `order` is that of the recogniser's channels, RGB unless told otherwise. */
export interface AnalyserOptions extends SessionOptions {
  readonly order?: ChannelOrder | undefined;
}

/**
 * An analyser on the face models of the npm package. The detector loads at once, so that a missing package is known
 * early; the others when first used.
 * @throws LikenessError `file-unreadable` when the models are not installed.
 */
export async function openFaceAnalyser({ order = 'rgb', ...options }: AnalyserOptions = {}): Promise<FaceAnalyser> {
  const models = keepFaceModels(options);
  await models.session('fr_detect');
  return {
    detect: (image) => detect(models, image),
    align: (image, { points }, template = arcFaceTemplate()) => alignFace(image, points, template),
    embed: (image, { points }) => embedAligned(models, alignFace(image, points, arcFaceTemplate()), order),
    read: (image, face) => read(models, image, { face, order }),
    express: (image, { box }) => readExpression(models, faceSquare(image, box)),
    release: () => models.release(),
  };
}

async function detect(models: FaceModels, image: RgbImage): Promise<Face[]> {
  const detections = await detectFaces(models, image);
  const largest = detections.sort((one, other) => areaOf(other.box) - areaOf(one.box)).slice(0, MOST_FACES);
  const faces: Face[] = [];
  for (const { box, score } of largest) {
    faces.push({ box, score, points: await findPoints(models, image, box) });
  }
  return faces;
}

async function read(
  models: FaceModels,
  image: RgbImage,
  { face, order }: { readonly face: Face; readonly order: ChannelOrder },
): Promise<FaceReading> {
  const aligned = alignFace(image, face.points, arcFaceTemplate());
  return {
    ...face,
    embedding: await embedAligned(models, aligned, order),
    pose: await readPose(models, faceSquare(image, face.box)),
    sharpness: sharpnessOf(aligned),
  };
}
