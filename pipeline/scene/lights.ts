import type { CanvasPoint } from './canvas.js';
import { hex, times, type Rgb } from './colour.js';
import { unit, type Vector } from './mesh/shapes.js';

/** A lamp that shines on a person. */
export interface Lamp {
  /** Where it stands, as seen from the person: x right, y down, z away from the camera. */
  readonly from: Vector;
  readonly colour: Rgb;
  /** How far its light reaches around, 0..1: 0 is a bare bulb, 1 a whole wall. */
  readonly wrap: number;
}

/** A pool of light on what is behind; lengths are parts of the picture's side. */
export interface Pool {
  readonly at: CanvasPoint;
  /** Where its light has fallen to a third. */
  readonly radius: number;
  readonly colour: Rgb;
}

/** How a portrait is lit: on top of the light of its photo. */
export interface Light {
  readonly ambient: Rgb;
  readonly lamps: readonly Lamp[];
  /** Light from behind on the edges. */
  readonly rim?: { readonly colour: Rgb; readonly from: readonly (1 | -1)[] };
  /** How bright what is behind is, and in which colour. */
  readonly behind: Rgb;
  /** A lamp that shines on what is behind. */
  readonly pool?: Pool;
  /** How much colour is left of the photo's, 0..1; 1 where left out. */
  readonly colourful?: number;
  /** How much darker the corners are. */
  readonly corners?: number;
  /** Bars of shadow across, as a blind throws them. */
  readonly blind?: boolean;
}

const grey = (level: number): Rgb => [level, level, level];
const lamp = (from: Vector, colour: Rgb, wrap = 0.35): Lamp => ({ from: unit(from), colour, wrap });
const [LEFT, RIGHT]: readonly [Vector, Vector] = [
  [-1, -0.25, -0.3],
  [1, -0.25, -0.3],
];

/** Light of one colour from all around and above, as through a coloured sheet. */
function gel(written: string): Light {
  const colour = hex(written);
  return {
    ambient: times(colour, 0.5),
    lamps: [lamp([-0.5, -0.5, -0.7], times(colour, 0.95), 0.5)],
    behind: times(colour, 0.75),
    colourful: 0.45,
    corners: 0.3,
  };
}

/** A large lamp at one side: the other half of the face and of what is behind lies in shadow, and can still be seen. */
function fromOneSide(side: Vector): Light {
  return {
    ambient: grey(0.17),
    lamps: [lamp(side, [1.55, 1.5, 1.42], 0.14)],
    behind: grey(0.3),
    pool: { at: [side[0] < 0 ? -0.05 : 1.05, 0.3], radius: 0.6, colour: [0.85, 0.82, 0.76] },
  };
}

/** Every light by its label in the vocabulary of a bundle. */
export const LIGHTS: Readonly<Record<string, Light>> = {
  'warm light': {
    ambient: [0.86, 0.7, 0.5],
    lamps: [lamp([-0.6, -0.5, -0.6], [0.42, 0.24, 0.08], 0.5)],
    behind: [1, 0.82, 0.6],
  },
  'cold light': {
    ambient: [0.55, 0.72, 0.98],
    lamps: [lamp([0.5, -0.7, -0.5], [0.16, 0.27, 0.42], 0.4)],
    behind: [0.6, 0.78, 1.02],
    colourful: 0.8,
  },
  'side light': {
    ambient: grey(0.08),
    lamps: [lamp([-1, -0.15, -0.12], [1.85, 1.77, 1.65], 0.1)],
    behind: grey(0.22),
    corners: 0.35,
  },
  'light from the left': fromOneSide(LEFT),
  'light from the right': fromOneSide(RIGHT),
  'dim light': {
    ambient: [0.25, 0.22, 0.2],
    lamps: [lamp([0.3, -0.7, -0.6], [0.2, 0.17, 0.13], 0.3)],
    behind: [0.2, 0.18, 0.18],
    colourful: 0.85,
    corners: 0.5,
  },
  'red light': gel('#ff3a2e'),
  'green light': gel('#48f06a'),
  'blue light': gel('#4a78ff'),
  'purple light': gel('#b45cff'),
  'rim light': {
    ambient: grey(0.34),
    lamps: [lamp([-0.2, -0.4, -0.9], grey(0.16), 0.4)],
    rim: { colour: [1.15, 1.12, 1.05], from: [1, -1] },
    behind: grey(0.22),
    corners: 0.35,
  },
  'neon light': {
    ambient: [0.16, 0.1, 0.26],
    lamps: [lamp([-1, 0, -0.35], [1.5, 0.12, 0.85], 0.3), lamp([1, 0, -0.35], [0.06, 0.85, 1.45], 0.3)],
    rim: { colour: [0.35, 0.25, 0.6], from: [1, -1] },
    behind: [0.32, 0.16, 0.5],
    colourful: 0.6,
  },
  candlelight: {
    ambient: [0.13, 0.07, 0.035],
    lamps: [lamp([-0.25, 0.75, -0.6], [1.2, 0.66, 0.24], 0.25)],
    behind: [0.2, 0.11, 0.05],
    corners: 0.6,
  },
  'golden hour': {
    ambient: [0.66, 0.5, 0.36],
    lamps: [lamp([1, -0.15, -0.3], [1.05, 0.56, 0.16], 0.35)],
    rim: { colour: [2, 1.15, 0.4], from: [1] },
    behind: [0.8, 0.55, 0.32],
    pool: { at: [1, 0.35], radius: 0.55, colour: [1.5, 0.72, 0.16] },
  },
  'studio light': {
    ambient: grey(0.3),
    lamps: [lamp([-0.75, -0.55, -0.55], grey(1.05), 0.25)],
    rim: { colour: grey(0.85), from: [1] },
    behind: grey(0.12),
    pool: { at: [0.5, 0.4], radius: 0.4, colour: grey(0.75) },
    corners: 0.25,
  },
  'noir light': {
    ambient: grey(0.1),
    lamps: [lamp([0.8, -0.3, -0.5], [1.25, 1.22, 1.16], 0.12)],
    behind: grey(0.3),
    colourful: 0.12,
    corners: 0.5,
    blind: true,
  },
};
