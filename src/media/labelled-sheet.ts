import sharp, { type OverlayOptions } from 'sharp';
// Loading this module also switches off, for the whole process, every libvips loader but JPEG, PNG and WebP from memory.
import '../../pipeline/image.js';
import { markGenerated } from './album.js';
import { centred, drawName } from './name-line.js';

/** A picture and what stands under it. */
export interface SheetCell {
  /** JPEG or PNG. */
  readonly picture: Uint8Array;
  readonly label: string;
}

/** Pictures on one sheet, and in one row of it. */
export const SHEET_CELLS = 20;
const COLUMNS = 5;
/** Sides in pixels. */
const PICTURE = 240;
const LABEL = 48;
const GAP = 12;

/** Pictures over their labels, row by row, as many sheets as they need: JPEG, marked as generated. */
export async function drawLabelledSheets(cells: readonly SheetCell[]): Promise<Uint8Array[]> {
  const sheets: Uint8Array[] = [];
  for (let start = 0; start < cells.length; start += SHEET_CELLS) {
    sheets.push(await drawSheet(cells.slice(start, start + SHEET_CELLS)));
  }
  return sheets;
}

async function drawSheet(cells: readonly SheetCell[]): Promise<Uint8Array> {
  const across = Math.min(COLUMNS, cells.length);
  const down = Math.ceil(cells.length / COLUMNS);
  const size = { width: GAP + across * (PICTURE + GAP), height: GAP + down * (PICTURE + LABEL + GAP) };
  const placed: OverlayOptions[] = [];
  for (const [index, cell] of cells.entries()) placed.push(...(await drawCell(cell, index)));
  const sheet = sharp({ create: { ...size, channels: 3, background: '#ffffff' } }).composite(placed);
  return markGenerated(sheet).jpeg({ quality: 88 }).toBuffer();
}

async function drawCell({ picture: bytes, label }: SheetCell, index: number): Promise<OverlayOptions[]> {
  const left = GAP + (index % COLUMNS) * (PICTURE + GAP);
  const top = GAP + Math.floor(index / COLUMNS) * (PICTURE + LABEL + GAP);
  const picture = await sharp(bytes).resize(PICTURE, PICTURE, { fit: 'cover' }).png().toBuffer();
  const room = { width: PICTURE, height: LABEL };
  const line = await drawName(label, room);
  return [{ input: picture, left, top }, centred(line, { ...room, left, top: top + PICTURE })];
}
