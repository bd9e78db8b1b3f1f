import type { PortraitMaker } from '../../pipeline/portrait.js';
import { encodeFile } from '../../src/media/album.js';

/** Someone who does not exist. */
export interface Invented {
  /** A PNG. */
  readonly photo: Uint8Array;
  /** Their face's embedding, of norm 1. */
  readonly embedding: Float32Array;
}

/** Pictures of nobody that the first is chosen from. */
const CANDIDATES = 16;
/** What nobody in particular is asked for as; a face with an expression comes out clearer than one without. */
const FIRST_LOOKS = 'photo, happy young woman, looking at the camera';
const LOOKS = 'photo, neutral, looking at the camera';

/**
 * Invents a person: the model draws them without a photo, then their portrait from that picture, which is a face that it can keep.
 * Portraits of portraits only grow darker.
 * @throws Error where one of the pictures shows no face; another seed helps.
 */
export async function inventPerson(maker: PortraitMaker, seed: number): Promise<Invented> {
  const nobody = { photos: [], nobody: true, candidates: CANDIDATES, strength: 0 };
  const { photo } = await drawPerson(maker, { ...nobody, prompt: FIRST_LOOKS, count: 1, seed });
  return drawPerson(maker, { photos: [photo], strength: 80, prompt: LOOKS, count: 1, seed });
}

/** Invents a person for each seed and takes those who are the least alike. */
export async function inventCrowd(maker: PortraitMaker, seeds: readonly number[], count: number): Promise<Invented[]> {
  const people: Invented[] = [];
  for (const seed of seeds) people.push(await inventPerson(maker, seed));
  const crowd = people.splice(0, 1);
  while (crowd.length < count && people.length > 0) {
    const alike = people.map((person) => Math.max(...crowd.map((other) => cosine(person, other))));
    crowd.push(...people.splice(alike.indexOf(Math.min(...alike)), 1));
  }
  return crowd;
}

async function drawPerson(maker: PortraitMaker, request: Parameters<PortraitMaker['portrait']>[0]): Promise<Invented> {
  const { portraits } = await maker.portrait(request);
  const [first] = portraits;
  if (!first?.scores.faceFound) throw new Error(`no face in “${request.prompt}” of seed ${request.seed}; take another`);
  return { photo: await encodeFile(first.image), embedding: first.scores.embedding };
}

function cosine({ embedding: a }: Invented, { embedding: b }: Invented): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}
