import { hex, mix, times, type Rgb } from '../colour.js';
import { ball, pillow, sheet, smoothLine, tube, type Material, type Piece, type Vector } from '../mesh/shapes.js';
import { between, createNoise, createRandom } from '../random.js';
import type { Fit } from './fit.js';
import type { Thing } from './thing.js';

const MIDDLE = 0.55;

/** A hoop over the head from ear to ear, `out` beyond the hair; `part` 0 and 1 are the ears. */
function hoopAt(
  { half, top }: Fit,
  { out, low }: { readonly out: number; readonly low: number },
  part: number,
): Vector {
  const angle = Math.PI * part;
  const wide = Math.min(0.98, half) + out;
  const high = -top - low + out;
  return [-Math.cos(angle) * wide, -low - Math.sin(angle) ** 0.8 * high, MIDDLE];
}

function hoop(
  fit: Fit,
  { out, low, radius }: { readonly out: number; readonly low: number; readonly radius: number },
  material: Material,
): Piece {
  const line = Array.from({ length: 49 }, (_, step) => hoopAt(fit, { out, low }, step / 48));
  return tube(line, () => radius, { material, around: 10, across: [0, 0, 1], flat: 2.2 });
}

/** Large headphones. */
export const headphones: Thing = {
  slot: 'ears',
  colour: hex('#24262c'),
  above: 1.52,
  build: (fit, colour) => {
    const shell: Material = { colour, gloss: 0.55 };
    const out = Math.max(0.84, Math.min(0.98, fit.half)) + 0.05;
    const cups = ([-1, 1] as const).flatMap((side) => {
      const x = side * out;
      const disc = (at: number, radius: number, material: Material): Piece =>
        ball([x + side * at, 0.26, MIDDLE - 0.03], [0.13, radius, radius * 0.86], material);
      const ring = Array.from({ length: 41 }, (_, step): Vector => {
        const turn = (step / 20) * Math.PI;
        return [x + side * 0.15, 0.26 + 0.2 * Math.sin(turn), MIDDLE - 0.03 + 0.17 * Math.cos(turn)];
      });
      return [
        disc(-0.03, 0.33, { colour: hex('#17181c'), gloss: 0.12 }),
        disc(0.07, 0.3, shell),
        tube(ring, () => 0.018, { material: { colour: hex('#c9ced6'), metal: true }, around: 8 }),
        tube(
          [
            [x + side * 0.06, 0.1, MIDDLE],
            [x + side * 0.05, -0.2, MIDDLE],
          ],
          () => 0.05,
          { material: { colour: hex('#c9ced6'), metal: true }, around: 8 },
        ),
      ];
    });
    const band = Array.from({ length: 49 }, (_, step): Vector => {
      const angle = Math.PI * (step / 48);
      const high = -fit.top - 0.12 + 0.09;
      return [-Math.cos(angle) * (out + 0.05), -0.12 - Math.sin(angle) ** 0.85 * high, MIDDLE];
    });
    return [tube(band, () => 0.055, { material: shell, around: 12, across: [0, 0, 1], flat: 2.4 }), ...cups];
  },
};

const coat = createNoise(createRandom(2, 'fur'));

interface EarShape {
  readonly at: number;
  readonly height: number;
  readonly width: number;
  readonly lean: number;
  /** How round the tip is. */
  readonly round: number;
}

