import type { Draft } from './draw.js';

/** The grey that lies behind a cut-out; 0..1. */
export const GREY = 0.5;

/** A portrait cut out, channels first, 0..1: red, green, blue over mid-grey as the matte weighs them, then the matte. */
export interface CutOut {
  readonly size: number;
  readonly data: Float32Array;
}

/** Colours (0..255, channels last) and their matte as a cut-out. */
export function cutOut({
  size,
  colours,
  matte,
}: Readonly<Pick<Draft, 'size' | 'matte'>> & { readonly colours: ArrayLike<number> }): CutOut {
  const plane = size * size;
  const data = new Float32Array(plane * 4).fill(GREY, 0, 3 * plane);
  for (let pixel = 0; pixel < plane; pixel++) {
    const cover = matte.data[pixel] ?? 0;
    if (cover === 0) continue;
    for (let channel = 0; channel < 3; channel++) {
      const colour = Math.min(1, Math.max(0, (colours[pixel * 3 + channel] ?? 0) / 255));
      data[channel * plane + pixel] = GREY + cover * (colour - GREY);
    }
    data[3 * plane + pixel] = cover;
  }
  return { size, data };
}
