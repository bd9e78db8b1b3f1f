import { hex, mix, times, type Rgb } from '../colour.js';
import { ball, sheet, smoothLine, tube, type Material, type Vector } from '../mesh/shapes.js';
import { around, DEEP, fur, MIDDLE, pompom, ringLine, rough, SEAT, tufts, WHITE, type Ring } from './hat-shapes.js';
import type { Thing } from './thing.js';

/** A crown of gold with points and jewels. */
export const crown: Thing = {
  slot: 'head',
  seat: SEAT,
  colour: hex('#e8b23a'),
  above: 1.62,
  tuck: () => ({ brim: -0.95, dome: 0.42 }),
  build: (fit, colour) => {
    const metal: Material = { colour, metal: true };
    const points = 8;
    const height = (u: number): number => {
      const part = (((u + 0.5 / points) * points) % 1) * 2 - 1;
      return 0.26 + 0.36 * (1 - Math.abs(part)) ** 1.25;
    };
    const foot: Ring = { front: -0.62, fall: -0.16, wide: 0.97 };
    const wall = sheet(
      { u: 160, v: 8 },
      (u, v) => {
        const [x, y, z] = around(fit, { ...foot, wide: 0.97 + 0.1 * v }, u);
        return [x, y - height(u) * v, z];
      },
      { ...metal, colour: (u, v) => times(colour, v * height(u) < 0.1 ? 0.8 : 1) },
    );
    const jewels: Rgb[] = [hex('#c4122f'), hex('#1450c8'), hex('#0f8a4b')];
    const tips = Array.from({ length: points }, (_, index) => {
      const [x, y, z] = around(fit, { ...foot, wide: 1.07 }, index / points);
      return ball([x, y - 0.65, z], [0.05, 0.05, 0.05], metal);
    });
    const stones = Array.from({ length: points }, (_, index) => {
      const [x, y, z] = around(fit, { ...foot, wide: 1.005 }, index / points);
      const tall = 0.2;
      return ball([x, y - tall, z], [0.055, 0.075, 0.05], { colour: jewels[index % 3] ?? WHITE, gloss: 1 });
    });
    const bands = [0, 0.115].map((up) =>
      tube(ringLine(fit, { ...foot, front: foot.front - up, wide: 0.985 + up * 0.1 }), () => 0.032, {
        material: metal,
        around: 10,
      }),
    );
    return [wall, ...bands, ...tips, ...stones];
  },
};

/** A red cap with white fur that hangs over to the side. */
export const santaHat: Thing = {
  slot: 'head',
  seat: SEAT,
  colour: hex('#b5121b'),
  above: 2.05,
  tuck: () => ({ brim: -0.66, dome: 0 }),
  build: (fit, colour) => {
    const { half } = fit;
    const ring: Ring = { front: -0.6, fall: 0.22, wide: 1.02 };
    const spine = smoothLine(
      [
        [0, -0.5, MIDDLE],
        [0, -0.95, MIDDLE],
        [0.1, -1.32, 0.55],
        [0.42, -1.58, 0.42],
        [0.82, -1.42, 0.3],
        [1.04, -1.02, 0.2],
        [1.1, -0.72, 0.14],
      ],
      8,
    );
    const width = (part: number): number =>
      half * (0.98 - 0.1 * part) * Math.max(0.11, 1 - part ** 1.15 * 0.98) * (part < 0.2 ? 1 : 1);
    const cloth: Material = { colour: (u, v) => times(colour, 0.86 + 0.28 * tufts(u * 9 + 3 * v, v * 12)) };
    const cap = rough(tube(spine, width, { material: cloth, around: 48, across: [0, 0, 1], flat: DEEP }), 0.06, {
      across: 7,
      along: 8,
    });
    const trim = rough(fur(ringLine(fit, ring, 160), 0.135, WHITE), 0.075, { across: 14, along: 120 });
    return [cap, trim, pompom([1.1, -0.62, 0.12], 0.19, WHITE)];
  },
};

