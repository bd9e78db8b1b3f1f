import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { plainJpeg } from './photos.js';

const bytes = (content: string): Uint8Array => Buffer.from(content, 'latin1');

/** Files people send by mistake, whatever they are called, each as short as its type can be told by. */
export const unsupportedFiles = {
  GIF: bytes(
    'GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;',
  ),
  SVG: bytes('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
  HEIC: bytes('\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic'),
  AVIF: bytes('\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf'),
  TIFF: bytes('II*\x00\x08\x00\x00\x00'),
  BMP: bytes('BM\x46\x00\x00\x00'),
  PDF: bytes('%PDF-1.7'),
} as const;

/** Text under the name of a photo. */
export const renamedText = bytes('This is not a photo.');

/** A photo whose second half never arrived. */
export async function truncatedJpeg(): Promise<Uint8Array> {
  const whole = await sharp(await plainJpeg())
    .resize(256, 256)
    .jpeg()
    .toBuffer();
  return whole.subarray(0, whole.length / 2);
}

/** A PNG of a few bytes that would unpack to a picture of that size. */
export function pictureBomb(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([bytes('\x89PNG\r\n\x1a\n'), chunk('IHDR', header), chunk('IDAT'), chunk('IEND')]);
}

function chunk(type: string, data: Uint8Array = new Uint8Array()): Buffer {
  const named = Buffer.concat([bytes(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
