import { blurred, drawDisc, drawStroke, fillPolygon, paintSoft, type Canvas, type CanvasPoint } from '../canvas.js';
import { hex, mix, ramp, smoothStep, times, type Rgb } from '../colour.js';
import { between, fractal, type Random } from '../random.js';
import type { PaintedBackdrop, PaintBox } from './painting.js';
import { drawRidge } from './skies.js';

interface Woods {
  readonly far: Rgb;
  readonly deep: Rgb;
  readonly bark: Rgb;
  readonly leaves: readonly Rgb[];
}

/** Trees out of focus, sun between the leaves. */
function woods({ far, deep, bark, leaves }: Woods): PaintedBackdrop['paint'] {
  return ({ size, noise, random }: PaintBox) => {
    const cloudy = fractal(noise, 5);
    const canvas = paintSoft(size, (x, y) => {
      const light = Math.exp(-((x - 0.8) ** 2 / 0.12 + (y - 0.2) ** 2 / 0.2));
      return mix(deep, far, Math.min(1, 0.15 + 0.95 * light + 0.4 * (cloudy(x * 4, y * 4) - 0.5)));
    });
    for (const layer of [0, 1, 2]) {
      const haze = [0.62, 0.38, 0][layer] ?? 0;
      for (let trunk = 0; trunk < 9 - 2 * layer; trunk++) {
        const x = between(random, -0.05, 1.05);
        const lean = between(random, -0.03, 0.03);
        const width = between(random, 0.014, 0.024) * (1 + layer * 1.1);
        const stroke = { from: [x, 1.05], to: [x + lean, -0.05], widths: [width * 1.25, width * 0.8] } as const;
        drawStroke(canvas, stroke, { colour: mix(bark, far, haze) });
      }
      drawLeaves(canvas, random, { leaves, far, haze, layer });
    }
    const soft = blurred(canvas, 0.009);
    for (let spot = 0; spot < 90; spot++) {
      const at: CanvasPoint = [random(), random() ** 1.4 * 0.85];
      const near = Math.exp(-((at[0] - 0.8) ** 2 / 0.2 + (at[1] - 0.2) ** 2 / 0.25));
      if (random() > 0.25 + near) continue;
      const colour = times(
        mix(leaves[Math.floor(random() * leaves.length)] ?? far, [1, 1, 0.8], 0.35),
        0.3 + 0.75 * near,
      );
      drawDisc(soft, { at, radius: between(random, 0.012, 0.032), soft: 0.18 }, { colour, cover: 0.7, glows: true });
    }
    return blurred(soft, 0.0025);
  };
}

interface Foliage extends Pick<Woods, 'leaves' | 'far'> {
  readonly haze: number;
  readonly layer: number;
}

function drawLeaves(canvas: Canvas, random: Random, { leaves, far, haze, layer }: Foliage): void {
  for (let leaf = 0; leaf < 260; leaf++) {
    const low = random() < 0.3;
    const at: CanvasPoint = [random(), low ? 1 - random() ** 2 * 0.3 : random() ** 1.7 * 0.62];
    const colour = mix(leaves[Math.floor(random() * leaves.length)] ?? far, far, haze);
    const radius = between(random, 0.008, 0.022) * (0.7 + layer * 0.4);
    drawDisc(canvas, { at, radius, soft: 0.5 }, { colour: times(colour, between(random, 0.5, 1.25)), cover: 0.8 });
  }
}

/** A green forest. */
export const forest: PaintedBackdrop = {
  paint: woods({
    far: hex('#d6ec9c'),
    deep: hex('#17371d'),
    bark: hex('#2c2519'),
    leaves: [hex('#2f6b2a'), hex('#5d9a35'), hex('#1f4d24'), hex('#8cba4a')],
  }),
};

/** The same in autumn, its leaves falling. */
export const autumn: PaintedBackdrop = {
  paint: woods({
    far: hex('#ffd98a'),
    deep: hex('#4a2a14'),
    bark: hex('#2b1a10'),
    leaves: [hex('#d9621e'), hex('#efa02c'), hex('#a8321c'), hex('#e8c24a')],
  }),
  falling: { colours: [hex('#d9621e'), hex('#efa02c'), hex('#b5391c')], count: 9 },
};

/** Branches full of blossom before a pale sky. */
export const cherryBlossom: PaintedBackdrop = {
  paint: ({ size, noise, random }) => {
    const cloudy = fractal(noise, 4);
    let canvas = paintSoft(size, (x, y) =>
      mix(
        ramp(
          [
            [0, hex('#a9cdec')],
            [1, hex('#f3dfe8')],
          ],
          y,
        ),
        hex('#f7cfdd'),
        smoothStep(0.4, 0.7, cloudy(x * 3, y * 3)),
      ),
    );
    for (const layer of [0, 1]) {
      for (const [x, y, turn] of [
        [-0.05, 0.3, -0.35],
        [1.05, 0.2, 3.3],
        [-0.05, 0.62, -0.5],
        [1.05, 0.55, 3.6],
        [0.3, -0.05, 1.2],
      ] as const)
        drawBranch(canvas, random, {
          at: [x, y + between(random, -0.07, 0.07)],
          turn,
          length: between(random, 0.3, 0.42),
          width: 0.02,
        });
      if (layer === 0) canvas = blurred(canvas, 0.016);
    }
    return blurred(canvas, 0.0035);
  },
  falling: { colours: [hex('#f9c6d6'), hex('#fde3ec')], count: 12 },
};

