import { cutOut, GREY, type CutOut } from './cut-out.js';
import type { Draft } from './draw.js';
import { shrink, smooth, type Plane } from './plane.js';
import { PART } from './surface.js';

/** Channels of what the finisher is told about a draft, in their order; every value 0..1. */
export const FINISHER_CHANNELS = ['red', 'green', 'blue', 'matte', 'seen', 'face', 'lips', 'mouth', 'eyes'] as const;

/** Where each of them is. */
export const CHANNEL = { matte: 3, seen: 4, face: 5, lips: 6, mouth: 7, eyes: 8 } as const;

/** What a photo saw less well than this is blanked. */
const UNSEEN = 0.15;
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

/** A draft as the finisher takes it, `factor` times smaller; `cut` is its cut-out. */
export function finisherInput(draft: Omit<Draft, 'crop'>, cut: CutOut = cutOut(draft), factor = 1): FinisherInput {
  const { size, seen, lips, eyes, parts } = draft;
  const [side, plane] = [size / factor, size * size];
  const told = new Float32Array(side * side * FINISHER_CHANNELS.length);
  const tell = (channel: number, data: Float32Array): void =>
    told.set(shrink({ width: size, height: size, data }, factor).data, channel * side * side);
  for (let channel = 0; channel <= CHANNEL.matte; channel++) {
    tell(channel, cut.data.subarray(channel * plane, (channel + 1) * plane));
  }
  const [face, mouth] = [new Float32Array(plane), new Float32Array(plane)];
  for (let pixel = 0; pixel < plane; pixel++) {
    const part = parts[pixel];
    if (part === PART.mouth) mouth[pixel] = 1;
    if (part === PART.mouth || part === PART.face) face[pixel] = 1;
  }
  tell(CHANNEL.seen, seen.data);
  tell(CHANNEL.face, face);
  tell(CHANNEL.lips, lips.data);
  tell(CHANNEL.mouth, mouth);
  tell(CHANNEL.eyes, eyes.data);
  return { size: side, told, hidden: blank(told, side) };
}

/** Makes grey what the photo did not show, but for the mouth's inside, which the model drew. Answers where. */
function blank(told: Float32Array, side: number): Plane {
  const plane = side * side;
  const unseen = new Float32Array(plane);
  for (let pixel = 0; pixel < plane; pixel++) {
    const isMouth = (told[CHANNEL.mouth * plane + pixel] ?? 0) > 0.5;
    unseen[pixel] = !isMouth && (told[CHANNEL.seen * plane + pixel] ?? 0) < UNSEEN ? 1 : 0;
  }
  const soft = smooth({ width: side, height: side, data: unseen }, side * SOFT);
  const hidden = { ...soft, data: soft.data.map((value) => Math.min(1, 1.5 * value)) };
  hide(told, hidden);
  return hidden;
}

/** Turns the first three channels to grey where a plane of the same size says so. */
export function hide(channels: Float32Array, { data }: Plane): void {
  for (let channel = 0; channel < CHANNEL.matte; channel++) {
    for (let pixel = 0; pixel < data.length; pixel++) {
      const at = channel * data.length + pixel;
      channels[at] = GREY + ((channels[at] ?? 0) - GREY) * (1 - (data[pixel] ?? 0));
    }
  }
}
