import type { RgbImage } from '../image.js';
import type { Plane } from './plane.js';

/** A picture as a mirror shows it: left is right. */
export function mirrorImage(image: RgbImage): RgbImage {
  return {
    ...image,
    data: mirrorRows(image.data, new Uint8Array(image.data.length), { width: image.width, channels: 3 }),
  };
}

/** The same of a plane. */
export function mirrorPlane(plane: Plane): Plane {
  return {
    ...plane,
    data: mirrorRows(plane.data, new Float32Array(plane.data.length), { width: plane.width, channels: 1 }),
  };
}

function mirrorRows<T extends Uint8Array | Float32Array>(
  from: T,
  to: T,
  { width, channels }: { readonly width: number; readonly channels: number },
): T {
  const row = width * channels;
  for (let at = 0; at < from.length; at += channels) {
    const column = at % row;
    for (let channel = 0; channel < channels; channel++)
      to[at - column + row - channels - column + channel] = from[at + channel] ?? 0;
  }
  return to;
}
