import { uniformNumbers } from '../diffusion/noise.js';
import type { Asked } from '../text/prompt.js';
import { AT_REST, type Movements } from './appearance.js';
import type { CropWish } from './crop.js';
import { EYES_AS_THEY_ARE, type EyeWish } from './eyes.js';
import type { HeadAngles } from './head.js';
import type { Keeps, Teeth } from './target.js';

/** Everything that makes one portrait of an album differ from the next. */
export interface PortraitPlan {
  readonly angles: HeadAngles;
  readonly slack: number;
  readonly most: number;
  readonly movements: Movements;
  /** What of the photo's own expression stays. */
  readonly keeps: Keeps;
  readonly teeth: Teeth;
  readonly eyes: EyeWish;
  readonly crop: CropWish;
  /** How light the backdrop is, 0..1, within what looks like a studio. */
  readonly tone: number;
  /** Of the mouth's inside. */
  readonly seed: number;
}

/** Turns that read as a side: decision 027. Degrees of yaw. */
const SIDE_TURN = { least: 15, most: 21 } as const;
/** Where a head points where nothing is asked, and how far it turns for that; degrees. */
const CASUAL = { yaw: 9, pitch: 3, roll: 4, most: 10 } as const;
/** A head that looks at the camera may point a little to a side, as the photo does; degrees of yaw. */
const FRONT_SLACK = 6;
const HEIGHT_TURN = { least: 10, most: 14 } as const;
/** Eyes look where the head points, and a little further; those of the sad look down. */
const GAZES: Readonly<Record<string, EyeWish>> = {
  up: { lids: 0, gaze: -0.14 },
  down: { lids: 0.4, gaze: 0.3 },
  sad: { lids: 0.25, gaze: 0.14 },
};
const TILT_TURN = { least: 8, most: 12 } as const;

/** Faces that a photographer would wait for, where no expression is asked: how much of which movement. */
const MOODS: readonly Partial<Movements>[] = [{ smile: 0.55 }, {}, { grin: 0.75 }, { smile: 0.9 }];

/** Smiles with teeth that are asked for, and lips that are to meet. */
const LAUGHING = 'laughing';
const MOUTH_CLOSED = 'mouth closed';
const LAUGHS: readonly Partial<Movements>[] = [{ grin: 1 }, { grin: 0.85 }, { grin: 1.15 }, { grin: 1.3 }];

const EXPRESSIONS: Readonly<Record<string, readonly Partial<Movements>[]>> = {
  happy: [{ grin: 1 }, { grin: 0.8 }, { grin: 1.15 }, { smile: 1.2 }],
  neutral: [{}],
  surprised: [{ surprise: 1.25 }, { surprise: 1.05 }, { surprise: 1.45 }],
  sad: [
    { sadness: 2, smile: -0.3 },
    { sadness: 1.7, smile: -0.25 },
    { sadness: 2.4, smile: -0.4 },
  ],
};

const CROPS: Readonly<Record<'close' | 'usual' | 'wide', CropWish>> = {
  close: { units: 2.5, eyes: { x: 0.5, y: 0.45 } },
  usual: { units: 3.05, eyes: { x: 0.5, y: 0.44 } },
  wide: { units: 3.6, eyes: { x: 0.5, y: 0.42 } },
};

/**
 * How an album's portrait number `index` is posed: varied where nothing is asked, the same for the same seed. `above` is how
 * far over the eyes something stands on the head, in units of it.
 */
export function planPortrait(
  asked: Asked,
  { seed, index, above = 0 }: { readonly seed: number; readonly index: number; readonly above?: number },
): PortraitPlan {
  const [a, b, c, d] = uniformNumbers([0, 0, 1, 0], [seed, index]);
  const [e, f, g] = uniformNumbers([1, 0, 1, 0], [seed, index]);
  return {
    angles: anglesFor(asked, { index, turns: [a, b, c] }),
    slack: asked.side === 'front' ? FRONT_SLACK : 0,
    most: asked.side === undefined ? CASUAL.most : Infinity,
    movements: movementsFor(asked, index, d),
    keeps: keptOf(asked),
    teeth: teethOf(asked),
    eyes: lookup(GAZES, asked.height) ?? lookup(GAZES, asked.expression) ?? EYES_AS_THEY_ARE,
    crop: withRoom(cropFor(asked, { index, parts: [e, f] }), above),
    tone: g,
    seed: Math.floor(d * 2 ** 32) ^ index,
  };
}

