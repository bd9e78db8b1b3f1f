import { hex, times, type Rgb } from '../colour.js';
import { ball, pillow, sheet, smoothLine, tube, type Material, type Vector } from '../mesh/shapes.js';
import { around, bandOf, brimOf, DEEP, GOLD, MIDDLE, rough, SEAT, tufts } from './hat-shapes.js';
import type { Thing } from './thing.js';

/** A felt hat with a wide brim and a tall, bent point, stars on it. */
export const wizardHat: Thing = {
  slot: 'head',
  seat: SEAT,
  colour: hex('#3a2a86'),
  above: 2.1,
  tuck: () => ({ brim: -0.68, dome: 0 }),
  build: (fit, colour) => {
    const { half } = fit;
    const star = hex('#ffd65a');
    const felt = (u: number, v: number): Rgb => {
      const [row, column] = [Math.floor(v * 6), Math.floor(u * 9 + (Math.floor(v * 6) % 2) * 0.5)];
      const [x, y] = [(u * 9 + (row % 2) * 0.5) % 1, (v * 6) % 1];
      const [dx, dy] = [(x - 0.5) * (1.3 - v), (y - 0.5) * 0.72];
      const angle = Math.atan2(dy, dx) + row + column;
      const radius = 0.13 * (0.62 + 0.38 * Math.cos(angle * 5));
      return Math.hypot(dx, dy) < radius ? star : times(colour, 0.85 + 0.3 * tufts(u * 12, v * 10));
    };
    const spine = smoothLine(
      [
        [0, -0.62, MIDDLE],
        [0, -1.0, 0.6],
        [0.02, -1.4, 0.56],
        [0.1, -1.72, 0.5],
        [0.34, -1.98, 0.42],
      ],
      9,
    );
    const cone = rough(
      tube(spine, (part) => half * 0.95 * Math.max(0.05, (1 - part) ** 0.95), {
        material: { colour: felt, crisp: true },
        around: 56,
        across: [0, 0, 1],
        flat: DEEP,
      }),
      0.05,
      { across: 6, along: 9 },
    );
    const brim = brimOf(
      fit,
      { front: -0.62, fall: -0.04, reach: 0.62, wave: 0.05 },
      { colour: (u) => times(colour, 0.85 + 0.25 * tufts(u * 14, 5)) },
    );
    const band = bandOf(fit, { front: -0.66, fall: -0.04, wide: 0.99 }, { colour: GOLD, metal: true });
    return [cone, brim, ...band];
  },
};

/** A black hat with a straight crown and a ribbon. */
export const topHat: Thing = {
  slot: 'head',
  seat: SEAT,
  colour: hex('#1b1b20'),
  above: 1.95,
  tuck: () => ({ brim: -0.64, dome: 0 }),
  build: (fit, colour) => {
    const silk: Material = { colour, gloss: 0.35 };
    const wall = sheet(
      { u: 96, v: 20 },
      (u, v) => {
        const part = Math.min(1, v / 0.8);
        const inward = v > 0.8 ? (v - 0.8) / 0.2 : 0;
        const waist = 0.93 - 0.05 * Math.sin(Math.PI * part) + 0.04 * part;
        const [x, y, z] = around(fit, { front: -0.62, fall: -0.05, wide: waist * (1 - inward) }, u);
        return [x, y - 1.16 * part - 0.02 * Math.sin((inward * Math.PI) / 2), z];
      },
      silk,
    );
    const ribbon = colour[0] + colour[1] + colour[2] < 0.1 ? hex('#8d1420') : times(colour, 0.25);
    return [
      wall,
      brimOf(fit, { front: -0.61, fall: -0.05, reach: 0.32, rolled: 0.14 }, silk),
      ...bandOf(fit, { front: -0.63, fall: -0.05, wide: 0.945, height: 0.17 }, { colour: ribbon, gloss: 0.3 }),
    ];
  },
};

/** A felt hat with a pinched crown and a brim turned up at the sides. */
export const cowboyHat: Thing = {
  slot: 'head',
  seat: SEAT,
  colour: hex('#8a5a32'),
  above: 1.7,
  tuck: () => ({ brim: -0.64, dome: 0 }),
  build: (fit, colour) => {
    const felt: Material = { colour: (u, v) => times(colour, 0.85 + 0.3 * tufts(u * 14, v * 9)), gloss: 0.06 };
    const dome = sheet(
      { u: 96, v: 24 },
      (u, v) => {
        const angle = (v * Math.PI) / 2;
        const wide = 0.95 * Math.cos(angle) ** 0.5 * (1 - 0.12 * v);
        const [x, y, z] = around(fit, { front: -0.64, fall: -0.04, wide }, u);
        const crease = 0.2 * Math.exp(-((x / 0.16) ** 2)) * v ** 3;
        const pinch = 1 - 0.2 * v * v * Math.max(0, Math.cos(u * 2 * Math.PI));
        return [x * pinch, y - 0.92 * Math.sin(angle) + crease, z];
      },
      felt,
    );
    return [
      dome,
      brimOf(fit, { front: -0.6, fall: -0.02, reach: 0.62, rolled: 0.42 }, felt),
      ...bandOf(
        fit,
        { front: -0.655, fall: -0.04, wide: 0.975, height: 0.12 },
        { colour: times(colour, 0.22), gloss: 0.3 },
      ),
    ];
  },
};

