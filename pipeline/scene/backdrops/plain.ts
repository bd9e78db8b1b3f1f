import { paintSoft } from '../canvas.js';
import { COLOURS, hex, luminance, mix, smoothStep, times, type Rgb } from '../colour.js';
import { fractal } from '../random.js';
import type { PaintedBackdrop } from './painting.js';

/** A roll of paper in a colour, lit from above. */
export function paper(colour: Rgb): PaintedBackdrop {
  return {
    paint: ({ size }) =>
      paintSoft(size, (x, y) => {
        const far = Math.hypot(x - 0.5, y - 0.38);
        // White paper stays white: a shadow on it would read as grey.
        const fall = luminance(colour) > 0.7 ? 0.1 : 0.42;
        return times(colour, 1.06 - fall * smoothStep(0.1, 0.8, far));
      }),
  };
}

/** The papers by the labels of their colours. */
export const PAPERS: Readonly<Record<string, PaintedBackdrop>> = Object.fromEntries(
  ['white', 'black', 'red', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink', 'brown'].map((name) => [
    `${name} background`,
    paper(COLOURS[name] ?? [0.5, 0.5, 0.5]),
  ]),
);

const VIOLET = hex('#5b3fd0');
const CORAL = hex('#ff8a5c');

/** From one colour to another across the picture; asked in a colour, from its deep to its light shade. */
export const gradient: PaintedBackdrop = {
  colourable: true,
  paint: ({ size, colour }) => {
    const [from, to] = colour ? [times(colour, 0.35), mix(colour, [1, 1, 1], 0.6)] : [VIOLET, CORAL];
    return paintSoft(size, (x, y) => mix(from, to, smoothStep(0.05, 1.1, 0.35 * x + 0.8 * y)));
  },
};

/** A painted canvas as photographers hang it up, a soft light on it. */
export const studio: PaintedBackdrop = {
  colourable: true,
  paint: ({ size, noise, colour = hex('#5c6672') }) => {
    const cloudy = fractal(noise, 4);
    return paintSoft(size, (x, y) => {
      const glow = 1.5 * Math.exp(-((x - 0.3) ** 2 + (y - 0.36) ** 2) / 0.1);
      const stain = 0.62 + 0.55 * cloudy(x * 4 + 3, y * 4);
      return times(colour, (0.22 + glow) * stain);
    });
  },
};
