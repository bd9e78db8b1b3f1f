import { applyAffine, boxAround, invertAffine, type Affine } from '../face/geometry.js';
import { warp } from '../face/warp.js';
import { outputOf, type Graphs } from '../graphs.js';
import type { RgbImage } from '../image.js';
import { floatTensor, floatsOf } from '../tensor.js';
import { pictureOf, type Draft } from './draw.js';
import { poseOf, undoPose } from './head.js';
import { mouthMap, MOUTH_WINDOW } from './mouth-window.js';
import type { DraftPhoto } from './photo.js';
import { pixelsBetween, type Plane } from './plane.js';
import { LIPS_INNER, LIPS_OUTER } from './regions.js';
import { samplePlane } from './sample.js';
import { PART } from './surface.js';
import { lipGap } from './target.js';
import { touchUpTeeth } from './teeth.js';
import { lightOf } from './tint.js';

const { width: WIDTH, height: HEIGHT } = MOUTH_WINDOW;
const PLANE = WIDTH * HEIGHT;

/** Channels of what the refiner is told, in their order, 0..1: the draft, what is where in it, and the mouth in the photo. */
export const MOUTH_CHANNELS = ['red', 'green', 'blue', 'lips', 'mouth', 'own red', 'own green', 'own blue'] as const;

/** Lips that move by less than the first stay the photo's own; from the second on all of the answer is taken; units. */
const MOVED = { little: 0.015, much: 0.04 } as const;
/** Mouths whose lips gape by more than the first are left more and more to the finisher, from the second on wholly: few portraits show them; units. */
const GAPING = { from: 0.16, wholly: 0.2 } as const;
/** The answer is taken in an ellipse as large as the window: wholly in this part of it, then less and less. */
const WHOLLY = 0.7;
/** Around lips and mouth, skin changes by no more than this, 0..1: there the photo is right. */
const MOST_CHANGE = 0.12;

/** What a mouth is refined with: the photo that the draft is drawn from, and the mean head. */
export interface MouthSource {
  readonly photo: DraftPhoto;
  readonly reference: Float64Array;
}

/**
 * Paints the mouth of a draft as it looks where it was moved to: graph `mouth_refiner`, mouth float32 [1, 8, 96, 128]
 * (`MOUTH_CHANNELS`) to painted [1, 3, 96, 128], 0..1. A mouth that hardly moved stays as the photo shows it, one that
 * gapes is left to the finisher. Changes the draft's colours; what was painted counts as seen.
 */
export async function refineMouth(
  graphs: Pick<Graphs, 'has' | 'run'>,
  draft: Draft,
  { photo, reference }: MouthSource,
): Promise<Draft> {
  const pose = poseOf(draft.mesh, reference);
  const moved = movedLips(undoPose(pose, draft.mesh), undoPose(photo.pose, photo.mesh));
  const gaping = (lipGap(draft.mesh, pose.scale) - GAPING.from) / (GAPING.wholly - GAPING.from);
  const isLeft = moved < MOVED.little || gaping >= 1;
  if (!graphs.has('mouth_refiner') || isLeft) return draft;
  const amount = Math.min(1, (moved - MOVED.little) / (MOVED.much - MOVED.little)) * (1 - Math.max(0, gaping));
  const map = mouthMap(draft.mesh, pose);
  const own = warp(photo.plate, { map: mouthMap(photo.mesh, photo.pose), size: MOUTH_WINDOW });
  const told = mouthChannels(draft, map, own);
  const outputs = await graphs.run('mouth_refiner', {
    mouth: floatTensor([1, MOUTH_CHANNELS.length, HEIGHT, WIDTH], told),
  });
  const painted = floatsOf(outputOf(outputs, 'mouth_refiner', 'painted'));
  const teeth = showsOwnTeeth(draft, map) ? painted : touchUpTeeth(painted, told, lightOf(photo));
  addChange(draft, map, changeOf(teeth, told, amount));
  return draft;
}

/** The pixels of a picture, `size` pixels square, in an upright box around the window that a map takes them to, and one more each way. */
function* pixelsUnder(map: Affine, size: number): Generator<number> {
  const back = invertAffine(map);
  const corners = [
    [-1, -1],
    [WIDTH, -1],
    [-1, HEIGHT],
    [WIDTH, HEIGHT],
  ] as const;
  const box = boxAround(corners.map((corner) => applyAffine(back, corner)));
  yield* pixelsBetween(
    [Math.floor(box.x) - 1, Math.floor(box.y) - 1],
    [Math.ceil(box.x + box.width) + 1, Math.ceil(box.y + box.height) + 1],
    size,
  );
}

