import { z } from 'zod';
import type { RgbImage } from '../../../pipeline/index.js';
import { openClassifier } from './classifier.js';

/** Says in which of the model's styles a picture is. */
export interface StyleClassifier {
  classify(image: RgbImage): Promise<string>;
  release(): Promise<void>;
}

const descriptionSchema = z.object({ labels: z.array(z.string()).min(2), size: z.int().positive() });

/**
 * Opens a classifier that the training stage `styles` wrote, which has one output: a score for each label.
 * @param file the `.onnx` file
 * @throws LikenessError `file-unreadable` naming the file that is missing or not one
 */
export async function openStyleClassifier(file: string): Promise<StyleClassifier> {
  const { description, strongest, release } = await openClassifier(file, descriptionSchema);
  return {
    async classify(image) {
      const [place = 0] = Object.values(await strongest(image));
      return description.labels[place] ?? '';
    },
    release,
  };
}
