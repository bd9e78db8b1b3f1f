/**
 * Draws pairs for the finisher's training: `tsx scripts/draft-pairs.ts WORK SEED`. WORK is what `likeness_training` prepared.
 * Writes pairs to standard output without end: two int32, the rows of target and source, then uint8, channels first, the
 * draft (`FINISHER_CHANNELS`) and the target (red, green, blue over grey, matte). The same drawing code that serves.
 */
import { openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { uniformNumbers } from '../pipeline/diffusion/noise.js';
import { AT_REST, MOVEMENTS, readAppearanceModel } from '../pipeline/draft/appearance.js';
import { cutOut } from '../pipeline/draft/cut-out.js';
import { drawSurface, type Draft, type PaintedMouth } from '../pipeline/draft/draw.js';
import { finisherInput } from '../pipeline/draft/finisher-input.js';
import { cutPerson } from '../pipeline/draft/matting.js';
import { drawMouth, projectMouth } from '../pipeline/draft/mouth.js';
import { draftPhotoOf, type DraftPhoto } from '../pipeline/draft/photo.js';
import { LIP_MIDDLES } from '../pipeline/draft/regions.js';
import { surfaceOf } from '../pipeline/draft/surface.js';
import { aim, aimAt } from '../pipeline/draft/target.js';

/** What `likeness_training` says about a portrait. */
const rowsSchema = z.array(
  z.object({
    set: z.string(),
    person: z.number(),
    split: z.string(),
    presence: z.number(),
    inside: z.number(),
  }),
);

const [work = '', seedText = '1'] = process.argv.slice(2);
const SEED = Number(seedText);
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
/** Gaps between lips, in units, from which a mouth is open. */
const OPEN = 0.06;

const model = await readAppearanceModel(join(work, 'appearance.safetensors'));
const rows = rowsSchema.parse(JSON.parse(readFileSync(join(work, 'rows.json'), 'utf8')));
const frames = openArray('frames.npy', SIDE * SIDE * 3);
const mattes = openArray('mattes.npy', SIDE * SIDE);
const meshes = openArray('meshes.npy', 468 * 3 * 4);

let drawn = 0;
/** The next four random numbers of this run, 0..1. */
function random(): readonly [number, number, number, number] {
  drawn += 1;
  return uniformNumbers([drawn, 0, 0, 0], [SEED, 1]);
}

function openArray(name: string, bytes: number): (index: number) => Buffer {
  const file = openSync(join(work, name), 'r');
  const head = Buffer.alloc(12);
  readSync(file, head, 0, 12, 0);
  const start = 10 + head.readUInt16LE(8);
  return (index) => {
    const data = Buffer.alloc(bytes);
    readSync(file, data, 0, bytes, start + index * bytes);
    return data;
  };
}

function photoAt(index: number): DraftPhoto {
  const image = { width: SIDE, height: SIDE, data: new Uint8Array(frames(index)) };
  const rough = { width: SIDE, height: SIDE, data: new Float32Array(mattes(index)).map((value) => value / 255) };
  const { matte, colours } = cutPerson(image, rough);
  return draftPhotoOf(colours, { matte, mesh: photoMesh(index), model });
}

const usable = rows.flatMap((row, index) =>
  row.split === 'train' && SHARP.has(row.set) && row.inside > MIN_INSIDE && row.presence > MIN_PRESENCE ? [index] : [],
);
const opened = usable.filter((index) => gapOf(photoMesh(index)) > OPEN);
const people = new Map<string, number[]>();
for (const index of usable) {
  const { set, person } = rows[index] ?? { set: '', person: 0 };
  people.set(`${set} ${person}`, [...(people.get(`${set} ${person}`) ?? []), index]);
}
const several = [...people.values()].filter((indices) => indices.length > 1);
process.stderr.write(
  `pairs: ${usable.length} portraits, ${opened.length} with an open mouth, ${several.length} people with several\n`,
);

function photoMesh(index: number): Float64Array {
  const stored = meshes(index);
  return Float64Array.from(new Float32Array(stored.buffer, stored.byteOffset, 468 * 3));
}

/** The gap between the lips against the distance of the eyes. */
function gapOf(mesh: Float64Array): number {
  const [upper, lower] = LIP_MIDDLES;
  const distance = (one: number, other: number): number =>
    Math.hypot((mesh[one * 3] ?? 0) - (mesh[other * 3] ?? 0), (mesh[one * 3 + 1] ?? 0) - (mesh[other * 3 + 1] ?? 0));
  return distance(upper, lower) / Math.max(1, distance(33, 263));
}

function pick<T>(from: readonly T[], part: number): T {
  const value = from[Math.min(from.length - 1, Math.floor(part * from.length))];
  if (value === undefined) throw new RangeError('Expected something to pick from');
  return value;
}

/** A photo moved away: turned by chance, its face moved by chance. */
function movedAway(photo: DraftPhoto): DraftPhoto {
  const [yaw, pitch, roll, kind] = random();
  const [amount, tooth] = random();
  const centred = (value: number): number => value * 2 - 1;
  const target = {
    angles: {
      yaw: Math.min(32, Math.max(-32, photo.angles.yaw + 26 * centred(yaw))),
      pitch: photo.angles.pitch + 12 * centred(pitch),
      roll: 7 * centred(roll),
    },
    movements: kind < 0.5 ? AT_REST : { ...AT_REST, [pick(MOVEMENTS, kind * 2 - 1)]: 0.5 + 0.8 * amount },
  };
  const surface = surfaceOf(photo.mesh, { ...photo, model });
  const places = aim(photo, surface, { model, target });
  const { grin, surprise } = model.mouths;
  const mouth = target.movements.surprise > 0 ? surprise : grin;
  const opens = gapOf(places) > OPEN && gapOf(photo.mesh) < OPEN;
  const painted =
    opens && mouth ? { chart: drawMouth(mouth, Math.floor(tooth * 2 ** 32)), gain: 1, colour: 1 } : undefined;
  const draft = drawSurface(photo, surface, { places, size: SIDE, model, movements: target.movements, mouth: painted });
  return {
    ...draftPhotoOf(imageOf(draft), { matte: draft.matte, mesh: draft.mesh, model }),
    movements: target.movements,
  };
}

function imageOf({ size, colours }: Omit<Draft, 'crop'>): DraftPhoto['plate'] {
  return { width: size, height: size, data: new Uint8Array(new Uint8ClampedArray(colours).buffer) };
}

/** The source's head drawn as the target shows it. */
function draftOf(source: DraftPhoto, target: DraftPhoto): Omit<Draft, 'crop'> {
  const surface = surfaceOf(source.mesh, { ...source, model });
  const places = aimAt(surface, target.mesh, target.pose);
  const isOpening = gapOf(target.mesh) > OPEN / 2 && gapOf(source.mesh) < 0.6 * gapOf(target.mesh);
  return drawSurface(source, surface, {
    places,
    size: SIDE,
    model,
    movements: target.movements,
    mouth: isOpening ? mouthOf(target) : undefined,
  });
}

/** What a drawn mouth like the target's own is: of a grin as far as the components tell it, of surprise any. */
function mouthOf(target: DraftPhoto): PaintedMouth | undefined {
  const { grin, surprise } = model.mouths;
  const [chance] = random();
  const isWideOpen = target.movements.surprise > target.movements.grin;
  if (isWideOpen && surprise) return { chart: drawMouth(surprise, Math.floor(chance * 2 ** 32)), gain: 1, colour: 1 };
  return grin && { chart: projectMouth(grin, target), gain: 1, colour: 1 };
}

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
  const draft = draftOf(given ?? movedAway(wanted), wanted);
  const head = Buffer.alloc(8);
  head.writeInt32LE(target, 0);
  head.writeInt32LE(source, 4);
  return Buffer.concat([
    head,
    bytesOf(finisherInput(draft).told),
    bytesOf(cutOut({ size: SIDE, colours: wanted.plate.data, matte: wanted.matte }).data),
  ]);
}

function bytesOf(values: Float32Array): Buffer {
  const bytes = new Uint8ClampedArray(values.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = (values[at] ?? 0) * 255;
  return Buffer.from(bytes.buffer);
}

// Whoever reads has had enough.
process.stdout.on('error', () => process.exit(0));
for (;;) {
  const bytes = pair();
  if (!process.stdout.write(bytes)) await new Promise((resolve) => process.stdout.once('drain', resolve));
}
