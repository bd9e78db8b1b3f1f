import { hex, mix, times, type Rgb } from '../colour.js';
import { ball, pillow, smoothLine, tube, type Material, type Piece, type Vector } from '../mesh/shapes.js';
import { createNoise, createRandom } from '../random.js';
import type { Fit } from './fit.js';
import type { Thing } from './thing.js';

/** Half a lens: its width and height, the power of its outline, and how it hangs towards the nose. */
interface Lens {
  readonly width: number;
  readonly height: number;
  readonly power: number;
  readonly lowered: number;
}

const READING: Lens = { width: 0.275, height: 0.2, power: 3, lowered: 0.015 };
const SHADES: Lens = { width: 0.3, height: 0.225, power: 2.9, lowered: 0.035 };

/** The middles of the eyes, left and right. */
function eyesOf({ at }: Fit): readonly [Vector, Vector] {
  const middle = (outer: number, inner: number): Vector => {
    const [a, b] = [at(outer), at(inner)];
    return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2];
  };
  return [middle(33, 133), middle(263, 362)];
}

/** Where a place before the eyes lies: glasses are bent around the face. */
function onLensPlane(fit: Fit, x: number, y: number): Vector {
  const bridge = fit.at(168)[2];
  return [x, y, bridge - 0.045 + 0.3 * x * x];
}

function lensOutline(fit: Fit, eye: Vector, { width, height, power, lowered }: Lens): (u: number) => Vector {
  const outward = Math.sign(eye[0]);
  const centre = [eye[0] + outward * 0.015, eye[1] + lowered] as const;
  return (u) => {
    const [c, s] = [Math.cos(u * 2 * Math.PI), Math.sin(u * 2 * Math.PI)];
    const radius = (Math.abs(c) ** power + Math.abs(s) ** power) ** (-1 / power);
    // Wider above than below, as frames are.
    const x = centre[0] + width * c * radius * (1 - 0.1 * s);
    return onLensPlane(fit, x, centre[1] + height * s * radius);
  };
}

function framesOf(fit: Fit, lens: Lens, material: Material): Piece[] {
  const rims = eyesOf(fit).map((eye) => {
    const outline = lensOutline(fit, eye, lens);
    const line = Array.from({ length: 49 }, (_, step) => outline(step / 48));
    return tube(line, (part) => 0.026 + 0.013 * Math.max(0, -Math.sin(part * 2 * Math.PI)), { material, around: 8 });
  });
  const [left, right] = eyesOf(fit);
  const y = (left[1] + right[1]) / 2 + lens.lowered - 0.06;
  const inner = (eye: Vector): number => eye[0] + Math.sign(eye[0]) * 0.015 - Math.sign(eye[0]) * lens.width;
  const [from, to] = [inner(left), inner(right)];
  const lift = (x: number, up: number): Vector => {
    const [px, py, pz] = onLensPlane(fit, x, y - up);
    return [px, py, pz - 0.015];
  };
  const bridge = smoothLine([lift(from, 0), lift((from + to) / 2, 0.055), lift(to, 0)], 8);
  const arms = [left, right].map((eye) => {
    const side = Math.sign(eye[0]);
    const hinge = onLensPlane(fit, eye[0] + side * (lens.width + 0.01), y - 0.02);
    const temple = side * Math.max(Math.abs(fit.at(454)[0]), Math.abs(fit.at(234)[0])) * 1.06;
    const line = smoothLine([hinge, [(hinge[0] + temple) / 2 + side * 0.03, y, 0.12], [temple, y + 0.03, 0.62]], 10);
    return tube(line, () => 0.028, { material: { ...material, onFace: true }, around: 8 });
  });
  return [...rims, tube(bridge, () => 0.027, { material, around: 8 }), ...arms];
}

/** What lies within the rims. */
function lensesOf(fit: Fit, lens: Lens, material: Material): Piece[] {
  return eyesOf(fit).map((eye) => {
    const outline = lensOutline(fit, eye, lens);
    const centre = onLensPlane(fit, eye[0] + Math.sign(eye[0]) * 0.015, eye[1] + lens.lowered);
    return pillow({ centre, outline, out: [0, 0, -0.025] }, material, { u: 48, v: 6 });
  });
}

/** Two streaks of light across a lens; u goes around it and v out. */
function streaks(u: number, v: number): number {
  const [x, y] = [Math.cos(u * 2 * Math.PI) * v, Math.sin(u * 2 * Math.PI) * v];
  const across = x * 0.8 + y * 0.6 + 0.2;
  return across > -0.1 && across < 0.12 ? 1 : across > 0.2 && across < 0.26 ? 0.7 : 0;
}

/** Glasses with a rim. */
export const glasses: Thing = {
  slot: 'eyes',
  colour: hex('#23201f'),
  build: (fit, colour) => [
    ...framesOf(fit, READING, { colour, gloss: 0.6 }),
    ...lensesOf(fit, READING, { colour: [0.95, 0.98, 1], crisp: true, cover: (u, v) => 0.03 + 0.09 * streaks(u, v) }),
  ],
};

