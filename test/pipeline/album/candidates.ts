import type { Candidate } from '../../../pipeline/album/candidate.js';
import { EXPRESSIONS, type Expression } from '../../../pipeline/face/face.js';
import { normalise } from '../../../pipeline/face/recognise.js';

/** A candidate to make up: everything has a middling value unless told otherwise. */
export interface Made {
  readonly identity?: number;
  readonly expression?: Expression;
  /** The probability of that expression; the others share the rest. */
  readonly probability?: number;
  readonly yaw?: number;
  readonly pitch?: number;
  readonly sharpness?: number;
  /** Faces of the same look have the same embedding. */
  readonly look?: number;
}

/** A candidate with a face. */
export function candidateWith(made: Made = {}): Candidate {
  const { identity = 0.4, expression = 'neutral', probability = 0.9 } = made;
  const { yaw = 0, pitch = 0, sharpness = 150, look = 0 } = made;
  const share = (name: Expression) =>
    name === expression ? probability : (1 - probability) / (EXPRESSIONS.length - 1);
  const probabilities = {
    surprised: share('surprised'),
    afraid: share('afraid'),
    disgusted: share('disgusted'),
    happy: share('happy'),
    sad: share('sad'),
    angry: share('angry'),
    neutral: share('neutral'),
  };
  return {
    identity,
    people: 1,
    expression: { label: expression, probabilities },
    reading: {
      box: { x: 0, y: 0, width: 100, height: 100 },
      score: 1,
      points: [],
      embedding: embeddingOf(look),
      pose: { yaw, pitch, roll: 0 },
      sharpness,
    },
  };
}

/** A candidate in which no face was found. */
export function faceless(): Candidate {
  return { identity: 0, people: 0 };
}

function embeddingOf(look: number): Float32Array {
  const random = randomFrom(look + 1);
  return normalise(Float32Array.from({ length: 512 }, () => random() - 0.5));
}

/** Numbers in 0..1, the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const mixed = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) >>> 0;
    return ((mixed ^ (mixed >>> 12)) >>> 0) / 2 ** 32;
  };
}

/** Candidates of every kind, some of them faceless, strangers or duplicates; the same for the same seed. */
export function mixedCandidates(seed: number, count: number): Candidate[] {
  const random = randomFrom(seed);
  const made: Candidate[] = [];
  for (let index = 0; index < count; index++) {
    const kind = random();
    const earlier = made[Math.floor(random() * made.length)];
    if (kind < 0.15) made.push(faceless());
    else if (kind < 0.3 && earlier) made.push({ ...earlier });
    else made.push(randomCandidate(random, index));
  }
  return made;
}

function randomCandidate(random: () => number, look: number): Candidate {
  return candidateWith({
    identity: random() * 0.6 - 0.05,
    expression: EXPRESSIONS[Math.floor(random() * EXPRESSIONS.length)] ?? 'neutral',
    probability: 0.3 + random() * 0.7,
    yaw: random() * 80 - 40,
    pitch: random() * 40 - 20,
    sharpness: random() * 400,
    look,
  });
}
