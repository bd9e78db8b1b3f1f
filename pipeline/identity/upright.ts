import type { FaceAnalyser } from '../face/analyser.js';
import type { Face } from '../face/face.js';
import type { RgbImage } from '../image.js';

/** A photo the way up that shows its face best, and the faces in it, largest first. */
export interface UprightPhoto {
  readonly image: RgbImage;
  readonly faces: readonly Face[];
}

/** What finds faces, and what else says how surely one is there and upright, 0..1. */
export interface UprightOptions {
  readonly analyser: Pick<FaceAnalyser, 'detect'>;
  readonly uprightness?: ((image: RgbImage, face: Face) => Promise<number>) | undefined;
}

/** A photo whose face is found as surely as this is upright. */
const SURE = 0.9;
/** Another way up has to be this much surer. */
const SURER = 0.05;
/** Quarter turns that are tried where a face is doubtful: cameras forget to say how they were held. */
const QUARTERS = [1, 3, 2] as const;

/** Turns a photo by quarters where its face is found more surely so; a photo whose face is sure stays as it is. */
export async function turnUpright(image: RgbImage, options: UprightOptions): Promise<UprightPhoto> {
  let best = await look(image, options);
  if (best.certainty >= SURE) return best;
  for (const quarters of QUARTERS) {
    const turned = await look(turnByQuarters(image, quarters), options);
    if (turned.certainty > best.certainty + SURER) best = turned;
  }
  return best;
}

async function look(
  image: RgbImage,
  { analyser, uprightness }: UprightOptions,
): Promise<UprightPhoto & { readonly certainty: number }> {
  const faces = await analyser.detect(image);
  const [face] = faces;
  if (!face) return { image, faces, certainty: 0 };
  return { image, faces, certainty: face.score * ((await uprightness?.(image, face)) ?? 1) };
}

/** A picture turned clockwise by so many quarters. */
export function turnByQuarters(image: RgbImage, quarters: 1 | 2 | 3): RgbImage {
  const { width, height, data } = image;
  const size = quarters === 2 ? { width, height } : { width: height, height: width };
  const turned = new Uint8Array(data.length);
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const from = sourceOf(image, quarters, [x, y]) * 3;
      const to = (y * size.width + x) * 3;
      turned[to] = data[from] ?? 0;
      turned[to + 1] = data[from + 1] ?? 0;
      turned[to + 2] = data[from + 2] ?? 0;
    }
  }
  return { ...size, data: turned };
}

function sourceOf({ width, height }: RgbImage, quarters: 1 | 2 | 3, [x, y]: readonly [number, number]): number {
  if (quarters === 1) return (height - 1 - x) * width + y;
  if (quarters === 2) return (height - 1 - y) * width + (width - 1 - x);
  return x * width + (width - 1 - y);
}
