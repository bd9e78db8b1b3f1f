import type { Engine } from '../../../pipeline/engine/supervisor.js';
import type { FaceAnalyser } from '../../../pipeline/face/analyser.js';
import { onlyFace } from '../../../pipeline/face/only-face.js';
import { decodeImage } from '../../../pipeline/image.js';
import type { Album, PortraitRequest, PortraitScores } from '../../../pipeline/request.js';
import { readPhoto } from '../portrait.js';
import type { MeasuredAlbum, MeasuredFace, MeasuredPerson } from './metrics.js';
import type { Person } from './people.js';

/** What measures, and how albums are asked for. */
export interface Measuring {
  readonly engine: Engine;
  readonly faces: FaceAnalyser;
  readonly signal: AbortSignal;
  /** Everything of a request but whom and what it shows. */
  readonly settings: Pick<PortraitRequest, 'count' | 'strength' | 'candidates' | 'sampler' | 'steps'>;
  readonly onAlbum: () => void;
}

/** Reads a person's first two photos and makes an album of the first for each prompt, with one seed after another. */
export async function measurePerson(
  person: Person,
  asked: { readonly prompts: readonly string[]; readonly seed: number },
  measuring: Measuring,
): Promise<MeasuredPerson> {
  const [file, otherFile] = person.photos;
  const photo = await readPhoto(file);
  const input = await measurePhoto(photo, measuring.faces);
  const other = otherFile === undefined ? undefined : await measureOther(otherFile, measuring.faces);
  const albums: MeasuredAlbum[] = [];
  for (const [index, prompt] of asked.prompts.entries()) {
    const seed = (asked.seed + index) % 2 ** 32;
    albums.push(await measureAlbum({ ...measuring.settings, photos: [photo], prompt, seed }, measuring));
    measuring.onAlbum();
  }
  return { input, albums, ...(other && { other }) };
}

async function measurePhoto(photo: Uint8Array, faces: FaceAnalyser): Promise<MeasuredFace> {
  const image = await decodeImage(photo);
  const { embedding, expression, pose } = await faces.read(image, onlyFace(await faces.detect(image)));
  return { embedding, expression: expression.label, yaw: pose.yaw, pitch: pose.pitch };
}

/** The other photo is for comparison alone: where it shows no single face, there is one comparison less. */
async function measureOther(file: string, faces: FaceAnalyser): Promise<MeasuredFace | undefined> {
  try {
    return await measurePhoto(await readPhoto(file), faces);
  } catch {
    return undefined;
  }
}

async function measureAlbum(request: PortraitRequest, { engine, signal }: Measuring): Promise<MeasuredAlbum> {
  const start = performance.now();
  const album: Album = await engine.portrait(request, { signal });
  const seconds = (performance.now() - start) / 1000;
  return { asked: album.asked, seconds, faces: album.portraits.map(({ scores }) => measuredFace(scores)) };
}

function measuredFace({ faceFound, embedding, expression, yaw, pitch }: PortraitScores): MeasuredFace | undefined {
  if (!faceFound || expression === undefined || yaw === undefined || pitch === undefined) return undefined;
  return { embedding, expression, yaw, pitch };
}
