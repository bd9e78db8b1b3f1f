import { appearanceFile, loadBundle } from '../../../pipeline/bundle.js';
import { readAppearanceModel } from '../../../pipeline/draft/appearance.js';
import { backdropOf } from '../../../pipeline/draft/backdrop.js';
import type { Draft } from '../../../pipeline/draft/draw.js';
import { cutOut, type CutOut } from '../../../pipeline/draft/cut-out.js';
import { applyPose, rotationOf, type HeadAngles } from '../../../pipeline/draft/head.js';
import { OVAL } from '../../../pipeline/draft/regions.js';
import { PART } from '../../../pipeline/draft/surface.js';
import type { RgbImage } from '../../../pipeline/image.js';
import { openScene } from '../../../pipeline/scene/scene.js';
import type { SceneWish } from '../../../pipeline/scene/wish.js';

const model = await readAppearanceModel(appearanceFile(await loadBundle('models/tiny')) ?? '');

/** Side of the pictures, and where and how large the head is in them, in pixels. */
export const SIZE = 256;
const HEAD = { scale: 72, shift: [128, 140, 0] } as const;

/** The head's colour where no other is asked for. */
export const SKIN = [150, 110, 90] as const;

/** A head of one colour, the mean of many, with hair around it. */
export interface DrawnHead {
  readonly draft: Draft;
  readonly done: CutOut;
  /** Where a point of the face mesh is. */
  readonly at: (point: number) => readonly [x: number, y: number];
}

/** Draws a head that is turned; `matteAt` says how much of a pixel is the person, by its distance to the middle, 1 at the outline. */
export function drawnHead(
  angles: Partial<HeadAngles> = {},
  { colour = SKIN }: { readonly colour?: readonly [number, number, number] } = {},
): DrawnHead {
  const pose = { ...HEAD, rotation: rotationOf({ yaw: 0, pitch: 0, roll: 0, ...angles }) };
  const mesh = applyPose(pose, model.reference);
  const colours = new Float32Array(SIZE * SIZE * 3);
  const matte = new Float32Array(SIZE * SIZE);
  const parts = new Uint8Array(SIZE * SIZE).fill(PART.around);
  const oval = OVAL.map((point) => [mesh[point * 3] ?? 0, mesh[point * 3 + 1] ?? 0] as const);
  for (let pixel = 0; pixel < matte.length; pixel++) {
    const [x, y] = [pixel % SIZE, Math.floor(pixel / SIZE)];
    colours.set(colour, pixel * 3);
    const far = Math.min(Math.hypot((x - 128) / 62, (y - 130) / 80), Math.hypot((x - 128) / 110, (y - 256) / 50));
    matte[pixel] = Math.min(1, Math.max(0, (1 - far) * 12 + 0.5));
    if (isInside(oval, x, y)) parts[pixel] = PART.face;
  }
  const plane = (data: Float32Array) => ({ width: SIZE, height: SIZE, data });
  const none = plane(new Float32Array(SIZE * SIZE));
  const draft: Draft = {
    size: SIZE,
    colours,
    matte: plane(matte),
    seen: plane(new Float32Array(SIZE * SIZE).fill(1)),
    lips: none,
    eyes: none,
    parts,
    mesh,
    crop: [1, 0, 0, 0, 1, 0],
  };
  return { draft, done: cutOut(draft), at: (point) => [mesh[point * 3] ?? 0, mesh[point * 3 + 1] ?? 0] };
}

function isInside(corners: readonly (readonly [number, number])[], x: number, y: number): boolean {
  let inside = false;
  corners.forEach(([x0, y0], index) => {
    const [x1, y1] = corners[(index + 1) % corners.length] ?? [x0, y0];
    if (y0 > y !== y1 > y && x < x0 + ((x1 - x0) * (y - y0)) / (y1 - y0)) inside = !inside;
  });
  return inside;
}

/** The head in a scene. */
export function sceneOf(
  { draft, done }: Pick<DrawnHead, 'draft' | 'done'>,
  wish: Partial<SceneWish>,
  seed = 1,
): RgbImage {
  const scene = openScene({ wish: { wear: [], ...wish }, size: SIZE, seed, model });
  if (!scene) throw new RangeError('Expected something to draw');
  return scene.set(done, { draft, backdrop: backdropOf(draft, 0.5), index: 0 }).picture;
}

/** The head with nothing on, before a wall that is the same in every picture. */
export function plainScene(head: DrawnHead): RgbImage {
  return sceneOf(head, { backdrop: { label: 'green background' } });
}

/** The head with something on, before the same wall. */
export function wearing(head: DrawnHead, label: string, colour?: string): RgbImage {
  return sceneOf(head, { backdrop: { label: 'green background' }, wear: [{ label, colour }] });
}

/** The pixels that two pictures do not share, as x and y. */
export function changed(one: RgbImage, other: RgbImage, least = 24): (readonly [x: number, y: number])[] {
  const found: (readonly [number, number])[] = [];
  for (let pixel = 0; pixel < SIZE * SIZE; pixel++) {
    const far = [0, 1, 2].reduce(
      (sum, channel) => sum + Math.abs((one.data[pixel * 3 + channel] ?? 0) - (other.data[pixel * 3 + channel] ?? 0)),
      0,
    );
    if (far >= least) found.push([pixel % SIZE, Math.floor(pixel / SIZE)]);
  }
  return found;
}

/** The mean colour of some pixels: red, green, blue, 0..255. */
export function meanColour({ data }: RgbImage, pixels: readonly (readonly [x: number, y: number])[]): number[] {
  return [0, 1, 2].map(
    (channel) => pixels.reduce((sum, [x, y]) => sum + (data[(y * SIZE + x) * 3 + channel] ?? 0), 0) / pixels.length,
  );
}
