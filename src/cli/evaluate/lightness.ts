import { alignFace, arcFaceTemplate, type Face, type RgbImage } from '../../../pipeline/index.js';

/** Side of the aligned face, and the part of it where cheeks and nose are, without eyes and lips. */
const SIDE = 64;
const SKIN = { left: 0.2, right: 0.8, top: 0.52, bottom: 0.74 } as const;

/** How light a face's skin is in a picture: CIE L*, 0 (black) to 100 (white), the median over cheeks and nose. */
export function lightnessOf(image: RgbImage, { points }: Pick<Face, 'points'>): number {
  const { data } = alignFace(image, points, arcFaceTemplate(SIDE));
  const values: number[] = [];
  for (let y = Math.round(SKIN.top * SIDE); y < SKIN.bottom * SIDE; y++) {
    for (let x = Math.round(SKIN.left * SIDE); x < SKIN.right * SIDE; x++) {
      values.push(lightnessAt(data.subarray((y * SIDE + x) * 3)));
    }
  }
  values.sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)] ?? 0;
}

function lightnessAt([red = 0, green = 0, blue = 0]: Uint8Array): number {
  const luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  return luminance > 0.008856 ? 116 * Math.cbrt(luminance) - 16 : 903.3 * luminance;
}

/** A value of sRGB, 0..255, as light, 0..1. */
function linear(value: number): number {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}
