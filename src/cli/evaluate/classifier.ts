import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { type RgbImage, floatsOf, imagesToTensor, openSession, resizeImage } from '../../../pipeline/index.js';
import { LikenessError } from '../../errors.js';

/** A graph from (1, 3, size, size), RGB 0..1, to scores, and what its description beside it says. */
export interface Classifier<T> {
  readonly description: T;
  readonly outputNames: readonly string[];
  /** The place of the highest score of each output, by the output's name. */
  strongest(image: RgbImage): Promise<Readonly<Record<string, number>>>;
  release(): Promise<void>;
}

/**
 * Opens a classifier: a graph, and its description beside it under its name with `.json`. `size` in it is the side of the
 * square the graph takes, in pixels.
 * @param file the `.onnx` file
 * @throws LikenessError `file-unreadable` naming the file that is missing or not one
 */
export async function openClassifier<T extends { readonly size: number }>(
  file: string,
  schema: z.ZodType<T>,
): Promise<Classifier<T>> {
  const beside = file.replace(/\.onnx$/, '.json');
  const description = await reading(beside, async () => schema.parse(JSON.parse(await readFile(beside, 'utf8'))));
  const session = await reading(file, () => openSession(file, { threads: 1 }));
  const [input = 'image'] = session.inputNames;
  const square = { width: description.size, height: description.size };
  return {
    description,
    outputNames: session.outputNames,
    async strongest(image) {
      const scores = await session.run({ [input]: imagesToTensor([await resizeImage(image, square)], 1 / 255) });
      return Object.fromEntries(Object.entries(scores).map(([name, output]) => [name, placeOfMost(floatsOf(output))]));
    },
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

function placeOfMost(scores: Float32Array): number {
  return scores.reduce((best, score, index) => (score > (scores[best] ?? 0) ? index : best), 0);
}
