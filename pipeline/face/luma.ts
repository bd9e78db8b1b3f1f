import type { RgbImage } from '../image.js';

/** Brightness as the eye weighs the colours (ITU-R BT.601): height x width values, 0..255. */
export function lumaOf({ width, height, data }: RgbImage): Float32Array {
  const luma = new Float32Array(width * height);
  for (let pixel = 0, source = 0; pixel < luma.length; pixel++, source += 3) {
    luma[pixel] = 0.299 * (data[source] ?? 0) + 0.587 * (data[source + 1] ?? 0) + 0.114 * (data[source + 2] ?? 0);
  }
  return luma;
}

/**
 * How sharp a picture is: the variance of the Laplacian (4 x centre less the four neighbours) of its luma, border pixels
 * left out. It depends on the picture's scale, so compare only pictures of one size, such as aligned faces.
 */
export function sharpnessOf(image: RgbImage): number {
  const { width, height } = image;
  const luma = lumaOf(image);
  const at = (index: number) => luma[index] ?? 0;
  let [count, sum, squares] = [0, 0, 0];
  for (let y = 1; y < height - 1; y++) {
    for (let index = y * width + 1; index < (y + 1) * width - 1; index++) {
      const value = 4 * at(index) - at(index - 1) - at(index + 1) - at(index - width) - at(index + width);
      count++;
      sum += value;
      squares += value * value;
    }
  }
  return count === 0 ? 0 : squares / count - (sum / count) ** 2;
}
