import {
  type Engine,
  type Face,
  type FaceAnalyser,
  type Portrait,
  type PortraitRequest,
  type RgbImage,
  decodeImage,
  onlyFace,
} from '../../../pipeline/index.js';
import { readPhoto } from '../portrait.js';
import type { AddedClassifier } from './added-classifier.js';
import { lightnessOf } from './lightness.js';
import type { FaceReader, SeenFace } from './face-reader.js';
import type { AddedLabels, MeasuredAlbum, MeasuredFace, MeasuredPerson } from './measured.js';
import type { EvaluatedPerson } from './people.js';
import type { Recogniser } from './recogniser.js';
import type { StyleClassifier } from './style-classifier.js';

/** What portraits are measured with. */
export interface Instruments {
  readonly faces: FaceAnalyser;
  /** Beside the product's own. */
  readonly recognisers: readonly Recogniser[];
  readonly readers: readonly FaceReader[];
  readonly styles: StyleClassifier | undefined;
  readonly added: AddedClassifier | undefined;
}

/** What measures, and how albums are asked for. */
export interface Measuring {
  readonly engine: Engine;
  readonly instruments: Instruments;
  readonly signal: AbortSignal;
  /** Everything of a request but whom and what it shows, and how much there is to choose from. */
  readonly settings: Pick<PortraitRequest, 'count' | 'strength' | 'sampler' | 'steps' | 'draftOnly'>;
  /** How many candidates for a portrait to try, an album for each; undefined is the model's own number. */
  readonly candidates: readonly (number | undefined)[];
  readonly onAlbum: () => void;
}

/** Reads a person's first two photos and makes albums of the first for each prompt, with one seed after another. */
export async function measurePerson(
  person: EvaluatedPerson,
  asked: { readonly prompts: readonly string[]; readonly seed: number },
  measuring: Measuring,
): Promise<MeasuredPerson> {
  const [file, otherFile] = person.photos;
  const photo = await readPhoto(file);
  const input = await measurePhoto(photo, measuring.instruments);
  const other = otherFile === undefined ? undefined : await measureOther(otherFile, measuring.instruments);
  const albums: MeasuredAlbum[] = [];
  for (const [index, prompt] of asked.prompts.entries()) {
    const seed = (asked.seed + index) % 2 ** 32;
    for (const candidates of measuring.candidates) {
      albums.push(await measureAlbum({ photo, prompt, seed, candidates }, measuring));
      measuring.onAlbum();
    }
  }
  return { groups: person.groups, input, albums, ...(other && { other }) };
}

async function measurePhoto(photo: Uint8Array, instruments: Instruments): Promise<MeasuredFace> {
  const image = await decodeImage(photo);
  return measureFace(image, onlyFace(await instruments.faces.detect(image)), instruments);
}

async function measureFace(image: RgbImage, face: Face, instruments: Instruments): Promise<MeasuredFace> {
  const { faces, recognisers, readers } = instruments;
  const { embedding, pose } = await faces.read(image, face);
  const expression = await faces.express(image, face);
  const further = await embedBy(recognisers, image, face);
  const seen: Record<string, SeenFace> = {};
  for (const reader of readers) seen[reader.name] = await reader.read(image, face);
  const lightness = lightnessOf(image, face);
  return { embedding, further, seen, expression: expression.label, yaw: pose.yaw, pitch: pose.pitch, lightness };
}

/** The other photo is for comparison alone: where it shows no single face, there is one comparison less. */
async function measureOther(file: string, instruments: Instruments): Promise<MeasuredFace | undefined> {
  try {
    return await measurePhoto(await readPhoto(file), instruments);
  } catch {
    return undefined;
  }
}

interface AskedAlbum {
  readonly photo: Uint8Array;
  readonly prompt: string;
  readonly seed: number;
  readonly candidates: number | undefined;
}

async function measureAlbum(
  { photo, candidates, ...asked }: AskedAlbum,
  { engine, instruments, settings, signal }: Measuring,
): Promise<MeasuredAlbum> {
  const request = { ...settings, ...asked, photos: [photo], candidates: candidates && candidates * settings.count };
  const start = performance.now();
  const album = await engine.portrait(request, { signal });
  const seconds = (performance.now() - start) / 1000;
  const faces: MeasuredAlbum['faces'][number][] = [];
  const styles: string[] = [];
  const added: AddedLabels[] = [];
  for (const portrait of album.portraits) {
    faces.push(await measurePortrait(portrait, instruments));
    if (instruments.styles) styles.push(await instruments.styles.classify(portrait.image));
    if (instruments.added) added.push(await instruments.added.classify(portrait.image));
  }
  return { asked: album.asked, candidates, seconds, faces, styles, added };
}

/** A portrait as it is delivered; nothing where no face is found in it. */
async function measurePortrait({ image }: Portrait, instruments: Instruments): Promise<MeasuredFace | undefined> {
  const [face] = await instruments.faces.detect(image);
  return face && measureFace(image, face, instruments);
}

async function embedBy(
  recognisers: readonly Recogniser[],
  image: RgbImage,
  face: Face,
): Promise<Record<string, Float32Array>> {
  const further: Record<string, Float32Array> = {};
  for (const recogniser of recognisers) further[recogniser.name] = await recogniser.embed(image, face);
  return further;
}
