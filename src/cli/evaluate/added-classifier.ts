import { z } from 'zod';
import { ADDITIONS, type RgbImage } from '../../../pipeline/index.js';
import { LikenessError } from '../../errors.js';
import { openClassifier } from './classifier.js';
import type { AddedLabels } from './measured.js';

/** Says which accessory, backdrop and light a picture shows. */
export interface AddedClassifier {
  classify(image: RgbImage): Promise<AddedLabels>;
  release(): Promise<void>;
}

const labels = z.array(z.string()).min(2);

/** The pictures are as large as the model draws them unless it says otherwise. */
const descriptionSchema = z.object({
  accessory: labels,
  backdrop: labels,
  light: labels,
  size: z.int().positive().default(128),
});

/**
 * Opens a classifier with an output for each kind of addition, `accessory`, `backdrop` and `light`: a score for `none` and
 * for each label, in the order of its description.
 * @param file the `.onnx` file
 * @throws LikenessError `file-unreadable` naming the file that is missing or not one
 */
export async function openAddedClassifier(file: string): Promise<AddedClassifier> {
  const { description, outputNames, strongest, release } = await openClassifier(file, descriptionSchema);
  if (!ADDITIONS.every((kind) => outputNames.includes(kind))) throw new LikenessError('file-unreadable', { file });
  const { accessory, backdrop, light } = description;
  return {
    async classify(image) {
      const places = await strongest(image);
      const read = (names: readonly string[], output: string): string => names[places[output] ?? 0] ?? '';
      return {
        accessory: read(accessory, 'accessory'),
        backdrop: read(backdrop, 'backdrop'),
        light: read(light, 'light'),
      };
    },
    release,
  };
}
