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
 * original's metadata or tail left. Of an animation a frame in the middle is taken: many fade in. A JPEG whose end mark alone is
 * missing is whole.
 * @throws LikenessError `file-too-large`, `image-heic`, `image-type-unsupported`, `not-an-image`, `image-too-large`,
 *   `image-too-thin`, `image-damaged`.
 */
export async function cleanPhoto(bytes: Uint8Array): Promise<Uint8Array> {
  checkPhotoSize(bytes.length);
  checkType(bytes);
  const { limitInputPixels, page } = await checkDimensions(bytes);
  const read = (whole: Uint8Array, failOn: 'error' | 'warning'): Promise<Uint8Array> =>
    sharp(whole, { limitInputPixels, page, failOn })
      .autoOrient()
      .timeout({ seconds: DECODE_SECONDS })
      .resize({ width: CLEAN_SIDE, height: CLEAN_SIDE, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
      .toBuffer();
  const damaged = (cause: unknown): never => {
    throw new LikenessError('image-damaged', {}, { cause });
  };
  try {
    return await read(bytes, 'error');
  } catch (cause) {
    // Where more than the mark is missing, the decoder warns that the data of the picture ended too soon.
    const ended = withEndMark(bytes);
    return ended ? read(ended, 'warning').catch(damaged) : damaged(cause);
  }
}

/** A JPEG with the mark that ends it (EOI, 0xFFD9), where that is missing whole or by half; undefined where nothing is missing. */
function withEndMark(bytes: Uint8Array): Uint8Array | undefined {
  const [before, last] = bytes.slice(-2);
  if (sniffType(bytes) !== 'JPEG' || (before === 0xff && last === 0xd9)) return undefined;
  return Buffer.concat([bytes, Uint8Array.from(last === 0xff ? [0xd9] : [0xff, 0xd9])]);
}

function checkType(bytes: Uint8Array): void {
  const type = sniffType(bytes);
  if (type === undefined) throw new LikenessError('not-an-image');
  if (type === 'HEIC') throw new LikenessError('image-heic');
  if (!ACCEPTED.has(type)) throw new LikenessError('image-type-unsupported', { type });
}

/**
 * Reads the header only, so that a bomb is refused before a single pixel of it is decoded; answers how many there may be, and which
 * frame is taken.
 */
async function checkDimensions(bytes: Uint8Array): Promise<{ limitInputPixels: number; page: number }> {
  const {
    width,
    height,
    format,
    isProgressive,
    pages = 1,
  } = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((cause: unknown) => {
      throw new LikenessError('image-damaged', {}, { cause });
    });
  const whole = isProgressive || format === 'webp';
  const limit = whole ? MAX_WHOLE_PIXELS : format === 'jpeg' ? MAX_JPEG_PIXELS : MAX_IMAGE_PIXELS;
  if (width * height > limit) throw new LikenessError('image-too-large', { width, height, limit: limit / 1e6 });
  const [shorter, longer] = [Math.min(width, height), Math.max(width, height)];
  if (longer > MAX_SIDE || longer > shorter * MAX_RATIO) throw new LikenessError('image-too-thin', { width, height });
  // The frames before it are decoded too: together with it no more pixels than one picture may have twice.
  const page = Math.min(Math.floor(pages / 2), Math.floor(MAX_WHOLE_PIXELS / (width * height)));
  return { limitInputPixels: limit, page };
}
