import { blurred, drawDisc, drawStroke, fillPolygon, paintSoft, type Canvas, type CanvasPoint } from '../canvas.js';
import { hex, mix, ramp, smoothStep, times, type Rgb } from '../colour.js';
import { between, fractal, type Random } from '../random.js';
import type { PaintedBackdrop } from './painting.js';

const DAY: readonly (readonly [number, Rgb])[] = [
  [0, hex('#2b6fc2')],
  [0.55, hex('#79b4e8')],
  [1, hex('#cfe6f5')],
];

/** A blue sky with white clouds. */
export const sky: PaintedBackdrop = {
  paint: ({ size, noise }) => {
    const cloudy = fractal(noise, 6);
    const painted = paintSoft(size, (x, y) => {
      const thick = cloudy(x * 3.4 + 5, y * 5.5);
      const above = cloudy(x * 3.4 + 5.05, y * 5.5 - 0.22);
      const cover = smoothStep(0.5, 0.66, thick + 0.05 * Math.sin(y * 9));
      const lit = smoothStep(-0.12, 0.14, thick - above);
      return mix(ramp(DAY, y), mix(hex('#a9bccf'), [1, 1, 1], lit), cover * 0.95);
    });
    return blurred(painted, 0.004);
  },
};

const EVENING: readonly (readonly [number, Rgb])[] = [
  [0, hex('#2a2358')],
  [0.2, hex('#6d2f70')],
  [0.38, hex('#d4504f')],
  [0.5, hex('#ff8f3f')],
  [0.6, hex('#ffd16b')],
];
const SUN: CanvasPoint = [0.17, 0.5];
const HORIZON = 0.6;

/** The sun goes down over the sea. */
export const sunset: PaintedBackdrop = {
  paint: ({ size, noise }) => {
    const cloudy = fractal(noise, 5);
    const painted = paintSoft(size, (x, y) => (y < HORIZON ? evening(x, y, cloudy) : evenSea(x, y, cloudy)));
    drawDisc(painted, { at: SUN, radius: 0.062, soft: 0.12 }, { colour: [2.4, 1.7, 0.75] });
    return blurred(painted, 0.005);
  },
};

function evening(x: number, y: number, cloudy: (x: number, y: number) => number): Rgb {
  const near = Math.exp(-Math.hypot(x - SUN[0], (y - SUN[1]) * 1.3) / 0.16);
  const open = mix(ramp(EVENING, y), [1.6, 0.85, 0.3], 0.75 * near);
  const cover = smoothStep(0.5, 0.7, cloudy(x * 2.2 + 1, y * 13)) * smoothStep(HORIZON, 0.4, y);
  const cloud = mix(hex('#5a2c60'), hex('#ff7a52'), smoothStep(0.12, 0.55, y) * 0.8 + 0.3 * near);
  return mix(open, cloud, 0.85 * cover);
}

function evenSea(x: number, y: number, cloudy: (x: number, y: number) => number): Rgb {
  const depth = (y - HORIZON) / (1 - HORIZON);
  const mirrored = mix(ramp(EVENING, HORIZON - 0.5 * (y - HORIZON)), hex('#2a2148'), 0.3 + 0.6 * depth);
  const wave = cloudy(x * (10 - 5 * depth), 60 * Math.log(1 + depth * 4));
  const path = Math.exp(-(((x - SUN[0]) / (0.05 + 0.1 * depth)) ** 2));
  const glitter = smoothStep(0.5, 0.7, wave) * path * 2;
  return mix(times(mirrored, 0.7 + 0.6 * wave), [1.9, 1.1, 0.45], Math.min(1, glitter));
}

/** Stars of many magnitudes, above a height. */
export function drawStars(
  canvas: Canvas,
  random: Random,
  { count, above = 1 }: { readonly count: number; readonly above?: number },
): void {
  for (let star = 0; star < count; star++) {
    const bright = random() ** 5;
    const tint: Rgb = mix([1, 0.85, 0.7], [0.75, 0.86, 1], random());
    const at: CanvasPoint = [random(), random() * above];
    drawDisc(
      canvas,
      { at, radius: 0.0012 + 0.0026 * bright, soft: 1 },
      { colour: times(tint, 0.35 + 2 * bright), glows: true },
    );
    if (bright > 0.75) drawDisc(canvas, { at, radius: 0.016, soft: 1 }, { colour: times(tint, 0.16), glows: true });
  }
}

/** A ridge of hills from the left to the right: heights by noise, filled down to the lower edge. */
export function drawRidge(canvas: Canvas, height: (x: number) => number, colour: Rgb): void {
  const steps = 128;
  const line = Array.from({ length: steps + 1 }, (_, step): CanvasPoint => [step / steps, height(step / steps)]);
  fillPolygon(canvas, [...line, [1, 1.01], [0, 1.01]], { colour });
}

