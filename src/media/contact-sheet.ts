import sharp from 'sharp';
import { type RgbImage } from '../../pipeline/image.js';
import { markGenerated } from './album.js';

/** Pixels between two pictures. */
const GAP = 4;

/** Pictures of one size side by side, row by row, as one JPEG that is marked as generated. */
export async function drawContactSheet(pictures: readonly RgbImage[], columns: number): Promise<Uint8Array> {
  const [first] = pictures;
  if (!first) throw new RangeError('Expected at least one picture');
  const { width, height } = first;
  const rows = Math.ceil(pictures.length / columns);
  const across = Math.min(columns, pictures.length);
  const size = { width: across * (width + GAP) - GAP, height: rows * (height + GAP) - GAP };
  const placed = pictures.map((picture, index) => ({
    input: Buffer.from(picture.data),
    raw: { width: picture.width, height: picture.height, channels: 3 as const },
    left: (index % columns) * (width + GAP),
    top: Math.floor(index / columns) * (height + GAP),
  }));
  const sheet = sharp({ create: { ...size, channels: 3, background: '#ffffff' } }).composite(placed);
  return markGenerated(sheet).jpeg({ quality: 85 }).toBuffer();
}

/** The pictures of a contact sheet again, each a JPEG that is marked as generated. */
export async function cutContactSheet(sheet: Uint8Array, columns: number, count: number): Promise<Uint8Array[]> {
  const { data, info } = await sharp(sheet).raw().toBuffer({ resolveWithObject: true });
  const raw = { width: info.width, height: info.height, channels: info.channels };
  const across = Math.min(columns, count);
  const width = Math.floor((info.width + GAP) / across) - GAP;
  const height = Math.floor((info.height + GAP) / Math.ceil(count / columns)) - GAP;
  const cells = Array.from({ length: count }, (_, index) => ({
    left: (index % columns) * (width + GAP),
    top: Math.floor(index / columns) * (height + GAP),
  }));
  return Promise.all(
    cells.map(({ left, top }) => {
      const cell = sharp(data, { raw }).extract({ left, top, width, height });
      return markGenerated(cell).jpeg({ quality: 88 }).toBuffer();
    }),
  );
}
