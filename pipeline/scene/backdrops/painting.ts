import type { Canvas } from '../canvas.js';
import type { Rgb } from '../colour.js';
import type { Noise, Random } from '../random.js';

/** What a backdrop is painted with. */
export interface PaintBox {
  readonly size: number;
  readonly random: Random;
  readonly noise: Noise;
  /** The colour that was asked for with it. */
  readonly colour?: Rgb | undefined;
}

/** What is behind a person. Heads stand in the middle: what tells a place by belongs to the sides and above. */
export interface PaintedBackdrop {
  paint(box: PaintBox): Canvas;
  /** What falls before the person too: flakes, petals, leaves. */
  readonly falling?: { readonly colours: readonly Rgb[]; readonly count: number } | undefined;
  /** Whether it takes a colour by word. */
  readonly colourable?: boolean;
}
