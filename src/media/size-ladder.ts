import sharp from 'sharp';
// Loading this module also switches off, for the whole process, every libvips loader but JPEG, PNG and WebP from memory.
import '../../pipeline/image.js';
import type { AlbumPicture, SizedPicture } from '../chat/picture.js';

export type { SizedPicture };

/** What a platform takes in one message, in bytes and files. */
export interface MessageLimits {
  readonly fileBytes: number;
  /** All files of a message together. */
  readonly messageBytes: number;
  readonly files: number;
}

/** How a picture is made smaller: JPEG quality, and the share of its sides that is left. */
interface Rung {
  readonly quality: number;
  readonly scale: number;
}

/** The steps below the two encodings a picture comes in, each about two thirds of the one before. */
const rungs: readonly Rung[] = [
  { quality: 85, scale: 1 },
  { quality: 75, scale: 1 },
  { quality: 60, scale: 1 },
  { quality: 75, scale: 3 / 4 },
  { quality: 75, scale: 1 / 2 },
  { quality: 75, scale: 1 / 4 },
  { quality: 60, scale: 1 / 8 },
];

/**
 * The pictures to look at, small enough for one message. What fits goes as it is.
 * @throws RangeError when not even the smallest step fits.
 */
export async function fitOneMessage(
  pictures: readonly AlbumPicture[],
  { fileBytes, messageBytes }: Pick<MessageLimits, 'fileBytes' | 'messageBytes'>,
): Promise<SizedPicture[]> {
  const limit = Math.min(fileBytes, Math.floor(messageBytes / Math.max(1, pictures.length)));
  return Promise.all(pictures.map((picture) => descend(picture, [jpegOf(picture)], limit)));
}

/**
 * The pictures in full quality, in as few messages as they fit in; only one that is too large for a file of its own is
 * made smaller.
 * @throws RangeError when not even the smallest step fits.
 */
export async function fitMessages(pictures: readonly AlbumPicture[], limits: MessageLimits): Promise<SizedPicture[][]> {
  const limit = Math.min(limits.fileBytes, limits.messageBytes);
  const messages: SizedPicture[][] = [];
  let room = 0;
  for (const picture of pictures) {
    const sized = await descend(picture, [await pngOf(picture), jpegOf(picture)], limit);
    const last = messages.at(-1);
    if (last && last.length < limits.files && sized.bytes.length <= room) last.push(sized);
    else {
      messages.push([sized]);
      room = limits.messageBytes;
    }
    room -= sized.bytes.length;
  }
  return messages;
}

async function pngOf({ name, description, file }: AlbumPicture): Promise<SizedPicture> {
  return { name: `${name}.png`, type: 'image/png', bytes: await file.read(), description };
}

function jpegOf({ name, description, preview }: AlbumPicture): SizedPicture {
  return { name: `${name}.jpg`, type: 'image/jpeg', bytes: preview, description };
}

/** The first that fits: of the encodings at hand, then of the steps. */
async function descend(picture: AlbumPicture, atHand: readonly SizedPicture[], limit: number): Promise<SizedPicture> {
  const fitting = atHand.find(({ bytes }) => bytes.length <= limit);
  if (fitting) return fitting;
  const file = await picture.file.read();
  for (const rung of rungs) {
    const bytes = await shrink(file, rung);
    if (bytes.length <= limit) return { ...jpegOf(picture), bytes };
  }
  throw new RangeError(`Expected a limit that a small picture fits in, got ${limit} bytes`);
}

/** Encodes anew, the mark of generated pictures included. */
async function shrink(file: Uint8Array, { quality, scale }: Rung): Promise<Uint8Array> {
  const { width } = await sharp(file).metadata();
  const narrow = Math.max(1, Math.round(width * scale));
  return sharp(file).resize({ width: narrow }).keepXmp().jpeg({ quality }).toBuffer();
}
