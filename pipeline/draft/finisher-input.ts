import type { Draft } from './draw.js';
import { shrink, smooth, type Plane } from './plane.js';
import { PART } from './surface.js';

/** Channels of what the finisher is told about a draft, in their order; every value 0..1. */
export const FINISHER_CHANNELS = ['red', 'green', 'blue', 'matte', 'seen', 'face', 'lips', 'mouth', 'eyes'] as const;

const [MATTE, SEEN, MOUTH] = [3, 4, 7] as const;

/** What a photo saw less well than this is blanked. */
const UNSEEN = 0.15;
/** The grey of what is blanked, and of what is behind the person. */
const GREY = 0.5;
/** The edge of what is blanked is soft, by this part of the picture's side. */
const SOFT = 1 / 170;

/** What is known about a draft, and what of it is hidden from the finisher. */
export interface FinisherInput {
  readonly size: number;
  /** `FINISHER_CHANNELS`, each `size` x `size`: colours over grey, the matte, and what is where. */
  readonly told: Float32Array;
  /** Where the photo saw nothing, 0..1: there the colours told are grey. A network that sees stretched skin keeps it. */
  readonly hidden: Plane;
}

/** A draft as the finisher takes it, `factor` times smaller. */
export function finisherInput(draft: Omit<Draft, 'crop'>, factor = 1): FinisherInput {
  const { size, seen, lips, eyes, parts } = draft;
  const face = { ...seen, data: new Float32Array(parts.length) };
  const mouth = { ...seen, data: new Float32Array(parts.length) };
  for (let pixel = 0; pixel < parts.length; pixel++) {
    const part = parts[pixel];
    mouth.data[pixel] = part === PART.mouth ? 1 : 0;
    face.data[pixel] = part === PART.mouth || part === PART.face ? 1 : 0;
  }
  const planes = [...colourPlanes(draft), draft.matte, seen, face, lips, mouth, eyes].map((plane) =>
    factor === 1 ? plane : shrink(plane, factor),
  );
  const side = size / factor;
  const told = new Float32Array(side * side * planes.length);
  planes.forEach(({ data }, channel) => told.set(data, channel * side * side));
  return { size: side, told, hidden: blank(told, side) };
}

/** Colours over grey, weighted by the matte: red, green, blue, 0..1. */
export function colourPlanes({ size, colours, matte }: Pick<Draft, 'size' | 'colours' | 'matte'>): Plane[] {
  return [0, 1, 2].map((channel) => {
    const data = new Float32Array(size * size);
    for (let pixel = 0; pixel < data.length; pixel++) {
      const colour = Math.min(1, Math.max(0, (colours[pixel * 3 + channel] ?? 0) / 255));
      data[pixel] = GREY + (matte.data[pixel] ?? 0) * (colour - GREY);
    }
    return { width: size, height: size, data };
  });
}

/** Makes grey what the photo did not show, but for the mouth's inside, which the model drew. Answers where. */
function blank(told: Float32Array, side: number): Plane {
  const plane = side * side;
  const unseen = new Float32Array(plane);
  for (let pixel = 0; pixel < plane; pixel++) {
    const isMouth = (told[MOUTH * plane + pixel] ?? 0) > 0.5;
    unseen[pixel] = !isMouth && (told[SEEN * plane + pixel] ?? 0) < UNSEEN ? 1 : 0;
  }
  const soft = smooth({ width: side, height: side, data: unseen }, side * SOFT);
  const hidden = { ...soft, data: soft.data.map((value) => Math.min(1, 1.5 * value)) };
  hide(told, hidden);
  return hidden;
}

/** Turns the first three channels to grey where a plane of the same size says so. */
export function hide(channels: Float32Array, { data }: Plane): void {
  for (let channel = 0; channel < MATTE; channel++) {
    for (let pixel = 0; pixel < data.length; pixel++) {
      const at = channel * data.length + pixel;
      channels[at] = GREY + ((channels[at] ?? 0) - GREY) * (1 - (data[pixel] ?? 0));
    }
  }
}
