import { blurred, drawDisc, drawStroke, paintSoft, type Canvas, type CanvasPoint } from '../canvas.js';
import { hex, mix, ramp, smoothStep, times, type Rgb } from '../colour.js';
import { between, fractal, type Random } from '../random.js';
import type { PaintedBackdrop } from './painting.js';
import { drawRidge } from './skies.js';

/** A sunny beach: sea, sand, the leaves of a palm. */
export const beach: PaintedBackdrop = {
  paint: ({ size, noise, random }) => {
    const cloudy = fractal(noise, 5);
    const canvas = paintSoft(size, (x, y) => {
      const shore = 0.7 + 0.06 * (x - 0.5) + 0.02 * (cloudy(x * 5, 3) - 0.5);
      if (y < 0.48) {
        const open = ramp(
          [
            [0, hex('#2f86d6')],
            [0.48, hex('#bfe3f4')],
          ],
          y,
        );
        return mix(open, [1, 1, 1], 0.8 * smoothStep(0.55, 0.75, cloudy(x * 2.5 + 4, y * 8)));
      }
      if (y < shore) {
        const part = (y - 0.48) / (shore - 0.48);
        const water = ramp(
          [
            [0, hex('#0d62a8')],
            [0.45, hex('#17a3bd')],
            [0.85, hex('#7fdcd2')],
            [1, hex('#e6f7f2')],
          ],
          part,
        );
        const crest = smoothStep(0.62, 0.78, cloudy(x * 6, Math.log(0.1 + part) * 14)) * (0.3 + 0.6 * part);
        return mix(water, [1, 1, 1], crest);
      }
      const wet = smoothStep(0.07, 0, y - shore);
      const sand = times(mix(hex('#ecd6a4'), hex('#b99460'), wet * 0.8), 0.85 + 0.3 * cloudy(x * 40, y * 40));
      return mix(sand, [1, 1, 1], smoothStep(0.012, 0, y - shore));
    });
    const soft = blurred(canvas, 0.006);
    drawPalm(soft, random);
    return blurred(soft, 0.003);
  },
};

/** A palm leans in from the upper left corner. */
function drawPalm(canvas: Canvas, random: Random): void {
  const crown: CanvasPoint = [0.09, 0.16];
  const trunk: readonly CanvasPoint[] = [[-0.03, 1], [0.0, 0.7], [0.035, 0.42], crown];
  trunk.slice(1).forEach((to, index) => {
    const from = trunk[index] ?? to;
    const widths: CanvasPoint = [0.05 - index * 0.011, 0.039 - index * 0.011];
    drawStroke(canvas, { from, to, widths }, { colour: hex('#6b4b30') });
  });
  for (const [turn, length] of [
    [-2.9, 0.2],
    [-2.2, 0.24],
    [-1.4, 0.22],
    [-0.75, 0.27],
    [-0.2, 0.3],
    [0.45, 0.27],
    [1.1, 0.2],
    [2.6, 0.18],
  ] as const)
    drawFrond(canvas, random, { crown, turn, length });
}

interface Frond {
  readonly crown: CanvasPoint;
  readonly turn: number;
  readonly length: number;
}

function drawFrond(canvas: Canvas, random: Random, { crown: [x, y], turn, length }: Frond): void {
  const colour = mix(hex('#1f5a2a'), hex('#58a03c'), random());
  const pointAt = (part: number): CanvasPoint => [
    x + Math.cos(turn) * length * part,
    y + Math.sin(turn) * length * part + 0.55 * length * part * part,
  ];
  for (let leaf = 2; leaf < 26; leaf++) {
    const part = leaf / 26;
    const [fx, fy] = pointAt(part);
    const reach = 0.34 * length * Math.sin(Math.PI * (0.15 + 0.8 * part));
    for (const side of [-1, 1]) {
      const angle = turn + 1.1 * part + side * 0.75;
      const to: CanvasPoint = [fx + Math.cos(angle) * reach, fy + Math.sin(angle) * reach + 0.3 * reach];
      drawStroke(canvas, { from: [fx, fy], to, widths: [0.011, 0.002] }, { colour: times(colour, side > 0 ? 0.8 : 1) });
    }
  }
}

