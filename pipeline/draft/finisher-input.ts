import { smooth, type Plane } from './plane.js';
import { PART } from './surface.js';
import type { Draft } from './draw.js';

/** Channels of what the finisher is told about a draft, in their order; every value 0..1. */
export const FINISHER_CHANNELS = ['red', 'green', 'blue', 'matte', 'seen', 'face', 'lips', 'mouth', 'eyes'] as const;

/** What a photo saw less well than this is blanked. */
const UNSEEN = 0.15;
/** The grey of what is blanked, and of what is behind the person. */
const GREY = 0.5;

/**
 * A draft as the finisher takes it, channels first: colours over grey, matte, how well each place was seen, and where face,
 * lips, inside of the mouth and eyes are. What the photo did not show is grey: a network that sees stretched skin keeps it.
 */
export function finisherInput({ size, colours, matte, seen, lips, eyes, parts }: Draft): Float32Array {
  const plane = size * size;
  const data = new Float32Array(plane * FINISHER_CHANNELS.length);
  const unseen: Plane = {
    ...seen,
    data: seen.data.map((value, pixel) => (parts[pixel] !== PART.mouth && value < UNSEEN ? 1 : 0)),
  };
  const blank = smooth(unseen, size / 170);
  for (let pixel = 0; pixel < plane; pixel++) {
    const hidden = Math.min(1, 1.5 * (blank.data[pixel] ?? 0));
    const cover = (matte.data[pixel] ?? 0) * (1 - hidden);
    for (let channel = 0; channel < 3; channel++) {
      const colour = Math.min(1, Math.max(0, (colours[pixel * 3 + channel] ?? 0) / 255));
      data[channel * plane + pixel] = GREY + cover * (colour - GREY);
    }
    data[3 * plane + pixel] = matte.data[pixel] ?? 0;
    data[4 * plane + pixel] = seen.data[pixel] ?? 0;
    data[5 * plane + pixel] = parts[pixel] === PART.face || parts[pixel] === PART.mouth ? 1 : 0;
    data[6 * plane + pixel] = lips.data[pixel] ?? 0;
    data[7 * plane + pixel] = parts[pixel] === PART.mouth ? 1 : 0;
    data[8 * plane + pixel] = eyes.data[pixel] ?? 0;
  }
  return data;
}