/** Dark glasses. */
export const sunglasses: Thing = {
  slot: 'eyes',
  colour: hex('#16161a'),
  build: (fit, colour) => {
    const [above, below] = [times(colour, 0.12), mix(times(colour, 0.7), [0.05, 0.055, 0.065], 0.5)];
    const glass = (u: number, v: number): Rgb => {
      const down = 0.5 + 0.5 * Math.sin(u * 2 * Math.PI) * v;
      return mix(mix(above, below, down * down), [0.6, 0.65, 0.72], 0.13 * streaks(u, v));
    };
    return [
      ...framesOf(fit, SHADES, { colour, gloss: 0.8 }),
      ...lensesOf(fit, SHADES, { colour: glass, crisp: true, gloss: 0.25, cover: 0.96 }),
    ];
  },
};

/** A patch over an eye, its band across the face. */
export const eyePatch: Thing = {
  slot: 'eyes',
  colour: hex('#17161a'),
  build: (fit, colour) => {
    const [, eye] = eyesOf(fit);
    const centre: Vector = [eye[0] + 0.01, eye[1] + 0.03, fit.at(386)[2] - 0.05];
    const outline = (u: number): Vector => {
      const [c, s] = [Math.cos(u * 2 * Math.PI), Math.sin(u * 2 * Math.PI)];
      const wide = s < 0 ? 0.27 - 0.03 * s * s : 0.27 * (1 - 0.16 * s * s);
      return [
        centre[0] + wide * c,
        centre[1] + (s < 0 ? 0.2 : 0.27) * s,
        centre[2] + 0.14 * c * c + 0.05 * Math.max(0, c),
      ];
    };
    const leather: Material = { colour, gloss: 0.32 };
    const seam = Array.from({ length: 49 }, (_, step): Vector => {
      const [x, y, z] = outline(step / 48);
      return [x, y, z - 0.01];
    });
    const over = (point: number, out: number): Vector => {
      const [x, y, z] = fit.at(point);
      return [x, y, z - out];
    };
    const up = smoothLine(
      [
        [centre[0] - 0.2, centre[1] - 0.12, centre[2] - 0.01],
        over(9, 0.03),
        over(66, 0.03),
        over(104, 0.03),
        over(54, 0.03),
        over(162, 0.03),
      ],
      8,
    );
    const back = smoothLine(
      [[centre[0] + 0.22, centre[1] + 0.05, centre[2] + 0.06], over(340, 0.03), over(447, 0.03), over(454, 0.02)],
      8,
    );
    const band = (line: Vector[]): Piece =>
      tube(line, () => 0.026, { material: { ...leather, onFace: true }, around: 8 });
    return [
      pillow({ centre, outline, out: [0.01, 0, -0.1] }, leather),
      tube(seam, () => 0.014, { material: { colour: times(colour, 1.6), gloss: 0.3 }, around: 6 }),
      band(up),
      band(back),
    ];
  },
};

/** A clown's nose. */
export const redNose: Thing = {
  slot: 'nose',
  colour: hex('#d3141b'),
  build: (fit, colour) => {
    const [x, y, z] = fit.at(4);
    return [ball([x, y + 0.02, z - 0.06], [0.165, 0.16, 0.15], { colour, gloss: 0.9 })];
  },
};

const strands = createNoise(createRandom(1, 'hair'));

/** A full moustache with turned-up ends. */
export const moustache: Thing = {
  slot: 'lip',
  colour: hex('#33211a'),
  build: (fit, colour) => {
    const [x, y, z] = fit.at(164);
    const [corner, nose] = [fit.at(291), fit.at(2)];
    const spread = Math.abs(corner[0] - x);
    const middle = (y + nose[1]) / 2;
    const wing = (side: 1 | -1): Piece => {
      const line = smoothLine(
        [
          [x, middle + 0.05, z - 0.05],
          [x + side * spread * 0.55, y + 0.045, z - 0.02],
          [x + side * spread * 1.08, y + 0.1, corner[2] - 0.09],
          [x + side * spread * 1.5, y - 0.01, corner[2] - 0.05],
          [x + side * spread * 1.62, y - 0.14, corner[2] - 0.03],
        ],
        9,
      );
      const thick = (part: number): number =>
        0.098 * Math.sin(Math.PI * Math.min(1, 0.3 + 0.78 * part)) ** 0.7 * (1 - part) ** 0.55 + 0.006;
      const hair = (u: number, v: number): Rgb =>
        times(colour, 0.45 + 1.2 * strands(u * 46, v * 7 + 20) + 0.35 * strands(u * 90, v * 3));
      return tube(line, thick, { material: { colour: hair, gloss: 0.22 }, around: 40, across: [0, 0, 1], flat: 0.72 });
    };
    return [wing(-1), wing(1)];
  },
};