/** Whether what lies between a draft's lips is from the photo, and not painted. */
function showsOwnTeeth({ size, parts, seen }: Draft, map: Affine): boolean {
  let [inside, own] = [0, 0];
  for (const pixel of pixelsUnder(map, size)) {
    if (parts[pixel] !== PART.mouth) continue;
    inside += 1;
    own += seen.data[pixel] ?? 0;
  }
  return own > inside / 2;
}

/** How far the point of the lips that moves the most does, in units. */
function movedLips(one: Float64Array, other: Float64Array): number {
  const distance = (point: number): number =>
    Math.hypot(...[0, 1, 2].map((axis) => (one[point * 3 + axis] ?? 0) - (other[point * 3 + axis] ?? 0)));
  return Math.max(...[...LIPS_INNER, ...LIPS_OUTER].map(distance));
}

/** `MOUTH_CHANNELS` of a draft's window; `own` is that of the photo. */
export function mouthChannels(
  draft: Pick<Draft, 'size' | 'colours' | 'lips' | 'parts'>,
  map: Affine,
  own: RgbImage,
): Float32Array {
  const told = new Float32Array(MOUTH_CHANNELS.length * PLANE);
  const { size, lips, parts } = draft;
  const shown = warp(pictureOf(draft), { map, size: MOUTH_WINDOW });
  const mouth = { ...lips, data: new Float32Array(parts.length) };
  for (const pixel of pixelsUnder(map, size)) if (parts[pixel] === PART.mouth) mouth.data[pixel] = 1;
  const back = invertAffine(map);
  for (let pixel = 0; pixel < PLANE; pixel++) {
    const place = applyAffine(back, [pixel % WIDTH, Math.floor(pixel / WIDTH)]);
    for (let channel = 0; channel < 3; channel++) {
      told[channel * PLANE + pixel] = (shown.data[pixel * 3 + channel] ?? 0) / 255;
      told[(5 + channel) * PLANE + pixel] = (own.data[pixel * 3 + channel] ?? 0) / 255;
    }
    told[3 * PLANE + pixel] = samplePlane(lips, place);
    told[4 * PLANE + pixel] = samplePlane(mouth, place);
  }
  return told;
}

/** What is to be added to a window's colours, a plane for each of red, green, blue and for how much of the answer that is; 0..1. */
function changeOf(painted: Float32Array, told: Float32Array, amount: number): readonly Plane[] {
  const planes = [0, 1, 2, 3].map(() => ({ width: WIDTH, height: HEIGHT, data: new Float32Array(PLANE) }));
  for (let pixel = 0; pixel < PLANE; pixel++) {
    const [x, y] = [pixel % WIDTH, Math.floor(pixel / WIDTH)];
    const out = Math.hypot((x + 0.5) / (WIDTH / 2) - 1, (y + 0.5) / (HEIGHT / 2) - 1);
    const taken = amount * Math.min(1, Math.max(0, (1 - out) / (1 - WHOLLY)));
    const most = MOST_CHANGE + Math.max(told[3 * PLANE + pixel] ?? 0, told[4 * PLANE + pixel] ?? 0);
    planes.forEach(({ data }, channel) => {
      const at = channel * PLANE + pixel;
      data[pixel] = taken * (channel === 3 ? 1 : Math.min(most, Math.max(-most, (painted[at] ?? 0) - (told[at] ?? 0))));
    });
  }
  return planes;
}

function addChange(
  { size, colours, seen, parts }: Draft,
  map: Affine,
  [red, green, blue, taken]: readonly Plane[],
): void {
  if (!red || !green || !blue || !taken) return;
  for (const pixel of pixelsUnder(map, size)) {
    if (parts[pixel] !== PART.face && parts[pixel] !== PART.mouth) continue;
    const place = applyAffine(map, [pixel % size, Math.floor(pixel / size)]);
    const part = samplePlane(taken, place);
    if (part === 0) continue;
    [red, green, blue].forEach((plane, channel) => {
      const at = pixel * 3 + channel;
      colours[at] = (colours[at] ?? 0) + 255 * samplePlane(plane, place);
    });
    seen.data[pixel] = Math.max(seen.data[pixel] ?? 0, part);
  }
}
