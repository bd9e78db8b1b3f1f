import type { Expression, Face, RgbImage } from '../../../pipeline/index.js';

/** What a reader sees in a face; what it cannot tell is missing. */
export interface SeenFace {
  readonly expression?: Expression;
  /** Degrees; above 0 when the face points to the right side of the picture. */
  readonly yaw?: number;
}

/** Tells what a face does; another one beside the product's own, which chooses the album, shows what pleases that one alone. */
export interface FaceReader {
  /** As the report calls it. */
  readonly name: string;
  read(image: RgbImage, face: Pick<Face, 'points'>): Promise<SeenFace>;
}
