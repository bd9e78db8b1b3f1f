import type { FaceAnalyser } from '../face/analyser.js';
import type { ExpressionReading, FaceReading } from '../face/face.js';
import { countPeople } from '../face/only-face.js';
import { cosineOf } from '../face/recognise.js';
import type { RgbImage } from '../image.js';

/** What was measured about a picture that may go into an album. */
export interface Candidate {
  /** Its largest face; missing when no face was found, and then nothing else can be said about it. */
  readonly reading?: FaceReading | undefined;
  /** What its face expresses; missing where nobody looked. */
  readonly expression?: ExpressionReading | undefined;
  /** Cosine between its face and the mean of the photos' faces, -1..1; 0 without a face. */
  readonly identity: number;
  /** How many people it shows, bystanders left out. */
  readonly people: number;
}

/**
 * Measures a picture against the person it should show, all but its expression. A picture counts as faceless unless the detector positively finds
 * a face in it; an analyser that fails is an error, never a face.
 * @param person the mean embedding of the person's photos, norm 1
 */
export async function readCandidate(
  analyser: Pick<FaceAnalyser, 'detect' | 'read'>,
  image: RgbImage,
  person: Float32Array,
): Promise<Candidate> {
  const faces = await analyser.detect(image);
  const [face] = faces;
  if (!face) return { identity: 0, people: 0 };
  const reading = await analyser.read(image, face);
  return { reading, identity: cosineOf(reading.embedding, person), people: countPeople(faces) };
}