/** Ranges behind ranges in the haze, the highest with snow. */
export const mountains: PaintedBackdrop = {
  paint: ({ size, noise }) => {
    const cloudy = fractal(noise, 6);
    const canvas = paintSoft(size, (x, y) => {
      const open = ramp(
        [
          [0, hex('#4f8fd0')],
          [0.5, hex('#d7e8f2')],
        ],
        y,
      );
      return mix(open, [1, 1, 1], 0.6 * smoothStep(0.56, 0.75, cloudy(x * 2, y * 7 + 20)));
    });
    drawPeaks(canvas, cloudy);
    const ranges: readonly (readonly [number, number, Rgb])[] = [
      [0.56, 0.2, hex('#7f9fc0')],
      [0.65, 0.2, hex('#5c809a')],
      [0.76, 0.16, hex('#3f6a58')],
      [0.86, 0.14, hex('#264a34')],
    ];
    ranges.forEach(([foot, rise, colour], index) =>
      drawRidge(canvas, (x) => foot - rise * (cloudy(x * (3 + index) + 13 * index, index * 7) - 0.45), colour),
    );
    return blurred(canvas, 0.004);
  },
};

/** Rock and snow above the haze: the light comes from the left. */
function drawPeaks(canvas: Canvas, cloudy: (x: number, y: number) => number): void {
  const { size, planes } = canvas;
  const heightAt = (x: number): number =>
    0.56 -
    0.34 *
      Math.max(1 - Math.abs(x - 0.14) * 3.4, 0.92 - Math.abs(x - 0.88) * 2.6, 0.25) *
      (0.75 + 0.5 * cloudy(x * 5, 2));
  for (let column = 0; column < size; column++) {
    const x = (column + 0.5) / size;
    const top = heightAt(x);
    for (let row = Math.floor(top * size); row < size * 0.7; row++) {
      const y = (row + 0.5) / size;
      const cover = Math.min(1, Math.max(0, (y - top) * size + 0.5));
      const ridge = cloudy(x * 9 + 6 * y, y * 7);
      const lit = smoothStep(-0.05, 0.06, ridge - cloudy(x * 9 + 6 * y - 0.12, y * 7));
      const snow = smoothStep(0.02, 0.1, 0.2 - (y - top) + 0.5 * (ridge - 0.5));
      const rock = mix(hex('#465a78'), hex('#8b93a5'), lit);
      const white = mix(hex('#9db8dc'), hex('#ffffff'), lit);
      const hazy = mix(mix(rock, white, snow), hex('#c3d6e6'), 0.25 + 0.6 * smoothStep(0.35, 0.62, y));
      const pixel = row * size + column;
      planes.forEach((plane, channel) => {
        plane[pixel] = (plane[pixel] ?? 0) * (1 - cover) + (hazy[channel] ?? 0) * cover;
      });
    }
  }
}

/** Sun shines into deep water. */
export const underwater: PaintedBackdrop = {
  paint: ({ size, noise, random }) => {
    const cloudy = fractal(noise, 4);
    const canvas = paintSoft(size, (x, y) => {
      const base = ramp(
        [
          [0, hex('#5fd7e6')],
          [0.35, hex('#1b8fbf')],
          [1, hex('#06284f')],
        ],
        y,
      );
      const ray = noise(((x - 0.35) / (0.35 + y)) * 9 + 20, 3);
      const beams = smoothStep(0.45, 0.85, ray) * Math.exp(-y / 0.55) * 0.7;
      const surface = smoothStep(0.5, 0.7, cloudy(x * 7, y * 22)) * smoothStep(0.16, 0, y);
      return mix(base, hex('#d8fbff'), Math.min(1, beams + 0.8 * surface));
    });
    const soft = blurred(canvas, 0.004);
    for (let bubble = 0; bubble < 46; bubble++) {
      const at: CanvasPoint = [random() < 0.5 ? between(random, 0, 0.26) : between(random, 0.74, 1), random()];
      const radius = 0.003 + 0.016 * random() ** 3;
      drawDisc(soft, { at, radius, soft: 0.2 }, { colour: hex('#bff3ff'), cover: 0.32 });
      const shine: CanvasPoint = [at[0] - radius * 0.35, at[1] - radius * 0.35];
      drawDisc(soft, { at: shine, radius: radius * 0.28, soft: 0.6 }, { colour: [1, 1, 1], cover: 0.9 });
    }
    return soft;
  },
};
