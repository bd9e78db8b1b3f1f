import type { Asked } from '../text/prompt.js';
import type { Candidate } from './candidate.js';

/**
 * How much each measurement counts. What was asked for (expression and side together .55) outweighs identity, because
 * pictures that are not the person at all are put last before scores are compared (`LOW_IDENTITY`): among the others
 * cosines differ by some .2, a third of their scale, while a missed expression or side loses its whole share. Sharpness
 * only decides between pictures that are otherwise alike. What was not asked for does not count.
 */
export const SCORE_WEIGHTS = { identity: 0.35, expression: 0.3, side: 0.25, sharpness: 0.1 } as const;

/** A cosine below this is nearer to strangers (mean .01) than to the same person's photos (mean .63). */
export const LOW_IDENTITY = 0.1;

/** The strength, in percent, from which a picture must show the person; below it somebody else may be shown. */
export const LIKENESS_ASKED = 50;

/** A head turned by more than this many degrees shows a side; up to it, it shows the front. */
export const SIDE_DEGREES = 12;

/** The cosine that counts as full likeness: the mean between two real photos of one person. */
const FULL_IDENTITY = 0.6;
/** The probability from which an asked expression counts as shown: more is no better. */
const SHOWN = 0.5;
/** The sharpness that counts half; real photos lie between 90 and 230 (quartiles) on the aligned face. */
const HALF_SHARPNESS = 100;

/**
 * How well a candidate answers a request, 0..1: the weighted mean of identity, the asked expression, the asked side and
 * sharpness. An expression nobody looked at is not shown. A candidate without a face scores 0.
 */
export function scoreCandidate({ reading, expression: shown, identity }: Candidate, asked: Asked): number {
  if (!reading) return 0;
  const parts: [weight: number, value: number][] = [
    [SCORE_WEIGHTS.identity, limit(identity / FULL_IDENTITY)],
    [SCORE_WEIGHTS.sharpness, reading.sharpness / (reading.sharpness + HALF_SHARPNESS)],
  ];
  const { expression, side } = asked;
  if (expression) parts.push([SCORE_WEIGHTS.expression, limit((shown?.probabilities[expression] ?? 0) / SHOWN)]);
  if (side) parts.push([SCORE_WEIGHTS.side, scoreSide(reading.pose.yaw, side)]);
  const weights = parts.reduce((sum, [weight]) => sum + weight, 0);
  return parts.reduce((sum, [weight, value]) => sum + weight * value, 0) / weights;
}

/** Whether a face shows the asked expression; any does where none is asked for. */
export function showsExpression({ expression }: Candidate, asked: Asked): boolean {
  return asked.expression === undefined || (expression?.probabilities[asked.expression] ?? 0) >= SHOWN;
}

/** 1 where the asked side is shown; less the further the head is from it, down to 0. */
function scoreSide(yaw: number, side: NonNullable<Asked['side']>): number {
  if (side === 'front') return limit(2 - Math.abs(yaw) / SIDE_DEGREES);
  const towards = side === 'right' ? yaw : -yaw;
  return limit(towards / SIDE_DEGREES);
}

function limit(value: number): number {
  return Math.min(1, Math.max(0, value));
}
