import { readCandidate, type Candidate } from './album/candidate.js';
import type { ChosenCandidate, ChooseOptions } from './album/choose.js';
import { scoreCandidate, showsExpression } from './album/score.js';
import type { Manifest } from './bundle-manifest.js';
import type { FaceAnalyser } from './face/analyser.js';
import type { Box } from './face/geometry.js';
import type { Graphs } from './graphs.js';
import type { RgbImage } from './image.js';
import type { Portrait, PortraitScores } from './request.js';
import { upscalePortrait } from './upscale.js';

/** A candidate as it is looked at, and how it is drawn once it is chosen, where that differs. */
export interface CandidatePicture {
  readonly image: RgbImage;
  readonly render?: () => Promise<RgbImage>;
}

/** A candidate's picture, which candidate it is, and what was measured about it. */
export interface Look extends Candidate, CandidatePicture {
  readonly index: number;
}

/** What to measure and by; `onTick` is awaited after each picture. */
export interface Curation {
  readonly analyser: FaceAnalyser;
  readonly pictures: readonly CandidatePicture[];
  /** The number of the first picture. */
  readonly first: number;
  /** The mean embedding of the person's photos, norm 1. */
  readonly person: Float32Array;
  readonly onTick: () => Promise<void>;
}

/** Measures every candidate, all but its expression. */
export async function readCandidates({ analyser, pictures, first, person, onTick }: Curation): Promise<Look[]> {
  const looks: Look[] = [];
  for (const [index, picture] of pictures.entries()) {
    looks.push({ index: first + index, ...picture, ...(await readCandidate(analyser, picture.image, person)) });
    await onTick();
  }
  return looks;
}

/** What expressions are read with, for which album; `onRead` is awaited after each. */
export interface Expressing extends ChooseOptions {
  readonly analyser: Pick<FaceAnalyser, 'express'>;
  readonly onRead: () => Promise<void>;
}

/** So many candidates for each place in the album are to show the asked expression. */
const SHOWN_FOR_EACH = 1.5;

/**
 * Reads expressions, the likeliest pictures of the album first, until there are enough that show the asked one. Reading one
 * takes longer than everything else that is measured about a candidate, and of most it would change nothing.
 */
export async function readExpressions(
  looks: readonly Look[],
  { analyser, count, asked, onRead }: Expressing,
): Promise<Look[]> {
  const read = new Map<Look, Look>();
  let wanted = Math.ceil(count * SHOWN_FOR_EACH);
  for (const look of byScore(looks, asked)) {
    if (wanted === 0) break;
    const seen = await express(analyser, look);
    read.set(look, seen);
    if (showsExpression(seen, asked)) wanted--;
    await onRead();
  }
  return looks.map((look) => read.get(look) ?? look);
}

/** Those with a face, the best first, by what is known without their expression. */
function byScore(looks: readonly Look[], { side }: ChooseOptions['asked']): Look[] {
  const known = side ? { side } : {};
  const rated = looks.filter(({ reading }) => reading).map((look) => ({ look, score: scoreCandidate(look, known) }));
  return rated.sort((one, other) => other.score - one.score).map(({ look }) => look);
}

async function express(analyser: Pick<FaceAnalyser, 'express'>, look: Look): Promise<Look> {
  if (!look.reading || look.expression) return look;
  return { ...look, expression: await analyser.express(look.image, look.reading) };
}

/** Whether a chosen picture shows the person, alone: a duplicate does, though it is none too many. */
export function isWorthSending({ doubt }: ChosenCandidate): boolean {
  return doubt === undefined || doubt === 'duplicate';
}

/** How chosen pictures are delivered; `onTick` is awaited after each. */
export interface Delivery {
  readonly analyser: Pick<FaceAnalyser, 'express'>;
  readonly graphs: Graphs;
  readonly upscale: Manifest['upscale'];
  readonly onTick: () => Promise<void>;
}

/** Draws the chosen pictures as they were asked for, at delivery size. */
export async function deliver(chosen: readonly ChosenCandidate<Look>[], delivery: Delivery): Promise<Portrait[]> {
  const portraits: Portrait[] = [];
  for (const choice of chosen) {
    const candidate = await express(delivery.analyser, choice.candidate);
    const image = candidate.render ? await candidate.render() : candidate.image;
    const large = await upscalePortrait(image, delivery.graphs, delivery.upscale);
    portraits.push({ image: large, candidate: candidate.index, scores: scoresOf({ ...choice, candidate }) });
    await delivery.onTick();
  }
  return portraits;
}

function scoresOf({ candidate, doubt }: ChosenCandidate<Look>): PortraitScores {
  const { identity, reading, expression, people, image } = candidate;
  return {
    identity,
    faceFound: reading !== undefined,
    people,
    faceHeight: reading && reading.box.height / image.height,
    faceCentre: reading && centreOf(reading.box, image),
    expression: expression?.label,
    yaw: reading?.pose.yaw,
    pitch: reading?.pose.pitch,
    sharpness: reading?.sharpness,
    doubt,
  };
}

function centreOf({ x, y, width, height }: Box, image: Pick<RgbImage, 'width' | 'height'>): { x: number; y: number } {
  return { x: (x + width / 2) / image.width, y: (y + height / 2) / image.height };
}