/** The Milky Way over dark hills. */
export const starryNight: PaintedBackdrop = {
  paint: ({ size, noise, random }) => {
    const cloudy = fractal(noise, 6);
    const canvas = paintSoft(size, (x, y) => {
      const base = ramp(
        [
          [0, hex('#060b24')],
          [0.55, hex('#14265a')],
          [0.85, hex('#3b5c92')],
        ],
        y,
      );
      const across = (x - 0.78 + 0.75 * (y - 0.3)) * 0.8;
      const band = Math.exp(-((across / 0.16) ** 2));
      const dust = smoothStep(0.42, 0.62, cloudy(x * 5 + 9, y * 5)) * Math.exp(-((across / 0.07) ** 2));
      const glow = band * (0.35 + cloudy(x * 4, y * 4 + 7)) * (1 - 0.75 * dust);
      return mix(base, hex('#c9b8e8'), 0.5 * glow);
    });
    drawStars(canvas, random, { count: 900 });
    drawRidge(canvas, (x) => 0.76 + 0.1 * (cloudy(x * 3, 4) - 0.5), hex('#0a1024'));
    drawRidge(canvas, (x) => 0.84 + 0.12 * (cloudy(x * 4, 40) - 0.5), hex('#04060f'));
    return canvas;
  },
};

/** Curtains of green light over a snowy land. */
export const northernLights: PaintedBackdrop = {
  paint: ({ size, noise, random }) => {
    const cloudy = fractal(noise, 4);
    const canvas = paintSoft(size, (x, y) => {
      let colour: Rgb = ramp(
        [
          [0, hex('#050a1e')],
          [0.8, hex('#123152')],
        ],
        y,
      );
      for (const [index, foot] of [0.62, 0.48, 0.38].entries()) {
        const bend = foot + 0.3 * (cloudy(x * 1.5 + index * 9, index) - 0.5) + 0.05 * Math.sin(x * 9 + index * 2);
        const up = bend - y;
        const fade = up < 0 ? Math.exp(up / 0.018) : Math.exp(-up / 0.17);
        const folds = 0.3 + 1.2 * smoothStep(0.3, 0.75, noise(x * 34 + 3 * cloudy(x * 3, 9), index * 5 + y * 0.8));
        const strength = fade * folds * (0.5 + cloudy(x * 2.5, index * 3 + 1)) * (1 - 0.2 * index);
        const hue = mix(hex('#3dff9a'), hex('#a04dff'), smoothStep(0.05, 0.3, up));
        colour = [colour[0] + hue[0] * strength, colour[1] + hue[1] * strength, colour[2] + hue[2] * strength];
      }
      return colour;
    });
    drawStars(canvas, random, { count: 350, above: 0.7 });
    const soft = blurred(canvas, 0.0025);
    drawRidge(soft, (x) => 0.76 + 0.13 * (cloudy(x * 2.6, 4) - 0.5), hex('#1d3a55'));
    drawRidge(soft, (x) => 0.86 + 0.1 * (cloudy(x * 3, 14) - 0.5), hex('#3b6a80'));
    return blurred(soft, 0.002);
  },
};

/** Stars, a nebula and a planet with a ring. */
export const space: PaintedBackdrop = {
  paint: ({ size, noise, random }) => {
    const cloudy = fractal(noise, 6);
    const canvas = paintSoft(size, (x, y) => {
      const warp = cloudy(x * 2 + 8, y * 2);
      const [red, blue] = [cloudy(x * 2.4 + 2 * warp, y * 2.4), cloudy(x * 2.2 + 30, y * 2.2 + 2 * warp)];
      const base = hex('#05060f');
      const cool = mix(base, hex('#3a49d8'), smoothStep(0.42, 0.78, blue) * 0.85);
      const warm = mix(cool, hex('#d8388f'), smoothStep(0.47, 0.76, red) * 0.8);
      return mix(warm, hex('#ffc9a0'), smoothStep(0.62, 0.8, red) * 0.5);
    });
    drawStars(canvas, random, { count: 700 });
    drawPlanet(canvas, noise);
    return canvas;
  },
};

const PLANET = { at: [0.84, 0.2], radius: 0.105 } as const;

