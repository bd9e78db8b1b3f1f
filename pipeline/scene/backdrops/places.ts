import { blurred, drawDisc, fillPolygon, paintSoft, type Canvas, type CanvasPoint } from '../canvas.js';
import { hex, mix, ramp, smoothStep, times, type Rgb } from '../colour.js';
import { between, fractal, type Random } from '../random.js';
import type { PaintedBackdrop } from './painting.js';

const LAMPS: readonly Rgb[] = [
  hex('#ffb35c'),
  hex('#ffd9a0'),
  hex('#ff7a4d'),
  hex('#6fb8ff'),
  hex('#ff5f9e'),
  hex('#8affd2'),
];

/** Houses with lit windows, street lamps out of focus before them. */
export const cityAtNight: PaintedBackdrop = {
  paint: ({ size, random }) => {
    const canvas = paintSoft(size, (_, y) =>
      ramp(
        [
          [0, hex('#0b1230')],
          [0.55, hex('#2b2c5a')],
          [0.75, hex('#6a4560')],
        ],
        y,
      ),
    );
    for (const layer of [0, 1]) {
      for (let x = -0.05; x < 1.05;) {
        const width = between(random, 0.07, 0.14);
        drawHouse(canvas, random, { x, width, top: between(random, 0.12, 0.5) + layer * 0.16, layer });
        x += width + between(random, -0.01, 0.03);
      }
    }
    const soft = blurred(canvas, 0.005);
    for (let lamp = 0; lamp < 70; lamp++) {
      const at: CanvasPoint = [random(), between(random, 0.5, 1)];
      const colour = LAMPS[Math.floor(random() * LAMPS.length)] ?? LAMPS[0] ?? [1, 1, 1];
      const radius = between(random, 0.012, 0.042);
      drawDisc(
        soft,
        { at, radius, soft: 0.14 },
        { colour: times(colour, between(random, 0.25, 0.8)), cover: 0.75, glows: true },
      );
    }
    return blurred(soft, 0.002);
  },
};

interface House {
  readonly x: number;
  readonly width: number;
  readonly top: number;
  readonly layer: number;
}

function drawHouse(canvas: Canvas, random: Random, { x, width, top, layer }: House): void {
  const colour = mix(hex('#2a2d55'), hex('#0b0d1d'), layer === 0 ? 0.25 : 0.85);
  fillPolygon(
    canvas,
    [
      [x, top],
      [x + width, top],
      [x + width, 1],
      [x, 1],
    ],
    { colour },
  );
  const [across, down] = [0.016, 0.024];
  for (let left = x + 0.008; left < x + width - 0.012; left += across) {
    for (let upper = top + 0.014; upper < 0.98; upper += down) {
      if (random() > 0.42) continue;
      const window = times(mix(hex('#ffcf7a'), hex('#bfe0ff'), random() ** 3), between(random, 0.25, 1.2));
      const [right, lower] = [left + across * 0.62, upper + down * 0.55];
      fillPolygon(
        canvas,
        [
          [left, upper],
          [right, upper],
          [right, lower],
          [left, lower],
        ],
        { colour: window },
      );
    }
  }
}

/** A theatre's stage: curtains, and light from above in haze. */
export const stage: PaintedBackdrop = {
  paint: ({ size, noise }) => {
    const hazy = fractal(noise, 4);
    const beams: readonly (readonly [number, number, Rgb])[] = [
      [0.3, -0.12, hex('#fff0c8')],
      [0.5, 0.03, hex('#ffe2b0')],
      [0.72, 0.16, hex('#fff0c8')],
    ];
    const canvas = paintSoft(size, (x, y) => {
      const side = Math.abs(x - 0.5) * 2 + 0.05 * Math.sin(y * 3);
      const fold = 0.5 + 0.5 * Math.sin(x * 95 + 2.2 * Math.sin(y * 2.2));
      const cloth = mix(hex('#3d050b'), hex('#c01a26'), fold ** 1.6 * (0.55 + 0.5 * smoothStep(1, 0.1, y)));
      const behind = mix(hex('#0c0610'), hex('#2d1420'), hazy(x * 2, y * 2));
      let colour = mix(behind, cloth, smoothStep(0.56, 0.62, side));
      const hanging = 0.11 + 0.035 * Math.abs(Math.sin(x * 16));
      if (y < hanging)
        colour = mix(
          mix(hex('#4a070d'), hex('#d02430'), (0.5 + 0.5 * Math.sin(x * 130)) * smoothStep(0, 0.1, y)),
          hex('#f0b84a'),
          smoothStep(hanging - 0.016, hanging - 0.01, y),
        );
      for (const [from, lean, light] of beams) {
        const wide = 0.03 + 0.16 * y;
        const beam =
          Math.exp(-(((x - from - lean * y) / wide) ** 2)) * Math.exp(-y * 0.9) * (0.4 + 0.6 * hazy(x * 3, y * 3 + 9));
        colour = [
          colour[0] + light[0] * beam * 0.55,
          colour[1] + light[1] * beam * 0.55,
          colour[2] + light[2] * beam * 0.55,
        ];
      }
      return colour;
    });
    return blurred(canvas, 0.003);
  },
};

