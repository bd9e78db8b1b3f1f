/**
 * Draws pairs for the mouth refiner's training: `tsx scripts/mouth-pairs.ts WORK SEED`. WORK is what `likeness_training`
 * prepared. Writes pairs to standard output without end: two int32, the rows of target and source, then uint8, channels
 * first, what the refiner is told (`MOUTH_CHANNELS`) and the target's red, green, blue. The same drawing code that serves.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readAppearanceModel } from '../pipeline/draft/appearance.js';
import type { Draft } from '../pipeline/draft/draw.js';
import { mouthChannels } from '../pipeline/draft/mouth-refiner.js';
import { mouthMap, MOUTH_WINDOW } from '../pipeline/draft/mouth-window.js';
import { draftPhotoOf, type DraftPhoto } from '../pipeline/draft/photo.js';
import { PART } from '../pipeline/draft/surface.js';
import { warp } from '../pipeline/face/warp.js';
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
/** Of a plate, pixels: `mouth_plates.py`. */
const SIDE = 192;
/** Sets of pictures that are no photographs. */
const DRAWN = new Set(['cuhk_sketch', 'met_paintings']);
/** So much of the window must lie within the picture, and this sure must the mesh be of a face (a logit). */
const [MIN_INSIDE, MIN_PRESENCE] = [0.99, 8];
/** Pixels of the window made of one of the picture: sharp below the first; above the second it is not used. */
const [SHARP, BLURRED] = [1.2, 2.1];
/** How often a pair is two photos of a person; how often these are sharp, and how often one mouth is open and one is not. */
const [TWO_PHOTOS, SHARP_PHOTOS, OTHER_MOUTH] = [0.4, 0.7, 0.85];
/** How often a single photo shows an open mouth. */
const OPEN_MOUTHS = 0.55;
/** Mouths are open by other gaps from this difference on. */
const OTHER_GAP = 0.04;
/** Heads of two photos are turned by at most so many degrees more, one than the other. */
const MOST_TURN = 35;
/** Skin of two photos is brought to one colour by at most so much. */
const MOST_GAIN = 1.5;
/** How far single photos are moved away. */
const AWAY = { yaw: 16, pitch: 8, roll: 5, atRest: 0.4, isCentred: true };

const model = await readAppearanceModel(join(work, 'appearance.safetensors'));
const { rows, array, meshes } = openPrepared(work);
const shown = z
  .array(z.object({ inside: z.number(), enlarged: z.number() }))
  .parse(JSON.parse(readFileSync(join(work, 'mouths.json'), 'utf8')));
const plates = array('mouths.npy', SIDE * SIDE * 3);
const meshAt = meshes('mouth_meshes.npy');
const random = randomNumbers(Number(seed));
const drawing = { model, side: SIDE, random };
const WHOLE = { width: SIDE, height: SIDE, data: new Float32Array(SIDE * SIDE).fill(1) };

function photoAt(index: number): DraftPhoto {
  const plate = { width: SIDE, height: SIDE, data: new Uint8Array(plates(index)) };
  return draftPhotoOf(plate, { matte: WHOLE, mesh: meshAt(index), model });
}

const usable = rows.flatMap(({ split, set, presence }, index) => {
  const { inside, enlarged } = shown[index] ?? { inside: 0, enlarged: BLURRED };
  const isUsable = inside > MIN_INSIDE && enlarged < BLURRED && presence > MIN_PRESENCE;
  return split === 'train' && !DRAWN.has(set) && isUsable ? [index] : [];
});
const isSharp = (index: number): boolean => (shown[index]?.enlarged ?? BLURRED) < SHARP;
const gaps = new Map(usable.map((index) => [index, gapOf(meshAt(index))]));
const gapAt = (index: number): number => gaps.get(index) ?? 0;
const sharp = usable.filter(isSharp);
const opened = sharp.filter((index) => gapAt(index) > OPEN);

