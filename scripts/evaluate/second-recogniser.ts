import { alignFace } from '../../pipeline/face/align.js';
import type { Recogniser } from '../../src/cli/evaluate/recogniser.js';
import { cropTemplate, readWeights, runOn } from './face-api.js';
import { describeFace } from './residual-net.js';

const SIDE = 150;

/**
 * The recogniser of `@vladmandic/face-api` (dlib's residual network of 29 layers, trained on other photos and by another
 * loss than ours), which neither training nor curation ever used.
 *
 * Its cosines crowd together. Over 58 people of the validation photos with two usable photos each, median and the range
 * of nine in ten: two photos of one person .955 (.924 to .969), two people .837 (.775 to .890); the product's own
 * recogniser says .662 (.443 to .780) and .009 (-.158 to .170). Both tell 99 % of the pairs apart, at .923 and at .361.
 * `photosSame` and `photosOthers` of a report give the scale over its own people.
 */
export async function openSecondRecogniser(): Promise<Recogniser> {
  const weights = await readWeights('face_recognition_model');
  const template = cropTemplate(SIDE);
  return {
    name: 'face-api',
    embed: (image, { points }) =>
      runOn(alignFace(image, points, template), (picture) => describeFace(picture, weights)),
  };
}