const BINDINGS: readonly Rgb[] = [
  '#7b1e22',
  '#1f3f5c',
  '#2f5233',
  '#b5893f',
  '#4b2f52',
  '#8a4b22',
  '#d8c7a0',
  '#2b2b30',
  '#a43d2a',
].map(hex);

/** Shelves full of books, in the light of a lamp. */
export const library: PaintedBackdrop = {
  paint: ({ size, random }) => {
    const canvas = paintSoft(size, (x) => times(hex('#2a170c'), 0.8 + 0.3 * Math.sin(x * 20)));
    const rise = 0.215;
    for (let shelf = -0.06; shelf < 1; shelf += rise) {
      for (let x = -0.01; x < 1.01;)
        x += drawBook(canvas, random, { x, floor: shelf + rise - 0.018, room: rise - 0.035 });
      fillPolygon(
        canvas,
        [
          [0, shelf + rise - 0.018],
          [1, shelf + rise - 0.018],
          [1, shelf + rise],
          [0, shelf + rise],
        ],
        { colour: hex('#7a4a24') },
      );
      fillPolygon(
        canvas,
        [
          [0, shelf + rise],
          [1, shelf + rise],
          [1, shelf + rise + 0.02],
          [0, shelf + rise + 0.02],
        ],
        { colour: [0, 0, 0], cover: 0.55 },
      );
    }
    for (const x of [0.335, 0.985]) {
      fillPolygon(
        canvas,
        [
          [x, 0],
          [x + 0.022, 0],
          [x + 0.022, 1],
          [x, 1],
        ],
        { colour: hex('#6b3f1e') },
      );
    }
    const soft = blurred(canvas, 0.0045);
    const { planes } = soft;
    for (let pixel = 0; pixel < size * size; pixel++) {
      const [x, y] = [(pixel % size) / size, Math.floor(pixel / size) / size];
      const lamp =
        0.25 +
        1.35 * Math.exp(-((x - 0.16) ** 2 / 0.1 + (y - 0.22) ** 2 / 0.16)) +
        0.55 * Math.exp(-((x - 0.9) ** 2 / 0.05 + (y - 0.4) ** 2 / 0.12));
      [1.1, 0.93, 0.72].forEach((tint, channel) => {
        const plane = planes[channel];
        if (plane) plane[pixel] = (plane[pixel] ?? 0) * lamp * tint;
      });
    }
    return soft;
  },
};

interface Book {
  readonly x: number;
  readonly floor: number;
  readonly room: number;
}

/** A stripe along a book's back. */
interface Strip {
  readonly ink: Rgb;
  readonly upper?: number;
  readonly lower?: number;
}

/** Draws a book and answers how wide it is. */
function drawBook(canvas: Canvas, random: Random, { x, floor, room }: Book): number {
  const width = between(random, 0.014, 0.034);
  const top = floor - room * between(random, 0.68, 0.97);
  const colour = times(BINDINGS[Math.floor(random() * BINDINGS.length)] ?? [0.2, 0.1, 0.1], between(random, 0.8, 1.25));
  const lean = random() < 0.06 ? between(random, 0.01, 0.02) : 0;
  const strip = (from: number, to: number, { ink, upper = top, lower = floor }: Strip): void => {
    const [left, right] = [x + from * width, x + to * width];
    const corners: readonly CanvasPoint[] = [
      [left + lean, upper],
      [right + lean, upper],
      [right, lower],
      [left, lower],
    ];
    fillPolygon(canvas, corners, { colour: ink });
  };
  strip(0, 0.94, { ink: colour });
  strip(0.12, 0.4, { ink: times(colour, 1.5) });
  strip(0.78, 0.94, { ink: times(colour, 0.5) });
  for (const part of [0.14, 0.2, 0.78]) {
    const upper = top + (floor - top) * part;
    if (random() < 0.6) strip(0, 0.94, { ink: hex('#d9b25c'), upper, lower: upper + 0.005 });
  }
  return width;
}

/** Coloured lights of a party out of focus. */
export const partyLights: PaintedBackdrop = {
  paint: ({ size, noise, random }) => {
    const hazy = fractal(noise, 3);
    const canvas = paintSoft(size, (x, y) =>
      mix(hex('#1a0f2e'), hex('#5a1f4e'), smoothStep(0.3, 0.8, hazy(x * 2, y * 2) + 0.3 * y - 0.1)),
    );
    for (let lamp = 0; lamp < 110; lamp++) {
      const at: CanvasPoint = [random(), random()];
      const colour = LAMPS[Math.floor(random() * LAMPS.length)] ?? [1, 1, 1];
      drawDisc(
        canvas,
        { at, radius: between(random, 0.015, 0.06), soft: 0.1 },
        { colour: times(colour, between(random, 0.1, 0.6)), cover: 0.7, glows: true },
      );
    }
    return blurred(canvas, 0.0025);
  },
};
