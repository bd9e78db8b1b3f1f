import type { RgbImage } from '../image.js';
import type { PaintedBackdrop } from './backdrops/painting.js';
import { encodedOf } from './colour.js';
import { between, type Random } from './random.js';

/** Flakes and leaves keep off the middle of the picture, where the face is: so far across and down, as parts of its side. */
const FACE = { x: 0.5, y: 0.47, across: 0.27, down: 0.34 } as const;

/** Draws flakes, petals or leaves before a person, soft as what is too near for the lens. Changes the picture. */
export function drawFalling(
  image: RgbImage,
  { colours, count }: NonNullable<PaintedBackdrop['falling']>,
  random: Random,
): void {
  for (let index = 0; index < count; index++) {
    const at = [random(), random()] as const;
    const radius = between(random, 0.004, 0.017) * image.width;
    const flake = { at, radius, flat: colours.length > 1 ? 0.55 : 1, turn: random() * Math.PI };
    const colour = (colours[index % colours.length] ?? [1, 1, 1]).map((value) => 255 * encodedOf(value));
    if (Math.hypot((at[0] - FACE.x) / FACE.across, (at[1] - FACE.y) / FACE.down) >= 1) drawFlake(image, flake, colour);
  }
}

interface Flake {
  readonly at: readonly [x: number, y: number];
  readonly radius: number;
  readonly flat: number;
  readonly turn: number;
}

function drawFlake(
  { width, height, data }: RgbImage,
  { at, radius, flat, turn }: Flake,
  colour: readonly number[],
): void {
  const [cx, cy] = [at[0] * width, at[1] * height];
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  for (let row = Math.max(0, Math.floor(cy - radius)); row < Math.min(height, cy + radius); row++) {
    for (let column = Math.max(0, Math.floor(cx - radius)); column < Math.min(width, cx + radius); column++) {
      const [dx, dy] = [column - cx, row - cy];
      const far = Math.hypot(dx * c + dy * s, (dy * c - dx * s) / flat) / radius;
      const cover = 0.82 * Math.min(1, Math.max(0, (1 - far) * 2.2));
      const pixel = (row * width + column) * 3;
      colour.forEach((value, channel) => {
        data[pixel + channel] = Math.round((data[pixel + channel] ?? 0) * (1 - cover) + value * cover);
      });
    }
  }
}