/** A black hat turned up in front, a skull and bones on it. */
export const pirateHat: Thing = {
  slot: 'head',
  seat: SEAT,
  colour: hex('#1d1a1c'),
  above: 1.75,
  tuck: () => ({ brim: -0.7, dome: 0 }),
  build: (fit, colour) => {
    const { half } = fit;
    const dome = sheet(
      { u: 64, v: 14 },
      (u, v) => {
        const angle = (v * Math.PI) / 2;
        const [x, y, z] = around(fit, { front: -0.64, fall: 0, wide: 0.98 * Math.cos(angle) ** 0.7 }, u);
        return [x, y - 0.62 * Math.sin(angle), z];
      },
      { colour },
    );
    const front = MIDDLE - half * DEEP - 0.04;
    const edge = (x: number): number =>
      0.72 * Math.exp(-((x / 0.85) ** 2)) + 0.2 * Math.exp(-(((Math.abs(x) - 1.25) / 0.35) ** 2)) + 0.06;
    const flapAt = (u: number, v: number): Vector => {
      const x = (u * 2 - 1) * 1.42;
      const low = -0.66 - 0.12 * (x / 1.42) ** 2;
      return [x, low - edge(x) * v, front + 0.42 * x * x - 0.16 * v * (1 - Math.abs(x) / 1.42)];
    };
    const felt: Material = { colour: (u, v) => times(colour, 0.9 + 0.35 * tufts(u * 16, v * 6)) };
    const flap = sheet({ u: 72, v: 12 }, flapAt, felt);
    const lace = Array.from({ length: 73 }, (_, step): Vector => {
      const [x, y, z] = flapAt(step / 72, 1);
      return [x, y, z - 0.012];
    });
    const bone: Material = { colour: hex('#f1ebdc'), gloss: 0.1 };
    const dark: Material = { colour: hex('#120f10') };
    const [sy, sz] = [-1.03, front - 0.17];
    const cross = [1, -1].flatMap((side) => {
      const ends: readonly [Vector, Vector] = [
        [-0.25, sy + side * 0.13 + 0.02, sz + 0.06],
        [0.25, sy - side * 0.13 + 0.02, sz + 0.06],
      ];
      const knobs = ends.flatMap(([x, y, z]) =>
        [-1, 1].map((up) => ball([x, y + up * 0.024, z], [0.036, 0.034, 0.03], bone)),
      );
      return [tube([ends[0], ends[1]], () => 0.026, { material: bone, around: 8 }), ...knobs];
    });
    return [
      dome,
      flap,
      tube(lace, () => 0.026, { material: { colour: GOLD, metal: true }, around: 8 }),
      ...cross,
      ball([0, sy, sz], [0.135, 0.13, 0.08], bone),
      ball([0, sy + 0.12, sz - 0.005], [0.078, 0.066, 0.06], bone),
      ...[-1, 1].map((side) => ball([side * 0.055, sy + 0.02, sz - 0.06], [0.04, 0.044, 0.03], dark)),
      pillow(
        {
          centre: [0, sy + 0.085, sz - 0.085],
          outline: (u) => [0.02 * Math.sin(u * 6.28), sy + 0.085 - 0.028 * Math.cos(u * 6.28), sz - 0.075],
          out: [0, 0, -0.01],
        },
        dark,
        { u: 16, v: 3 },
      ),
    ];
  },
};

/** A square board and its tassel. */
export const graduationCap: Thing = {
  slot: 'head',
  seat: SEAT,
  colour: hex('#1c1d26'),
  above: 1.5,
  tuck: () => ({ brim: -0.72, dome: 0 }),
  build: (fit, colour) => {
    const cloth: Material = { colour: (u, v) => times(colour, 0.92 + 0.16 * tufts(u * 10, v * 10)), gloss: 0.08 };
    const cap = sheet(
      { u: 72, v: 10 },
      (u, v) => {
        const [x, y, z] = around(fit, { front: -0.62, fall: 0.18, wide: 0.985 - 0.08 * v }, u);
        return [x, y + (-1.16 - y) * v, z];
      },
      cloth,
    );
    const corner = (turn: number, up: number): Vector => [
      Math.sin(turn) * 1.32,
      -1.17 - up - 0.22 * -Math.cos(turn),
      MIDDLE - Math.cos(turn) * 1.12,
    ];
    const board = sheet(
      { u: 4, v: 6 },
      (u, v) => {
        const edge = corner(u * 2 * Math.PI, 0);
        const flat = v < 0.45 ? v / 0.45 : v > 0.55 ? (1 - v) / 0.45 : 1;
        return [
          edge[0] * flat,
          -1.17 + (edge[1] + 1.17) * flat + (v < 0.5 ? -0.045 : 0),
          MIDDLE + (edge[2] - MIDDLE) * flat,
        ];
      },
      { colour, gloss: 0.14 },
    );
    const gold: Material = { colour: hex('#e9b83c'), gloss: 0.4 };
    const cord = smoothLine(
      [
        [0, -1.25, 0.55],
        [0.5, -1.24, 0.1],
        [0.86, -1.1, -0.02],
        [0.88, -0.86, -0.04],
      ],
      8,
    );
    const tassel = sheet(
      { u: 40, v: 8 },
      (u, v) => {
        const r = 0.035 + 0.03 * v + 0.008 * Math.sin(u * 40 * Math.PI);
        return [0.88 + r * Math.cos(u * 2 * Math.PI), -0.86 + 0.34 * v, -0.04 + r * Math.sin(u * 2 * Math.PI)];
      },
      gold,
    );
    return [
      cap,
      board,
      tube(cord, () => 0.02, { material: gold, around: 8 }),
      ball([0.88, -0.86, -0.04], [0.05, 0.06, 0.05], gold),
      tassel,
      ball([0, -1.24, 0.55], [0.06, 0.03, 0.06], gold),
    ];
  },
};