/** A pair of ears of fur on a hoop. */
function furEars(fit: Fit, { at, height, width, lean, round }: EarShape, [outer, inner]: readonly [Rgb, Rgb]): Piece[] {
  return ([-1, 1] as const).flatMap((side) => {
    const [x, y, z] = hoopAt(fit, { out: 0.0, low: 0.4 }, 0.5 + side * at);
    const outline =
      (size: number, forward: number) =>
      (u: number): Vector => {
        const turn = u * 2 * Math.PI;
        const [s, c] = [Math.sin(turn), -Math.cos(turn)];
        // c goes from the foot (-1) to the tip (1).
        const rise = (c + 1) / 2;
        const narrow =
          round > 1
            ? Math.sqrt(Math.max(0, 1 - (2 * rise - 1) ** 2)) * (0.7 + 0.3 * rise)
            : (1 - rise) ** round * (0.4 + 0.6 * Math.min(1, rise * 5));
        const px = Math.sign(s) * width * size * narrow;
        const py = -height * (rise * size + (1 - size) * 0.35);
        const [cos, sin] = [Math.cos(side * lean), Math.sin(side * lean)];
        return [x + px * cos - py * sin, y + 0.06 + px * sin + py * cos, z - forward];
      };
    const centre = (forward: number): Vector => {
      const py = -height * 0.42;
      return [x - py * Math.sin(side * lean), y + 0.06 + py * Math.cos(side * lean), z - forward];
    };
    const hair = (tone: Rgb): Material => ({ colour: (u, v) => times(tone, 0.7 + 0.5 * coat(u * 40, v * 7)) });
    return [
      pillow({ centre: centre(0.02), outline: outline(1, 0.02), out: [0, 0, 0.12] }, hair(outer), { u: 64, v: 8 }),
      pillow({ centre: centre(0.03), outline: outline(1, 0.03), out: [0, 0, -0.05] }, hair(outer), { u: 64, v: 8 }),
      pillow({ centre: centre(0.075), outline: outline(0.68, 0.06), out: [0, 0, -0.015] }, hair(inner), {
        u: 64,
        v: 6,
      }),
    ];
  });
}

/** A cat's ears on a hoop. */
export const catEars: Thing = {
  slot: 'head',
  colour: hex('#2a2628'),
  above: 1.9,
  build: (fit, colour) => [
    hoop(fit, { out: 0.015, low: 0.4, radius: 0.03 }, { colour: hex('#1a1718'), gloss: 0.3 }),
    ...furEars(fit, { at: 0.2, height: 0.56, width: 0.3, lean: 0.38, round: 0.8 }, [colour, hex('#e9a0ae')]),
  ],
};

/** A rabbit's ears on a hoop. */
export const bunnyEars: Thing = {
  slot: 'head',
  colour: hex('#f1ece8'),
  above: 2.25,
  build: (fit, colour) => [
    hoop(fit, { out: 0.015, low: 0.4, radius: 0.03 }, { colour, gloss: 0.1 }),
    ...furEars(fit, { at: 0.12, height: 0.84, width: 0.19, lean: 0.16, round: 2 }, [colour, hex('#f0a6b4')]),
  ],
};

/** Two horns. */
export const horns: Thing = {
  slot: 'head',
  colour: hex('#b3161c'),
  above: 1.9,
  build: (fit, colour) =>
    ([-1, 1] as const).map((side) => {
      const [x, y, z] = hoopAt(fit, { out: 0, low: 0.4 }, 0.5 + side * 0.17);
      const line = smoothLine(
        [
          [x, y + 0.1, z - 0.1],
          [x + side * 0.12, y - 0.12, z - 0.14],
          [x + side * 0.15, y - 0.34, z - 0.16],
          [x + side * 0.04, y - 0.52, z - 0.2],
        ],
        9,
      );
      const bark: Material = {
        colour: (_, v) => times(mix(colour, hex('#1a0506'), v * 0.6), 0.85 + 0.25 * Math.sin(v * 44)),
        gloss: 0.5,
      };
      return tube(line, (part) => 0.125 * (1 - part) ** 0.8 + 0.006, { material: bark, around: 20 });
    }),
};

/** A ring of light above the head. */
export const halo: Thing = {
  slot: 'head',
  colour: hex('#ffe08a'),
  above: 1.92,
  build: (fit, colour) => {
    const y = fit.top - 0.2;
    const ring = (radius: number, material: Material): Piece =>
      tube(
        Array.from({ length: 73 }, (_, step): Vector => {
          const turn = (step / 36) * Math.PI;
          return [0.62 * Math.sin(turn), y + 0.12 * Math.cos(turn), 0.45 - 0.55 * Math.cos(turn)];
        }),
        () => radius,
        { material, around: 12 },
      );
    const glow = (radius: number, cover: number): Piece => ring(radius, { colour, glow: 1, cover });
    return [
      ring(0.045, { colour: mix(colour, [1, 1, 1], 0.45), glow: 1.1 }),
      glow(0.075, 0.28),
      glow(0.11, 0.16),
      glow(0.16, 0.09),
      glow(0.22, 0.05),
    ];
  },
};

