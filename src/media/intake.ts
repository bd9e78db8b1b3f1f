import sharp from 'sharp';
import { LikenessError } from '../errors.js';
import { checkFileSize } from './file-size.js';
// Loading this module also switches off, for the whole process, every libvips loader but JPEG, PNG and WebP from memory.
import { MAX_IMAGE_PIXELS } from '../../pipeline/image.js';
import { sniffType } from './sniff.js';

/** The largest photo file taken, in bytes. */
export const MAX_PHOTO_BYTES = 20 * 1024 * 1024;

/** Longer side of a clean photo, in pixels: in a group photo of 12 megapixels a face keeps all of its own. */
const CLEAN_SIDE = 4096;
/** The largest JPEG, in pixels: one that is not progressive is made smaller while it is decoded. */
const MAX_JPEG_PIXELS = 220_000_000;
/** The largest picture, in pixels, that is in memory whole while it is decoded: a WebP, a progressive JPEG, an interlaced PNG. */
const MAX_WHOLE_PIXELS = 25_000_000;
/** The longest side there may be, and how many times the shorter side it may be: thin pictures take long to decode. */
const MAX_SIDE = 20_000;
const MAX_RATIO = 20;
const DECODE_SECONDS = 10;
const ACCEPTED = new Set(['JPEG', 'PNG', 'WebP']);

/** Refuses a file by its size alone, before or after it was read. */
export function checkPhotoSize(bytes: number): void {
  checkFileSize(bytes, MAX_PHOTO_BYTES);
}

/**
 * Turns a stranger's file into a JPEG of our own making: upright, sRGB, at most 4096 px a side, and nothing of the
 * original's metadata or tail left. Of an animation the first frame is taken.
 * @throws LikenessError `file-too-large`, `image-heic`, `image-type-unsupported`, `not-an-image`, `image-too-large`,
 *   `image-too-thin`, `image-damaged`.
 */
export async function cleanPhoto(bytes: Uint8Array): Promise<Uint8Array> {
  checkPhotoSize(bytes.length);
  checkType(bytes);
  const limitInputPixels = await checkDimensions(bytes);
  try {
    return await sharp(bytes, { limitInputPixels, failOn: 'error' })
      .autoOrient()
      .timeout({ seconds: DECODE_SECONDS })
      .resize({ width: CLEAN_SIDE, height: CLEAN_SIDE, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
      .toBuffer();
  } catch (cause) {
    throw new LikenessError('image-damaged', {}, { cause });
  }
}

function checkType(bytes: Uint8Array): void {
  const type = sniffType(bytes);
  if (type === undefined) throw new LikenessError('not-an-image');
  if (type === 'HEIC') throw new LikenessError('image-heic');
  if (!ACCEPTED.has(type)) throw new LikenessError('image-type-unsupported', { type });
}

/** Reads the header only, so that a bomb is refused before a single pixel of it is decoded; answers how many there may be. */
async function checkDimensions(bytes: Uint8Array): Promise<number> {
  const { width, height, format, isProgressive } = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((cause: unknown) => {
      throw new LikenessError('image-damaged', {}, { cause });
    });
  const whole = isProgressive || format === 'webp';
  const limit = whole ? MAX_WHOLE_PIXELS : format === 'jpeg' ? MAX_JPEG_PIXELS : MAX_IMAGE_PIXELS;
  if (width * height > limit) throw new LikenessError('image-too-large', { width, height, limit: limit / 1e6 });
  const [shorter, longer] = [Math.min(width, height), Math.max(width, height)];
  if (longer > MAX_SIDE || longer > shorter * MAX_RATIO) throw new LikenessError('image-too-thin', { width, height });
  return limit;
}
