import { readCandidate, type Candidate } from './album/candidate.js';
import { chooseAlbum, type Choice } from './album/choose.js';
import type { Manifest } from './bundle-manifest.js';
import type { FaceAnalyser } from './face/analyser.js';
import type { Box } from './face/geometry.js';
import type { Graphs } from './graphs.js';
import type { RgbImage } from './image.js';
import type { Portrait, PortraitScores } from './request.js';
import type { Asked } from './text/prompt.js';
import { upscalePortrait } from './upscale.js';

/** A candidate's picture, which candidate it is, and what was measured about it. */
export interface Look extends Candidate {
  readonly index: number;
  readonly image: RgbImage;
}

/** What to choose from and by; `onTick` is awaited after each picture. */
export interface Curation {
  readonly analyser: FaceAnalyser;
  readonly images: readonly RgbImage[];
  /** The mean embedding of the person's photos, norm 1. */
  readonly person: Float32Array;
  readonly asked: Asked;
  readonly count: number;
  readonly onTick: () => Promise<void>;
}

/** Measures every candidate and chooses the album, best first. */
export async function curate({ analyser, images, person, asked, count, onTick }: Curation): Promise<Choice<Look>[]> {
  const looks: Look[] = [];
  for (const [index, image] of images.entries()) {
    looks.push({ index, image, ...(await readCandidate(analyser, image, person)) });
    await onTick();
  }
  return chooseAlbum(looks, { count, asked });
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
