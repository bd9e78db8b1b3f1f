import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { presetsOf } from '../../src/chat/presets.js';
import { SAMPLED_KINDS } from '../../src/chat/samples.js';
import { resizeImage, type RgbImage } from '../../pipeline/image.js';
import { drawContactSheet } from '../../src/media/contact-sheet.js';
import { type SampleIndex, samplesFolder } from '../../src/media/samples.js';
import type { ShownPerson } from './people.js';
import type { Studio } from './studio.js';

const COLUMNS = 4;
/** Pixels of a picture's side in a sheet. */
const CELL = 288;
const SEED = 6;

/** Makes the pictures that `/styles` shows of a bundle, into its folder `samples`. */
export async function makePresetSheets(studio: Studio, person: ShownPerson, bundle: string): Promise<void> {
  const { vocabulary, text } = studio.manifest;
  const presets = presetsOf({ ...vocabulary, classWords: text.classWords });
  const folder = samplesFolder(bundle);
  mkdirSync(folder, { recursive: true });
  const sheets: SampleIndex['sheets'] = {};
  for (const kind of SAMPLED_KINDS.filter((each) => presets[each].length > 0)) {
    const pictures: RgbImage[] = [];
    for (const { words } of presets[kind]) {
      const { image } = await studio.take({ person, words, seed: SEED });
      pictures.push(await resizeImage(image, { width: CELL, height: CELL }));
    }
    writeFileSync(join(folder, `${kind}.jpg`), await drawContactSheet(pictures, COLUMNS));
    sheets[kind] = presets[kind].map(({ name }) => name);
  }
  const index: SampleIndex = { columns: COLUMNS, sheets };
  writeFileSync(join(folder, 'index.json'), `${JSON.stringify(index, undefined, 2)}\n`);
}
