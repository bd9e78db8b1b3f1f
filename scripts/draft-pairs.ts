/**
 * Draws pairs for the finisher's training: `tsx scripts/draft-pairs.ts WORK SEED`. WORK is what `likeness_training` prepared.
 * Writes pairs to standard output without end: two int32, the rows of target and source, then uint8, channels first, the
 * draft (`FINISHER_CHANNELS`) and the target (red, green, blue over grey, matte). The same drawing code that serves.
 */
import { join } from 'node:path';
import { readAppearanceModel } from '../pipeline/draft/appearance.js';
import { cutOut } from '../pipeline/draft/cut-out.js';
import { finisherInput } from '../pipeline/draft/finisher-input.js';
import { cutPerson } from '../pipeline/draft/matting.js';
import { draftPhotoOf, type DraftPhoto } from '../pipeline/draft/photo.js';
import { draftOf, movedAway } from './pairs/drafts.js';
import {
  byPerson,
  bytesOf,
  gapOf,
  OPEN,
  openPrepared,
  pick,
  randomNumbers,
  rowsHead,
  writePairs,
} from './pairs/prepared.js';

const [work = '', seed = '1'] = process.argv.slice(2);
const SIDE = 256;
/** Sets whose pictures are as large as a frame. */
const SHARP = new Set(
  (
    'gen512_hmdghoul gan512_basemax gan1024_dina gan1024_noah gan512_f2c sd1024_faker ' +
    'ffhq1024_dina celebahq512 talk_frames kdef350 unsplash300_hard mebeauty'
  ).split(' '),
);
/** So much of a frame must lie within the picture, and this sure must the mesh be of a face (a logit). */
const [MIN_INSIDE, MIN_PRESENCE] = [0.6, 8];
/** How often a pair is two photos of a person, and how often a single one shows an open mouth. */
const [TWO_PHOTOS, OPEN_MOUTHS] = [0.3, 0.45];
/** How far single photos are moved away. */
const AWAY = { yaw: 26, pitch: 12, roll: 7, atRest: 0.5, isCentred: false };

const model = await readAppearanceModel(join(work, 'appearance.safetensors'));
const { rows, array, meshes } = openPrepared(work);
const frames = array('frames.npy', SIDE * SIDE * 3);
const mattes = array('mattes.npy', SIDE * SIDE);
const meshAt = meshes('meshes.npy');
const random = randomNumbers(Number(seed));
const drawing = { model, side: SIDE, random };

function photoAt(index: number): DraftPhoto {
  const image = { width: SIDE, height: SIDE, data: new Uint8Array(frames(index)) };
  const rough = { width: SIDE, height: SIDE, data: new Float32Array(mattes(index)).map((value) => value / 255) };
  const { matte, colours } = cutPerson(image, rough);
  return draftPhotoOf(colours, { matte, mesh: meshAt(index), model });
}

const usable = rows.flatMap((row, index) =>
  row.split === 'train' && SHARP.has(row.set) && row.inside > MIN_INSIDE && row.presence > MIN_PRESENCE ? [index] : [],
);
const opened = usable.filter((index) => gapOf(meshAt(index)) > OPEN);
const several = byPerson(rows, usable).filter((indices) => indices.length > 1);
process.stderr.write(
  `pairs: ${usable.length} portraits, ${opened.length} with an open mouth, ${several.length} people with several\n`,
);

function pair(): Buffer {
  const [what, which, other, open] = random();
  const [one] = random();
  let [source, target] = [0, 0];
  if (what < TWO_PHOTOS && several.length > 0) {
    const person = pick(several, which);
    target = pick(person, other);
    source = pick(
      person.filter((index) => index !== target),
      one,
    );
  } else {
    target = open < OPEN_MOUTHS ? pick(opened, which) : pick(usable, which);
    source = target;
  }
  const [wanted, given] = [photoAt(target), source === target ? undefined : photoAt(source)];
  const draft = draftOf(given ?? movedAway(wanted, AWAY, drawing), wanted, drawing);
  const { plate, matte } = wanted;
  return Buffer.concat([
    rowsHead(target, source),
    bytesOf(finisherInput(draft).told, 255),
    bytesOf(cutOut({ size: SIDE, colours: plate.data, matte }).data, 255),
  ]);
}

await writePairs(pair);
