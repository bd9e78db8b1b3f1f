import { outputOf, type Graphs } from './graphs.js';
import { rawSharp, resizeImage, type RgbImage } from './image.js';
import { imageFromTensor, imagesToTensor } from './tensor.js';
import type { Manifest } from './bundle-manifest.js';

/** A light unsharp mask: Gaussian radius in pixels of the result, and how much is added in flat and in edged places. */
export interface Unsharp {
  readonly sigma: number;
  readonly flat: number;
  readonly edges: number;
}

/** How a picture is enlarged without a network. */
export interface FilterOptions {
  readonly factor: number;
  readonly filter: Manifest['upscale']['filter'];
  readonly unsharp?: Unsharp | undefined;
}

/**
 * Brings a portrait to delivery size. A bundle with an `upscaler` graph (image float32 [1, 3, S, S] in -1..1 to upscaled
 * [1, 3, S*factor, S*factor]) has its portraits enlarged by it, any other by the filter its manifest names.
 */
export async function upscalePortrait(
  image: RgbImage,
  graphs: Pick<Graphs, 'has' | 'run'>,
  settings: Manifest['upscale'],
): Promise<RgbImage> {
  if (!graphs.has('upscaler')) return enlarge(image, settings);
  const outputs = await graphs.run('upscaler', { image: imagesToTensor([image], 1 / 127.5, -1) });
  return imageFromTensor(outputOf(outputs, 'upscaler', 'upscaled'));
}

/** Enlarges by a resampling filter, with an unsharp mask when asked. */
export async function enlarge(image: RgbImage, { factor, filter, unsharp }: FilterOptions): Promise<RgbImage> {
  const size = { width: image.width * factor, height: image.height * factor };
  const large = await resizeImage(image, size, filter);
  if (!unsharp) return large;
  const data = await rawSharp(large)
    .sharpen({ sigma: unsharp.sigma, m1: unsharp.flat, m2: unsharp.edges })
    .raw()
    .toBuffer();
  return { ...size, data };
}