interface Branch {
  readonly at: CanvasPoint;
  readonly turn: number;
  readonly length: number;
  readonly width: number;
}

function drawBranch(canvas: Canvas, random: Random, { at, turn, length, width }: Branch): void {
  let from = at;
  const steps = 7;
  for (let step = 0; step < steps; step++) {
    const angle = turn + between(random, -0.3, 0.3);
    const to: CanvasPoint = [
      from[0] + (Math.cos(angle) * length) / steps,
      from[1] + (Math.sin(angle) * length) / steps,
    ];
    const widths: CanvasPoint = [width * (1 - step / steps), width * (1 - (step + 0.8) / steps)];
    drawStroke(canvas, { from, to, widths }, { colour: hex('#4b3230') });
    for (let cluster = 0; cluster < 5; cluster++) {
      const place: CanvasPoint = [to[0] + between(random, -0.05, 0.05), to[1] + between(random, -0.045, 0.045)];
      drawBlossom(canvas, random, place);
    }
    from = to;
  }
}

function drawBlossom(canvas: Canvas, random: Random, [x, y]: CanvasPoint): void {
  const radius = between(random, 0.011, 0.02);
  const turn = random() * 6;
  const tint = mix(hex('#f493b4'), hex('#ffe6ee'), random());
  for (let petal = 0; petal < 5; petal++) {
    const angle = turn + (petal * 2 * Math.PI) / 5;
    const at: CanvasPoint = [x + Math.cos(angle) * radius * 0.75, y + Math.sin(angle) * radius * 0.75];
    drawDisc(canvas, { at, radius: radius * 0.62, soft: 0.4 }, { colour: times(tint, between(random, 0.85, 1.1)) });
  }
  drawDisc(canvas, { at: [x, y], radius: radius * 0.28, soft: 0.6 }, { colour: hex('#c2446e') });
}

/** Fir trees in a snowy wood; it snows. */
export const snow: PaintedBackdrop = {
  paint: ({ size, noise, random }) => {
    const cloudy = fractal(noise, 4);
    let canvas = paintSoft(size, (x, y) =>
      mix(
        ramp(
          [
            [0, hex('#8fa9c4')],
            [0.7, hex('#dfe8f0')],
          ],
          y,
        ),
        [0.95, 0.97, 1],
        0.3 * cloudy(x * 3, y * 3),
      ),
    );
    for (const layer of [0, 1, 2]) {
      const colour = [hex('#a9bccd'), hex('#6f8a9a'), hex('#2f4d50')][layer] ?? hex('#2f4d50');
      const places = layer === 2 ? [0.02, 0.17, 0.86, 1] : Array.from({ length: 9 }, () => random());
      for (const x of places)
        drawFir(canvas, random, {
          x,
          foot: 0.74 + layer * 0.07,
          height: between(random, 0.36, 0.46) + layer * 0.1,
          colour,
        });
      drawRidge(
        canvas,
        (x) => 0.72 + layer * 0.07 + 0.04 * (cloudy(x * 3, layer * 9) - 0.5),
        mix(hex('#c9d8e8'), hex('#f4f8fc'), layer / 2),
      );
      canvas = blurred(canvas, 0.006 - 0.0014 * layer);
    }
    for (let flake = 0; flake < 260; flake++) {
      const radius = 0.0018 + 0.0075 * random() ** 3;
      drawDisc(canvas, { at: [random(), random()], radius, soft: 0.7 }, { colour: [1, 1, 1], cover: 0.85 });
    }
    return canvas;
  },
  falling: { colours: [[1, 1, 1]], count: 34 },
};

interface Fir {
  readonly x: number;
  readonly foot: number;
  readonly height: number;
  readonly colour: Rgb;
}

function drawFir(canvas: Canvas, random: Random, { x, foot, height, colour }: Fir): void {
  const tiers = 7;
  for (let tier = tiers - 1; tier >= 0; tier--) {
    const [top, low] = [
      foot - height + (tier * height) / (tiers + 1),
      foot - height + ((tier + 2) * height) / (tiers + 1),
    ];
    const wide = 0.05 * height + (0.34 * height * (tier + 1)) / tiers;
    const droop = between(random, -0.008, 0.008);
    fillPolygon(
      canvas,
      [
        [x, top],
        [x + wide, low + droop],
        [x, low - 0.02],
        [x - wide, low - droop],
      ],
      { colour },
    );
    const ink = { colour: hex('#f2f7fb'), cover: 0.85 };
    fillPolygon(
      canvas,
      [
        [x, top],
        [x + wide * 0.95, low + droop - 0.006],
        [x + wide * 0.35, low - 0.035],
      ],
      ink,
    );
    fillPolygon(
      canvas,
      [
        [x, top],
        [x - wide * 0.95, low - droop - 0.006],
        [x - wide * 0.3, low - 0.03],
      ],
      ink,
    );
  }
}