/** A wreath of flowers and leaves. */
export const flowerCrown: Thing = {
  slot: 'head',
  colour: hex('#e8588a'),
  above: 1.38,
  build: (fit, colour) => {
    const random = createRandom(3, 'flowers');
    const shades: readonly Rgb[] = [
      colour,
      mix(colour, [1, 1, 1], 0.7),
      times(colour, 0.55),
      mix(colour, hex('#ffd9a8'), 0.65),
    ];
    const placeAt = (u: number): Vector => {
      const [s, c] = [Math.sin(u * 2 * Math.PI), Math.cos(u * 2 * Math.PI)];
      const wide = Math.min(1.02, fit.half) * 0.98;
      return [wide * s, -0.68 - 0.02 * c, 0.6 - wide * 1.04 * c];
    };
    const stem = Array.from({ length: 65 }, (_, step) => placeAt(step / 64));
    const pieces: Piece[] = [tube(stem, () => 0.035, { material: { colour: hex('#3f6b2e') }, around: 8 })];
    for (let leaf = 0; leaf < 38; leaf++)
      pieces.push(leafAt(placeAt(leaf / 38 + between(random, -0.01, 0.01)), between(random, 0, 6.28)));
    for (let flower = 0; flower < 22; flower++) {
      const u = flower / 22 + between(random, -0.008, 0.008);
      const [x, y, z] = placeAt(u);
      const size = between(random, 0.11, 0.19);
      const up = between(random, -0.05, 0.06);
      const out = [Math.sin(u * 2 * Math.PI) * 0.09, -Math.cos(u * 2 * Math.PI) * 0.09] as const;
      pieces.push(
        ...flowerAt([x + out[0], y + up, z + out[1]], {
          size,
          turn: random() * 6,
          face: u,
          colour: shades[flower % shades.length] ?? colour,
        }),
      );
    }
    return pieces;
  },
};

function leafAt([x, y, z]: Vector, turn: number): Piece {
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  const outline = (u: number): Vector => {
    const [along, across] = [Math.cos(u * 2 * Math.PI) * 0.15, Math.sin(u * 2 * Math.PI) * 0.055];
    return [x + along * c - across * s, y + along * s + across * c, z - 0.02];
  };
  return pillow(
    { centre: [x, y, z - 0.05], outline, out: [0, 0, -0.03] },
    { colour: (u) => times(hex('#4e8a3a'), 0.8 + 0.4 * u), gloss: 0.15 },
    { u: 16, v: 3 },
  );
}

interface Flower {
  readonly size: number;
  readonly turn: number;
  /** Which way around the head it faces. */
  readonly face: number;
  readonly colour: Rgb;
}

function flowerAt([x, y, z]: Vector, { size, turn, face, colour }: Flower): Piece[] {
  const [fs, fc] = [Math.sin(face * 2 * Math.PI), Math.cos(face * 2 * Math.PI)];
  // Right and out of a flower that faces away from the head.
  const place = (across: number, up: number, out: number): Vector => [
    x + across * fc + out * fs,
    y - up,
    z + across * fs - out * fc,
  ];
  const petals = sheet(
    { u: 60, v: 6 },
    (u, v) => {
      const angle = u * 2 * Math.PI + turn;
      const wave = 0.62 + 0.38 * Math.abs(Math.cos(2.5 * u * 2 * Math.PI)) ** 0.6;
      const radius = size * v * wave;
      return place(radius * Math.cos(angle), radius * Math.sin(angle), 0.06 * Math.sin(v * 2.2) - 0.03 * v * v);
    },
    { colour: (_, v) => mix(times(colour, 0.6), colour, Math.min(1, v * 1.5)), gloss: 0.05 },
  );
  const heart = place(0, 0, 0.07);
  return [petals, ball(heart, [size * 0.24, size * 0.24, size * 0.2], { colour: hex('#f2c53d') })];
}
