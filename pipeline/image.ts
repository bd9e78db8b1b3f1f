import sharp, { type Metadata, type Sharp } from 'sharp';
import { LikenessError } from './errors.js';

/** A decoded picture: height x width x 3 bytes, row-major, sRGB, 0..255. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Resampling filters that `resizeImage` offers. */
export type ResizeKernel = 'nearest' | 'linear' | 'cubic' | 'mitchell' | 'lanczos2' | 'lanczos3';

/** The largest picture that is decoded, in pixels: telephones of "50 megapixels" make 8192 x 6144. */
export const MAX_IMAGE_PIXELS = 64_000_000;

const DECODE_SECONDS = 20;
const DECODABLE = new Set(['jpeg', 'png', 'webp']);

// Photos come from strangers: every loader of libvips is switched off for this process except the three this project accepts.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'],
});

/**
 * Decodes a JPEG, PNG or WebP file held in memory: orientation applied, converted to sRGB, transparency on white.
 * @throws LikenessError `not-an-image` when it is anything else or broken, `image-too-large` above `MAX_IMAGE_PIXELS`.
 */
export async function decodeImage(bytes: Uint8Array): Promise<RgbImage> {
  await checkHeader(bytes);
  try {
    const { data, info } = await open(bytes)
      .autoOrient()
      .timeout({ seconds: DECODE_SECONDS })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data };
  } catch (cause) {
    throw new LikenessError('not-an-image', {}, { cause });
  }
}

async function checkHeader(bytes: Uint8Array): Promise<void> {
  const { format, width, height } = await readHeader(bytes);
  if (!DECODABLE.has(format)) throw new LikenessError('not-an-image');
  if (width * height > MAX_IMAGE_PIXELS) {
    throw new LikenessError('image-too-large', { width, height, limit: MAX_IMAGE_PIXELS / 1e6 });
  }
}

async function readHeader(bytes: Uint8Array): Promise<Metadata> {
  try {
    return await open(bytes, false).metadata();
  } catch (cause) {
    throw new LikenessError('not-an-image', {}, { cause });
  }
}

function open(bytes: Uint8Array, limitInputPixels: number | false = MAX_IMAGE_PIXELS): Sharp {
  return sharp(bytes, { limitInputPixels, failOn: 'error' });
}

/** Resizes to exactly the given size (the aspect ratio is the caller's business); `lanczos3` unless told otherwise. */
export async function resizeImage(image: RgbImage, size: Size, kernel: ResizeKernel = 'lanczos3'): Promise<RgbImage> {
  const data = await rawSharp(image).resize(size.width, size.height, { fit: 'fill', kernel }).raw().toBuffer();
  return { ...size, data };
}

/** A sharp pipeline that starts from the pixels of a decoded picture. */
export function rawSharp(image: RgbImage): Sharp {
  return sharp(image.data, { raw: { width: image.width, height: image.height, channels: 3 } });
}