function keptOf({ expression, mouth }: Asked): Keeps {
  if (mouth === MOUTH_CLOSED) return 'nothing';
  if (expression === undefined) return 'open mouths';
  return expression === 'happy' ? 'smiles' : 'nothing';
}

/** Teeth that a photo does not show are painted where a laugh is asked for alone: those between closed lips look set in. */
function teethOf({ mouth }: Asked): Teeth {
  if (mouth === MOUTH_CLOSED) return 'none';
  return mouth === LAUGHING ? 'any' : 'own';
}

function anglesFor(
  asked: Asked,
  { index, turns: [a, b, c] }: { readonly index: number; readonly turns: readonly [number, number, number] },
): HeadAngles {
  const between = ({ least, most }: { readonly least: number; readonly most: number }, part: number): number =>
    least + (most - least) * part;
  const spread = (part: number, most: number): number => (part * 2 - 1) * most;
  // Sides alternate, so that an album looks at both.
  const casual = (index % 2 === 0 ? 1 : -1) * CASUAL.yaw * (0.3 + 0.7 * a);
  const turned = between(SIDE_TURN, a);
  const yaw = asked.side ? { left: -turned, right: turned, front: spread(a, 3) }[asked.side] : casual;
  const raised = between(HEIGHT_TURN, b);
  const pitch = lookup({ up: raised, down: -raised }, asked.height) ?? spread(b, CASUAL.pitch);
  const leaned = between(TILT_TURN, c);
  const roll = lookup({ left: -leaned, right: leaned }, asked.tilt) ?? spread(c, CASUAL.roll);
  return { yaw, pitch, roll };
}

function lookup<T>(table: Readonly<Record<string, T>>, key: string | undefined): T | undefined {
  return key === undefined ? undefined : table[key];
}

function movementsFor({ expression, mouth }: Asked, index: number, part: number): Movements {
  const isLaugh = expression === 'happy' && mouth === LAUGHING;
  const choices = isLaugh ? LAUGHS : (lookup(EXPRESSIONS, expression) ?? MOODS);
  const chosen = choices[index % choices.length] ?? {};
  const scale = 0.92 + 0.16 * part;
  const scaled = Object.entries(chosen).map(([name, amount]) => [name, amount * scale]);
  return { ...AT_REST, ...Object.fromEntries(scaled) };
}

function cropFor(
  { framing }: Asked,
  { index, parts: [e, f] }: { readonly index: number; readonly parts: readonly [number, number] },
): CropWish {
  const kind = lookup({ 'close-up': CROPS.close, 'head and shoulders': CROPS.wide }, framing);
  const { units, eyes } = kind ?? CROPS.usual;
  // The third of four is a step nearer, as a photographer would go.
  const nearer = kind === undefined && index % 4 === 2 ? 0.88 : 1;
  return { units: units * nearer * (0.97 + 0.06 * e), eyes: { x: eyes.x + 0.02 * (f - 0.5), y: eyes.y } };
}

/** Of a picture with a hat in it, where the eyes lie at the lowest, and how much is left free above. */
const HATTED = { eyes: 0.57, free: 0.06 } as const;

/** A crop that shows what stands on a head: the eyes lower, and where that is not enough all of it smaller. */
function withRoom(crop: CropWish, above: number): CropWish {
  if (above === 0) return crop;
  const needed = above + HATTED.free;
  const units = Math.max(crop.units, needed / HATTED.eyes);
  return { units, eyes: { x: crop.eyes.x, y: Math.max(crop.eyes.y, needed / units) }, above: true };
}
