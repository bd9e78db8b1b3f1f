import { LikenessError, ofPhoto } from '../errors.js';
import { arcFaceTemplate } from '../face/align.js';
import type { FaceAnalyser } from '../face/analyser.js';
import type { Face } from '../face/face.js';
import { isBlurred } from '../face/blur.js';
import { largestFace, onlyFace } from '../face/only-face.js';
import { cosineOf } from '../face/recognise.js';
import { decodeImage, type RgbImage } from '../image.js';
import { normalisedMean } from './mean.js';
import { turnUpright } from './upright.js';

/** Degrees of yaw beyond which a face is turned away too far to portray: decision 017. */
export const MAX_YAW = 70;

/** The least likeness, as a cosine of embeddings, that two photos of one person have: decision 021. */
export const MIN_LIKENESS = 0.15;

/** The N aligned faces that stand for a person, and who the recogniser says it is. */
export interface ReferenceSet {
  /** Exactly N square faces; fewer photos are repeated in turn, so one photo fills all places. */
  readonly faces: readonly RgbImage[];
  /** The recogniser's embedding of each place, 512 numbers of norm 1. */
  readonly embeddings: readonly Float32Array[];
  /** The mean of the photos' embeddings, norm 1: what portraits are compared with. */
  readonly person: Float32Array;
}

/** How many places there are, how large a face is in pixels, and what finds faces. */
export interface ReferenceOptions {
  readonly analyser: Pick<FaceAnalyser, 'detect' | 'align' | 'read'>;
  readonly count: number;
  readonly size: number;
  /** How much of the photo a face's picture shows; see `arcFaceTemplate`. 1 where left out. */
  readonly framing?: number | undefined;
  /** Of several faces in a photo the largest is taken; otherwise such a photo is refused. */
  readonly largestFace?: boolean | undefined;
  /** Says how surely a face is where one was found, 0..1: what else than the detector the way up is judged by. */
  readonly uprightness?: ((image: RgbImage, face: Face) => Promise<number>) | undefined;
  /** Called with each decoded photo and its face, before the photo is let go. */
  readonly onFace?: ((image: RgbImage, face: Face) => Promise<void>) | undefined;
  /** Called after each photo. */
  readonly onPhoto?: (() => void | Promise<void>) | undefined;
}

/**
 * One to N photos of one person to the reference set of the paper (arXiv 2403.13535, N = 4): decoded, the face found and
 * aligned upright to the recogniser's template.
 * @throws LikenessError `not-an-image`, `image-too-large`, `no-face`, `several-faces`, `face-too-small` or `face-blurred` of any photo,
 * `face-turned-away` when there is none of a face within `MAX_YAW` of the camera, `different-people` when two of them are less
 * alike than `MIN_LIKENESS`.
 */
export async function readReferenceSet(
  photos: readonly Uint8Array[],
  { onPhoto, ...options }: ReferenceOptions,
): Promise<ReferenceSet> {
  const read: PhotoFace[] = [];
  for (const [index, photo] of photos.entries()) {
    const face = await readPhoto(photo, options).catch((error: unknown) => {
      throw ofPhoto(error, { index, count: photos.length });
    });
    read.push(face);
    await onPhoto?.();
  }
  checkTurn(read);
  checkOnePerson(read);
  const places = Array.from({ length: options.count }, (_, place) => read[place % read.length]).filter(
    (face) => !!face,
  );
  return {
    faces: places.map(({ aligned }) => aligned),
    embeddings: places.map(({ embedding }) => embedding),
    person: normalisedMean(read.map(({ embedding }) => embedding)),
  };
}

interface PhotoFace {
  readonly aligned: RgbImage;
  readonly embedding: Float32Array;
  readonly yaw: number;
}

/** One photo that shows enough of the face is enough; the others then add what they see from the side. */
function checkTurn(photos: readonly PhotoFace[]): void {
  const degrees = Math.min(...photos.map(({ yaw }) => Math.abs(yaw)));
  if (degrees > MAX_YAW) throw new LikenessError('face-turned-away', { degrees: Math.round(degrees), limit: MAX_YAW });
}

/** A mean of two people would be like neither. A face that is turned away says too little to be compared. */
function checkOnePerson(photos: readonly PhotoFace[]): void {
  const compared = photos.filter(({ yaw }) => Math.abs(yaw) <= MAX_YAW);
  for (const [index, { embedding }] of compared.entries()) {
    for (const other of compared.slice(index + 1)) {
      const likeness = cosineOf(embedding, other.embedding);
      if (likeness < MIN_LIKENESS) throw new LikenessError('different-people', { likeness, limit: MIN_LIKENESS });
    }
  }
}

async function readPhoto(
  photo: Uint8Array,
  { analyser, size, framing, largestFace: takeLargest, onFace, uprightness }: Omit<ReferenceOptions, 'onPhoto'>,
): Promise<PhotoFace> {
  const { image, faces } = await turnUpright(await decodeImage(photo), { analyser, uprightness });
  const face = takeLargest ? largestFace(faces) : onlyFace(faces);
  if (isBlurred(image, face.box, analyser.align(image, face))) throw new LikenessError('face-blurred');
  const { embedding, pose } = await analyser.read(image, face);
  await onFace?.(image, face);
  return { aligned: analyser.align(image, face, arcFaceTemplate(size, framing)), embedding, yaw: pose.yaw };
}
