import { readCandidate, type Candidate } from './album/candidate.js';
import type { Choice } from './album/choose.js';
import type { Manifest } from './bundle-manifest.js';
import type { FaceAnalyser } from './face/analyser.js';
import type { Box } from './face/geometry.js';
import type { Graphs } from './graphs.js';
import type { RgbImage } from './image.js';
import type { Portrait, PortraitScores } from './request.js';
import { upscalePortrait } from './upscale.js';

/** A candidate's picture, which candidate it is, and what was measured about it. */
export interface Look extends Candidate {
  readonly index: number;
  readonly image: RgbImage;
}

/** What to measure and by; `onTick` is awaited after each picture. */
export interface Curation {
  readonly analyser: FaceAnalyser;
  readonly images: readonly RgbImage[];
  /** The number of the first picture. */
  readonly first: number;
  /** The mean embedding of the person's photos, norm 1. */
  readonly person: Float32Array;
  readonly onTick: () => Promise<void>;
}

/** Measures every candidate. */
export async function readCandidates({ analyser, images, first, person, onTick }: Curation): Promise<Look[]> {
  const looks: Look[] = [];
  for (const [index, image] of images.entries()) {
    looks.push({ index: first + index, image, ...(await readCandidate(analyser, image, person)) });
    await onTick();
  }
  return looks;
}

/** Whether a chosen picture shows the person, alone: a duplicate does, though it is none too many. */
export function isWorthSending({ doubt }: Choice): boolean {
  return doubt === undefined || doubt === 'duplicate';
}

/** How chosen pictures are delivered; `onTick` is awaited after each. */
export interface Delivery {
  readonly graphs: Graphs;
  readonly upscale: Manifest['upscale'];
  readonly onTick: () => Promise<void>;
}

/** Brings the chosen pictures to delivery size. */
export async function deliver(chosen: readonly Choice<Look>[], delivery: Delivery): Promise<Portrait[]> {
  const portraits: Portrait[] = [];
  for (const choice of chosen) {
    const { index, image } = choice.candidate;
    const large = await upscalePortrait(image, delivery.graphs, delivery.upscale);
    portraits.push({ image: large, candidate: index, scores: scoresOf(choice) });
    await delivery.onTick();
  }
  return portraits;
}

function scoresOf({ candidate: { identity, reading, people, image }, doubt }: Choice<Look>): PortraitScores {
  return {
    identity,
    faceFound: reading !== undefined,
    people,
    faceHeight: reading && reading.box.height / image.height,
    faceCentre: reading && centreOf(reading.box, image),
    expression: reading?.expression.label,
    yaw: reading?.pose.yaw,
    pitch: reading?.pose.pitch,
    sharpness: reading?.sharpness,
    embedding: reading?.embedding ?? new Float32Array(),
    doubt,
  };
}

function centreOf({ x, y, width, height }: Box, image: Pick<RgbImage, 'width' | 'height'>): { x: number; y: number } {
  return { x: (x + width / 2) / image.width, y: (y + height / 2) / image.height };
}
