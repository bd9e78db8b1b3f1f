import type { Draft } from '../draft/draw.js';
import type { CutOut } from '../draft/cut-out.js';
import { poseOf } from '../draft/head.js';
import type { RgbImage } from '../image.js';
import type { AppearanceModel } from '../draft/appearance.js';
import { BACKDROPS } from './backdrops/index.js';
import type { Canvas } from './canvas.js';
import { COLOURS, linearOf } from './colour.js';
import { drawFalling } from './falling.js';
import { lightBackdrop, lightPerson } from './illuminate.js';
import { LIGHTS } from './lights.js';
import { personOf } from './person.js';
import { createNoise, createRandom } from './random.js';
import { reliefOf } from './relief.js';
import { setPersonBefore, settingOf, type Setting } from './set.js';
import { THINGS } from './wear/index.js';
import { putOn } from './wear/put-on.js';
import type { Choice, SceneWish } from './wish.js';

/** A portrait in its scene, and where in it the person and what they wear are, 0..1. */
export interface ScenePicture {
  readonly picture: RgbImage;
  readonly matte: Float32Array;
}

/** The scene of an album: its backdrop is painted once. */
export interface SceneSetter {
  set(done: CutOut, portrait: ScenePortrait): ScenePicture;
}

/** Which portrait of an album is set in its scene. */
export interface ScenePortrait {
  readonly draft: Pick<Draft, 'size' | 'mesh' | 'matte' | 'parts'>;
  /** What stands behind where no backdrop was asked for. */
  readonly backdrop: RgbImage;
  readonly index: number;
}

/** How a scene is made. */
export interface SceneOptions {
  readonly wish: SceneWish;
  readonly size: number;
  readonly seed: number;
  readonly model: Pick<AppearanceModel, 'reference' | 'triangles'>;
}

/** Readies a scene; nothing where none was asked for. Labels that nobody draws are passed over. */
export function openScene({ wish, size, seed, model }: SceneOptions): SceneSetter | undefined {
  const worn = wish.wear.flatMap(({ label, colour }) => {
    const thing = THINGS[label];
    return thing ? [{ thing, colour: colourOf(colour) }] : [];
  });
  const light = wish.light === undefined ? undefined : LIGHTS[wish.light];
  const backdrop = wish.backdrop && paintBackdrop(wish.backdrop, { size, seed });
  if (!backdrop && !light && worn.length === 0) return undefined;
  const lit = (canvas: Canvas): Setting => settingOf(light ? lightBackdrop(canvas, light) : canvas);
  const setting = backdrop && lit(backdrop);
  const falling = wish.backdrop && BACKDROPS[wish.backdrop.label]?.falling;
  return {
    set(done, { draft, backdrop: usual, index }) {
      const cut = personOf(done);
      const pose = poseOf(draft.mesh, model.reference);
      if (worn.length > 0) putOn(cut, worn, { draft, pose, triangles: model.triangles });
      const person = light ? lightPerson(cut, light, reliefOf(cut, draft, model.triangles)) : cut;
      const picture = setPersonBefore(person, setting ?? lit(canvasOf(usual)));
      if (falling) drawFalling(picture, falling, createRandom(seed, `falling ${index}`));
      return { picture, matte: person.matte };
    },
  };
}

/** How far above the eyes the tallest of what is worn reaches; units of the head. */
export function heightOf(wish: SceneWish): number {
  return Math.max(0, ...wish.wear.map(({ label }) => THINGS[label]?.above ?? 0));
}

function colourOf(label: string | undefined): readonly [number, number, number] | undefined {
  return label === undefined ? undefined : COLOURS[label];
}

/** Albums of many seeds share so many variants of a backdrop, the latest of which are kept. */
const VARIANTS = 4;
const KEPT = 3;
const painted = new Map<string, Canvas>();

function paintBackdrop(
  { label, colour }: Choice,
  { size, seed }: Pick<SceneOptions, 'size' | 'seed'>,
): Canvas | undefined {
  const variant = seed % VARIANTS;
  const key = JSON.stringify([label, colour, size, variant]);
  const known = painted.get(key);
  if (known) return known;
  const random = createRandom(variant, label);
  const canvas = BACKDROPS[label]?.paint({ size, random, noise: createNoise(random), colour: colourOf(colour) });
  if (!canvas) return undefined;
  painted.set(key, canvas);
  for (const oldest of [...painted.keys()].slice(0, -KEPT)) painted.delete(oldest);
  return canvas;
}

/** Linear light of bytes of sRGB. */
const LINEAR = Float32Array.from({ length: 256 }, (_, value) => linearOf(value / 255));

function canvasOf({ width, data }: RgbImage): Canvas {
  const planeOf = (channel: number): Float32Array =>
    Float32Array.from({ length: width * width }, (_, pixel) => LINEAR[data[pixel * 3 + channel] ?? 0] ?? 0);
  return { size: width, planes: [planeOf(0), planeOf(1), planeOf(2)] };
}
