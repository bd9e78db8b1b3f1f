import type { Box, Point } from './geometry.js';

/** The expressions the classifier tells apart, in the order of its output. */
export const EXPRESSIONS = ['surprised', 'afraid', 'disgusted', 'happy', 'sad', 'angry', 'neutral'] as const;

/** One of the classifier's expressions. */
export type Expression = (typeof EXPRESSIONS)[number];

/** A face found in a picture. */
export interface Face {
  /** Where it is, in pixels; it may reach outside a picture that cuts the face off. */
  readonly box: Box;
  /** The detector's confidence, 0..1. */
  readonly score: number;
  /** Left eye, right eye, nose tip, left and right mouth corner; "left" is the left side of the picture. Pixels. */
  readonly points: readonly Point[];
}

/** The most likely expression and the probability of each; they sum to 1. */
export interface ExpressionReading {
  readonly label: Expression;
  readonly probabilities: Readonly<Record<Expression, number>>;
}

/** Where a head points, in degrees. */
export interface Pose {
  /** Above 0 when the face points to the right side of the picture as the viewer sees it. */
  readonly yaw: number;
  /** Above 0 when the face points up. */
  readonly pitch: number;
  /** Above 0 when the head leans to the right side of the picture: turned clockwise as the viewer sees it. */
  readonly roll: number;
}

/** What is measured about every face; its expression is read apart. */
export interface FaceReading extends Face {
  /** Who it is: 512 numbers of L2 norm 1; the dot product of two is their cosine. */
  readonly embedding: Float32Array;
  readonly pose: Pose;
  /** Variance of the Laplacian of the aligned face's luma: near 0 when blurred, hundreds when sharp. */
  readonly sharpness: number;
}
