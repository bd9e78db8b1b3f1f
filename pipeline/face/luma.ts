import type { RgbImage } from '../image.js';

/** The brightness of a pixel, given by its number, as the eye weighs the colours (ITU-R BT.601); 0..255. */
export function lumaAt({ data }: RgbImage, pixel: number): number {
  return 0.299 * (data[pixel * 3] ?? 0) + 0.587 * (data[pixel * 3 + 1] ?? 0) + 0.114 * (data[pixel * 3 + 2] ?? 0);
}

/** The brightness of every pixel: height x width values, 0..255. */
export function lumaPlane(image: RgbImage): Float32Array {
  const luma = new Float32Array(image.width * image.height);
  for (let pixel = 0; pixel < luma.length; pixel++) luma[pixel] = lumaAt(image, pixel);
  return luma;
}

/**
 * How sharp a picture is: the variance of the Laplacian (4 x centre less the four neighbours) of its luma, border pixels
 * left out. It depends on the picture's scale, so compare only pictures of one size, such as aligned faces.
 */
export function sharpnessOf(image: RgbImage): number {
  const { width, height } = image;
  const luma = lumaPlane(image);
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