function drawPlanet(canvas: Canvas, noise: (x: number, y: number) => number): void {
  const { size, planes } = canvas;
  const [cx, cy] = PLANET.at;
  drawRing(canvas, 1);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const [x, y] = [((column + 0.5) / size - cx) / PLANET.radius, ((row + 0.5) / size - cy) / PLANET.radius];
      const far = Math.hypot(x, y);
      const inside = Math.min(1, Math.max(0, (1 - far) * PLANET.radius * size + 0.5));
      if (inside === 0) continue;
      const z = Math.sqrt(Math.max(0, 1 - far * far));
      const band = noise((y + 0.3 * x) * 5 + 40, x * 0.6);
      const surface = mix(hex('#e2a868'), hex('#8d4f36'), smoothStep(0.25, 0.75, band));
      const light = 0.03 + 1.15 * Math.max(0, -0.75 * x - 0.45 * y + 0.45 * z);
      planes.forEach((plane, channel) => {
        const pixel = row * size + column;
        plane[pixel] = (plane[pixel] ?? 0) * (1 - inside) + (surface[channel] ?? 0) * light * inside;
      });
    }
  }
  drawRing(canvas, -1);
}

/** The half of the ring behind the planet (1) or before it (-1). */
function drawRing(canvas: Canvas, half: 1 | -1): void {
  const steps = 48;
  for (const [radius, cover] of [
    [1.45, 0.75],
    [1.62, 0.5],
    [1.8, 0.7],
    [1.95, 0.35],
  ] as const) {
    const placeAt = (step: number): CanvasPoint => {
      const angle = (Math.PI * step) / steps;
      const [u, v] = [Math.cos(angle) * radius, -half * Math.sin(angle) * radius * 0.28];
      return [PLANET.at[0] + (u - 0.3 * v) * PLANET.radius, PLANET.at[1] + (v + 0.3 * u) * PLANET.radius];
    };
    for (let step = 0; step < steps; step++) {
      const widths: CanvasPoint = [0.012, 0.012];
      drawStroke(canvas, { from: placeAt(step), to: placeAt(step + 1), widths }, { colour: hex('#d8c09a'), cover });
    }
  }
}

/** Rockets burst over a town at night. */
export const fireworks: PaintedBackdrop = {
  paint: ({ size, noise, random }) => {
    const cloudy = fractal(noise, 4);
    const canvas = paintSoft(size, (x, y) =>
      mix(
        ramp(
          [
            [0, hex('#070a1c')],
            [0.9, hex('#2a2350')],
          ],
          y,
        ),
        hex('#6a4a70'),
        0.35 * smoothStep(0.45, 0.8, cloudy(x * 3, y * 3)),
      ),
    );
    const bursts: readonly (readonly [CanvasPoint, number, Rgb])[] = [
      [[0.16, 0.2], 0.19, hex('#ffb43d')],
      [[0.85, 0.16], 0.17, hex('#ff4f6e')],
      [[0.9, 0.5], 0.13, hex('#4fb7ff')],
      [[0.08, 0.55], 0.12, hex('#a6ff6b')],
      [[0.52, 0.07], 0.13, hex('#d28bff')],
    ];
    for (const [at, radius, colour] of bursts) drawBurst(canvas, random, { at, radius, colour });
    const soft = blurred(canvas, 0.0022);
    for (let spark = 0; spark < 60; spark++) {
      const at: CanvasPoint = [random(), between(random, 0.84, 1)];
      drawDisc(soft, { at, radius: 0.008, soft: 0.6 }, { colour: times(hex('#ffc56b'), 0.7), glows: true });
    }
    return soft;
  },
};

interface Burst {
  readonly at: CanvasPoint;
  readonly radius: number;
  readonly colour: Rgb;
}

function drawBurst(canvas: Canvas, random: Random, { at: [x, y], radius, colour }: Burst): void {
  drawDisc(canvas, { at: [x, y], radius: radius * 1.2, soft: 1 }, { colour: times(colour, 0.3), glows: true });
  const rays = 46;
  for (let ray = 0; ray < rays; ray++) {
    const angle = ((ray + random() * 0.8) / rays) * 2 * Math.PI;
    const reach = radius * (ray % 2 === 0 ? between(random, 0.85, 1) : between(random, 0.45, 0.7));
    const pointAt = (part: number): CanvasPoint => [
      x + Math.cos(angle) * reach * part,
      y + Math.sin(angle) * reach * part + 0.05 * part * part * radius,
    ];
    for (let step = 1; step < 6; step++) {
      const ink = { colour: times(mix([1, 1, 1], colour, 0.4 + step * 0.1), 1.3 * (step / 6) ** 1.5), glows: true };
      drawStroke(canvas, { from: pointAt(step / 6), to: pointAt((step + 1) / 6), widths: [0.003, 0.0045] }, ink);
    }
    drawDisc(
      canvas,
      { at: pointAt(1), radius: 0.0048, soft: 0.6 },
      { colour: times(mix(colour, [1, 1, 1], 0.4), 1.6), glows: true },
    );
  }
}
