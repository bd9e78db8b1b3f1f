import type { RgbImage, Size } from '../image.js';
import { floatTensor, imagesToTensor, type FloatTensor } from '../tensor.js';
import { EXPRESSIONS, type ExpressionReading, type Pose } from './face.js';
import { boxToPicture, squareAround, type Box } from './geometry.js';
import type { FaceModels } from './models.js';
import { runGraph, softmax } from './run.js';
import { warp } from './warp.js';

const SIZE: Size = { width: 224, height: 224 };
/** The statistics of ImageNet's pixels, which the pose model's input is normalised by. */
const IMAGENET_MEAN = [0.485, 0.456, 0.406] as const;
const IMAGENET_DEVIATION = [0.229, 0.224, 0.225] as const;
/** The pose model's bins: three degrees each, the first at -99. */
const BIN_DEGREES = 3;
const FIRST_BIN_DEGREES = -99;

/** The square picture of a face that `readExpression` and `readPose` look at: the longer side of its box, not turned. */
export function faceSquare(image: RgbImage, box: Box): RgbImage {
  return warp(image, { map: boxToPicture(squareAround(box), SIZE), size: SIZE });
}

/** Which expression a face square shows. */
export async function readExpression(models: FaceModels, square: RgbImage): Promise<ExpressionReading> {
  const [scores = new Float32Array()] = await runGraph(
    await models.session('fr_expression'),
    imagesToTensor([square], 1 / 255),
  );
  const [surprised = 0, afraid = 0, disgusted = 0, happy = 0, sad = 0, angry = 0, neutral = 0] = softmax(scores);
  const probabilities = { surprised, afraid, disgusted, happy, sad, angry, neutral };
  const label = EXPRESSIONS.reduce((best, name) => (probabilities[name] > probabilities[best] ? name : best));
  return { label, probabilities };
}

/** Where the head in a face square points. The model's yaw grows to the left of the picture; ours grows to the right. */
export async function readPose(models: FaceModels, square: RgbImage): Promise<Pose> {
  const outputs = await runGraph(await models.session('fr_pose'), normaliseColours(square));
  const [yaw = 0, pitch = 0, roll = 0] = outputs.map(expectedDegrees);
  return { yaw: -yaw, pitch, roll };
}

/** The mean angle of a distribution over bins. */
function expectedDegrees(scores: Float32Array): number {
  const bin = softmax(scores).reduce((sum, probability, index) => sum + probability * index, 0);
  return bin * BIN_DEGREES + FIRST_BIN_DEGREES;
}

function normaliseColours(image: RgbImage): FloatTensor {
  const { dims, data } = imagesToTensor([image], 1 / 255);
  const plane = data.length / 3;
  const normalised = data.map((value, index) => {
    const channel = Math.floor(index / plane);
    return (value - (IMAGENET_MEAN[channel] ?? 0)) / (IMAGENET_DEVIATION[channel] ?? 1);
  });
  return floatTensor(dims, normalised);
}