/** A cone of paper, striped, a bunch of paper on its tip. */
export const partyHat: Thing = {
  slot: 'head',
  colour: hex('#e6317e'),
  above: 2.22,
  build: (fit, colour) => {
    const foot = fit.top + 0.17;
    const light = mix(colour, [1, 1, 1], 0.86);
    const dots: readonly Rgb[] = [hex('#ffd23f'), hex('#3fb8ff'), hex('#54d67a')];
    const paint = (u: number, v: number): Rgb => {
      const stripe = (u * 6 + v * 2.2) % 1;
      const cell = [(u * 12 + v * 4.4) % 1, (v * 7) % 1] as const;
      const dot = Math.hypot(cell[0] - 0.5, (cell[1] - 0.5) * 0.8) < 0.2;
      if (stripe < 0.5) return colour;
      return dot ? (dots[Math.floor(v * 7) % 3] ?? light) : light;
    };
    const tip: Vector = [0.06, foot - 0.86, 0.5];
    const cone = sheet(
      { u: 64, v: 14 },
      (u, v) => {
        const [s, c] = [Math.sin(u * 2 * Math.PI), Math.cos(u * 2 * Math.PI)];
        const base: Vector = [0.47 * s, foot - 0.06 * c * -1, 0.5 - 0.42 * c];
        return [base[0] + (tip[0] - base[0]) * v, base[1] + (tip[1] - base[1]) * v, base[2] + (tip[2] - base[2]) * v];
      },
      { colour: paint, crisp: true, gloss: 0.25 },
    );
    const frill = Array.from({ length: 65 }, (_, step): Vector => {
      const [s, c] = [Math.sin((step / 32) * Math.PI), Math.cos((step / 32) * Math.PI)];
      return [0.48 * s, foot + 0.06 * c, 0.5 - 0.43 * c];
    });
    const ruff = rough(
      tube(frill, () => 0.055, { material: { colour: hex('#ffd23f') }, around: 12 }),
      0.06,
      { across: 9, along: 60 },
    );
    return [cone, ruff, pompom(tip, 0.13, hex('#ffd23f'))];
  },
};

/** A knitted cap with a turned-up edge and a pompom. */
export const beanie: Thing = {
  slot: 'head',
  seat: SEAT,
  colour: hex('#2a5d8f'),
  above: 1.92,
  tuck: () => ({ brim: -0.62, dome: 0 }),
  build: (fit, colour) => {
    const crest = Math.min(-1.22, fit.top - 0.08) - SEAT;
    const wool =
      (rows: number, columns: number): ((u: number, v: number) => Rgb) =>
      (u, v) => {
        const stitch = 0.5 + 0.5 * Math.sin(v * rows * 2 * Math.PI + Math.abs(((u * columns) % 1) - 0.5) * 5);
        return times(colour, 0.62 + 0.3 * Math.abs(Math.sin(u * columns * Math.PI)) + 0.2 * stitch);
      };
    const cap = sheet(
      { u: 176, v: 16 },
      (u, v) => {
        const angle = (v * Math.PI) / 2;
        const rib = 1 + 0.014 * Math.abs(Math.sin(u * 44 * Math.PI));
        const [x, y, z] = around(fit, { front: -0.6, fall: 0.3, wide: 1.02 * Math.cos(angle) ** 0.72 * rib }, u);
        return [x, y + (crest - y) * Math.sin(angle), z];
      },
      { colour: wool(26, 44) },
    );
    const cuff = sheet(
      { u: 176, v: 6 },
      (u, v) => {
        const rib = 0.02 * Math.abs(Math.sin(u * 44 * Math.PI));
        const wide = 1.05 + 0.06 * Math.sin(Math.PI * v) ** 0.6 + rib;
        const [x, y, z] = around(fit, { front: -0.5, fall: 0.34, wide }, u);
        return [x, y - 0.3 * v, z];
      },
      { colour: wool(9, 44) },
    );
    return [cap, cuff, pompom([0, crest - 0.12, 0.55], 0.22, mix(colour, [1, 1, 1], 0.75))];
  },
};
