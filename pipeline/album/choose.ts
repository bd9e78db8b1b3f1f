import { EXPRESSIONS, type ExpressionReading, type FaceReading } from '../face/face.js';
import { cosineOf } from '../face/recognise.js';
import type { Asked } from '../text/prompt.js';
import type { Candidate } from './candidate.js';
import { LOW_IDENTITY, scoreCandidate } from './score.js';

/** What is wrong with a candidate that was chosen because nothing better was left. */
export type Doubt = 'duplicate' | 'low-identity' | 'several-people' | 'no-face';

/** A chosen candidate with its score (see `scoreCandidate`). */
export interface ChosenCandidate<T extends Candidate = Candidate> {
  readonly candidate: T;
  readonly score: number;
  readonly doubt?: Doubt;
}

/** How many to choose and what the prompt asked for. */
export interface ChooseOptions {
  readonly count: number;
  readonly asked: Asked;
}

/** The part of the score in a choice; the rest is being different from those already chosen. */
const SCORE_PART = 0.7;
/** How much each kind of difference counts; pose is what a viewer sees first. */
const DIFFERENCE_WEIGHTS = { pose: 0.5, expression: 0.25, appearance: 0.25 } as const;
/** Turns of the head that count as wholly different, in degrees. */
const FULL_TURN = { yaw: 40, pitch: 30 } as const;
/** Faces that differ by less are the same picture for a viewer. */
const DUPLICATE_DIFFERENCE = 0.05;

/**
 * Chooses an album, best first: greedy maximal marginal relevance (Carbonell and Goldstein 1998) over the score and the
 * difference in pose, expression and appearance to those already chosen. What was asked for is not varied. Duplicates
 * come after everything that shows the person, pictures that show a stranger after those, then pictures of more than one
 * person, pictures without a face last, each with its doubt. Gives `count` choices, or all candidates when there are
 * fewer; equal ones keep their order.
 */
export function chooseAlbum<T extends Candidate>(
  candidates: readonly T[],
  { count, asked }: ChooseOptions,
): ChosenCandidate<T>[] {
  const left = candidates.map((candidate) => ({ candidate, score: scoreCandidate(candidate, asked) }));
  const chosen: ChosenCandidate<T>[] = [];
  while (chosen.length < count && left.length > 0) {
    const rated = left.map((option) => rate(option, chosen, asked));
    const best = rated.reduce((first, other) => (isBetter(other, first) ? other : first));
    left.splice(rated.indexOf(best), 1);
    chosen.push({ candidate: best.candidate, score: best.score, ...(best.doubt && { doubt: best.doubt }) });
  }
  return chosen;
}

interface Rated<T extends Candidate> {
  readonly candidate: T;
  readonly score: number;
  readonly doubt: Doubt | undefined;
  /** 0 for what belongs into an album; the higher, the later. */
  readonly tier: number;
  readonly relevance: number;
}

function isBetter<T extends Candidate>(one: Rated<T>, other: Rated<T>): boolean {
  return one.tier === other.tier ? one.relevance > other.relevance : one.tier < other.tier;
}

function rate<T extends Candidate>(
  option: ChosenCandidate<T>,
  chosen: readonly ChosenCandidate<T>[],
  asked: Asked,
): Rated<T> {
  const { candidate, score } = option;
  const face = faceOf(candidate);
  if (!face) return { candidate, score, doubt: 'no-face', tier: 5, relevance: 0 };
  if (candidate.people > 1) return { candidate, score, doubt: 'several-people', tier: 4, relevance: score };
  const others = chosen.flatMap((choice) => faceOf(choice.candidate) ?? []);
  const isDuplicate = others.some((other) => differenceOf(face, other) < DUPLICATE_DIFFERENCE);
  const isStranger = candidate.identity < LOW_IDENTITY;
  const nearest = Math.min(1, ...others.map((other) => differenceOf(face, other, asked)));
  return {
    candidate,
    score,
    doubt: isStranger ? 'low-identity' : isDuplicate ? 'duplicate' : undefined,
    tier: (isStranger ? 2 : 0) + (isDuplicate ? 1 : 0),
    relevance: SCORE_PART * score + (1 - SCORE_PART) * nearest,
  };
}

interface ExpressiveFace extends FaceReading {
  readonly expression: ExpressionReading | undefined;
}

function faceOf({ reading, expression }: Candidate): ExpressiveFace | undefined {
  return reading && { ...reading, expression };
}

/** How different two faces look, 0..1, leaving out what was asked for. */
function differenceOf(one: ExpressiveFace, other: ExpressiveFace, asked: Asked = {}): number {
  const turns = [(one.pose.pitch - other.pose.pitch) / FULL_TURN.pitch];
  if (!asked.side) turns.push((one.pose.yaw - other.pose.yaw) / FULL_TURN.yaw);
  const expression = asked.expression ? 0 : expressionDifference(one, other);
  return (
    DIFFERENCE_WEIGHTS.pose * Math.min(1, Math.hypot(...turns)) +
    DIFFERENCE_WEIGHTS.expression * expression +
    DIFFERENCE_WEIGHTS.appearance * Math.min(1, 1 - cosineOf(one.embedding, other.embedding))
  );
}

/** The total variation distance between two distributions over expressions, 0..1; 0 where one is not known. */
function expressionDifference(one: ExpressiveFace, other: ExpressiveFace): number {
  const [first, second] = [one.expression?.probabilities, other.expression?.probabilities];
  if (!first || !second) return 0;
  return EXPRESSIONS.reduce((sum, name) => sum + Math.abs(first[name] - second[name]), 0) / 2;
}
