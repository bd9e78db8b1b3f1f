import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { LikenessError } from '../../../pipeline/errors.js';
import { resizeImage, type RgbImage } from '../../../pipeline/image.js';
import { openSession, type Session } from '../../../pipeline/session.js';
import { floatsOf, imagesToTensor } from '../../../pipeline/tensor.js';

/** Says in which of the model's styles a picture is. */
export interface StyleClassifier {
  classify(image: RgbImage): Promise<string>;
  release(): Promise<void>;
}

/** What lies beside the graph under its name with `.json`; `size` is the side of the square it takes, in pixels. */
const descriptionSchema = z.object({ labels: z.array(z.string()).min(2), size: z.int().positive() });

/**
 * Opens a classifier that the training stage `styles` wrote: a graph from (1, 3, size, size), RGB 0..1, to a score for
 * each label, and its description beside it.
 * @param file the `.onnx` file
 * @throws LikenessError `file-unreadable` naming the file that is missing or not one
 */
export async function openStyleClassifier(file: string): Promise<StyleClassifier> {
  const description = file.replace(/\.onnx$/, '.json');
  const { labels, size } = await reading(description, async () =>
    descriptionSchema.parse(JSON.parse(await readFile(description, 'utf8'))),
  );
  const session = await reading(file, () => openSession(file, { threads: 1 }));
  return {
    classify: async (image) => labels[await strongest(session, await resizeImage(image, square(size)))] ?? '',
    release: () => session.release(),
  };
}

async function reading<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new LikenessError('file-unreadable', { file }, { cause });
  }
}

async function strongest(session: Session, image: RgbImage): Promise<number> {
  const [input = 'image'] = session.inputNames;
  const [output] = Object.values(await session.run({ [input]: imagesToTensor([image], 1 / 255) }));
  const scores = output === undefined ? new Float32Array() : floatsOf(output);
  return scores.reduce((best, score, index) => (score > (scores[best] ?? 0) ? index : best), 0);
}

function square(side: number): { readonly width: number; readonly height: number } {
  return { width: side, height: side };
}