type Two = readonly [source: number, target: number];

/** By person, the pairs of two photos that are wanted. */
function pairsOf(isWanted: (two: Two) => boolean): Two[][] {
  return byPerson(rows, usable)
    .map((indices) => indices.flatMap((source) => indices.map((target): Two => [source, target])))
    .map((pairs) => pairs.filter((two) => two[0] !== two[1] && isWanted(two)))
    .filter((pairs) => pairs.length > 0);
}

const areSharp = (two: Two): boolean => two.every(isSharp);
const isOther = ([one, other]: Two): boolean => Math.abs(gapAt(one) - gapAt(other)) > OTHER_GAP;
const pairs = {
  any: { same: pairsOf(() => true), other: pairsOf(isOther) },
  sharp: { same: pairsOf(areSharp), other: pairsOf((two) => areSharp(two) && isOther(two)) },
};
process.stderr.write(
  `mouths: ${sharp.length} sharp portraits, ${opened.length} with an open mouth, ` +
    `${pairs.any.other.length} people with several mouths, ${pairs.sharp.other.length} of them sharp\n`,
);

function pair(): Buffer | undefined {
  const [what, which, other, open] = random();
  const [sharpness] = random();
  let [source, target] = [0, 0];
  if (what < TWO_PHOTOS) {
    const { same, other: others } = sharpness < SHARP_PHOTOS ? pairs.sharp : pairs.any;
    [source, target] = pick(pick(open < OTHER_MOUTH ? others : same, which), other);
  } else {
    target = open < OPEN_MOUTHS ? pick(opened, which) : pick(sharp, which);
    source = target;
  }
  const [wanted, given] = [photoAt(target), source === target ? undefined : photoAt(source)];
  if (given && Math.abs(given.angles.yaw - wanted.angles.yaw) > MOST_TURN) return undefined;
  const from = given ?? movedAway(wanted, AWAY, drawing);
  const draft = draftOf(from, wanted, drawing);
  const gain = given ? gainOf(draft, wanted.plate.data) : [1, 1, 1];
  if (gain.some((value) => value > MOST_GAIN || value < 1 / MOST_GAIN)) return undefined;
  const map = mouthMap(wanted.mesh, wanted.pose);
  const own = warp(from.plate, { map: mouthMap(from.mesh, from.pose), size: MOUTH_WINDOW });
  const { data } = warp(wanted.plate, { map, size: MOUTH_WINDOW });
  const planes = gain.map((value, channel) =>
    bytesOf(
      data.filter((_, at) => at % 3 === channel),
      value,
    ),
  );
  return Buffer.concat([rowsHead(target, source), bytesOf(mouthChannels(draft, map, own), 255), ...planes]);
}

/** By channel, how much brighter a draft's skin is than the picture's, around the mouth. */
function gainOf({ parts, lips, colours }: Omit<Draft, 'crop'>, picture: Uint8Array): number[] {
  const margins = [(SIDE - MOUTH_WINDOW.width) / 2, (SIDE - MOUTH_WINDOW.height) / 2] as const;
  const isNear = (pixel: number): boolean =>
    [pixel % SIDE, Math.floor(pixel / SIDE)].every((at, axis) => {
      const margin = margins[axis] ?? 0;
      return at >= margin && at < SIDE - margin;
    });
  const sums = [0, 1, 2].map(() => ({ own: 0, theirs: 1 }));
  for (let pixel = 0; pixel < parts.length; pixel++) {
    if (parts[pixel] !== PART.face || (lips.data[pixel] ?? 0) > 0 || !isNear(pixel)) continue;
    sums.forEach((sum, channel) => {
      sum.own += colours[pixel * 3 + channel] ?? 0;
      sum.theirs += picture[pixel * 3 + channel] ?? 0;
    });
  }
  return sums.map(({ own, theirs }) => own / theirs);
}

await writePairs(pair);
