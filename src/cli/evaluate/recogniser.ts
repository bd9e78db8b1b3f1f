import type { Face, RgbImage } from '../../../pipeline/index.js';

/** Tells whose face it is; another one beside the product's own shows what pleases that one alone. */
export interface Recogniser {
  /** As the report calls it. */
  readonly name: string;
  /** Numbers whose cosine says how alike two faces are to this recogniser. */
  embed(image: RgbImage, face: Pick<Face, 'points'>): Promise<Float32Array>;
}
