/**
 * Makes the pictures that `/styles` shows of a bundle, into its folder `samples`: `tsx scripts/make-samples.ts [BUNDLE]`.
 * The person in them is the model's own invention.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resizeImage, type RgbImage } from '../pipeline/image.js';
import { openPortraitMaker, type PortraitMaker } from '../pipeline/portrait.js';
import { type Preset, presetsOf } from '../src/chat/presets.js';
import { SAMPLED_KINDS } from '../src/chat/samples.js';
import { drawContactSheet } from '../src/media/contact-sheet.js';
import { type SampleIndex, samplesFolder } from '../src/media/samples.js';
import { inventPerson } from './samples/invent.js';

const COLUMNS = 4;
/** Pixels of a picture's side in a sheet. */
const CELL = 288;
const SEED = 6;

const bundle = process.argv[2] ?? 'models/tiny';
const maker = await openPortraitMaker(bundle, { threads: Number(process.env['OMP_NUM_THREADS'] ?? 2) });
const { vocabulary, text } = maker.manifest;
const presets = presetsOf({ ...vocabulary, classWords: text.classWords });
const { photo } = await inventPerson(maker, SEED);

const folder = samplesFolder(bundle);
mkdirSync(folder, { recursive: true });
const sheets: SampleIndex['sheets'] = {};
for (const kind of SAMPLED_KINDS.filter((each) => presets[each].length > 0)) {
  const pictures: RgbImage[] = [];
  for (const preset of presets[kind]) pictures.push(await draw(maker, preset));
  writeFileSync(join(folder, `${kind}.jpg`), await drawContactSheet(pictures, COLUMNS));
  const names = presets[kind].map(({ name }) => name);
  sheets[kind] = names;
  process.stdout.write(`${kind}: ${names.join(', ')}\n`);
}
const index: SampleIndex = { columns: COLUMNS, sheets };
writeFileSync(join(folder, 'index.json'), `${JSON.stringify(index, undefined, 2)}\n`);
await maker.close();

async function draw(from: PortraitMaker, { words }: Preset): Promise<RgbImage> {
  const { portraits } = await from.portrait({ photos: [photo], prompt: words, count: 1, seed: SEED, strength: 80 });
  const [first] = portraits;
  if (!first) throw new Error(`no picture of ${words}`);
  return resizeImage(first.image, { width: CELL, height: CELL });
}
