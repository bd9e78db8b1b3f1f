import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import sharp, { type OverlayOptions } from 'sharp';
import { rawSharp, type RgbImage } from '../../pipeline/image.js';
import { markGenerated } from '../../src/media/album.js';
import { centred, drawName } from '../../src/media/name-line.js';

/** A picture, and what stands under it. */
export interface Cell {
  readonly image: RgbImage;
  readonly label?: string | undefined;
}

/** Pictures row by row. */
export interface Sheet {
  readonly cells: readonly Cell[];
  readonly columns: number;
  /** Pixels of a picture's side. */
  readonly side: number;
  /** Bytes that the file may have. */
  readonly most: number;
}

/** Pixels between pictures, and of the line under them. */
const [GAP, LINE] = [4, 24];
/** Qualities that are tried until the file is small enough. */
const QUALITIES = [82, 76, 70, 64, 58];

/**
 * Writes a sheet as WebP, marked as generated. A row has a line under it where one of its pictures has a label.
 * @throws RangeError where even the lowest quality has too many bytes.
 */
export async function writeSheet(path: string, { cells, columns, side, most }: Sheet): Promise<void> {
  const placed: OverlayOptions[] = [];
  let top = 0;
  for (let start = 0; start < cells.length; start += columns) {
    const row = cells.slice(start, start + columns);
    for (const [column, cell] of row.entries()) {
      placed.push(...(await placeCell(cell, { left: column * (side + GAP), top, side })));
    }
    top += side + GAP + (row.some(({ label }) => label !== undefined) ? LINE : 0);
  }
  const size = { width: Math.min(columns, cells.length) * (side + GAP) - GAP, height: top - GAP };
  const drawn = await sharp({ create: { ...size, channels: 3, background: '#ffffff' } })
    .composite(placed)
    .png()
    .toBuffer();
  for (const quality of QUALITIES) {
    const webp = await markGenerated(sharp(drawn)).webp({ quality, effort: 6 }).toBuffer();
    if (webp.length > most) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, webp);
    process.stdout.write(`${path}: ${webp.length} bytes at quality ${quality}\n`);
    return;
  }
  throw new RangeError(`${path} has more than ${most} bytes`);
}

interface Place {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

async function placeCell({ image, label }: Cell, { left, top, side }: Place): Promise<OverlayOptions[]> {
  const picture = await rawSharp(image).resize(side, side).png().toBuffer();
  const placed: OverlayOptions[] = [{ input: picture, left, top }];
  if (label === undefined) return placed;
  const room = { width: side, height: LINE };
  return [...placed, centred(await drawName(label, room), { ...room, left, top: top + side })];
}
