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
/** In one row of a sheet that holds more. */
const MANY_COLUMNS = 6;
/** Sides in pixels. */
const PICTURE = 240;
const LABEL = 48;
const GAP = 12;

/** Pictures over their labels, row by row, as many sheets as they need: JPEG, marked as generated. */
export async function drawLabelledSheets(cells: readonly SheetCell[]): Promise<Uint8Array[]> {
  const sheets: Uint8Array[] = [];
  for (let start = 0; start < cells.length; start += SHEET_CELLS) {
    sheets.push(await drawLabelledSheet(cells.slice(start, start + SHEET_CELLS)));
  }
  return sheets;
}

/** Pictures over their labels, row by row, on one sheet: JPEG, marked as generated. */
export async function drawLabelledSheet(cells: readonly SheetCell[]): Promise<Uint8Array> {
  const columns = cells.length > SHEET_CELLS ? MANY_COLUMNS : COLUMNS;
  const across = Math.min(columns, cells.length);
  const down = Math.ceil(cells.length / columns);
  const size = { width: GAP + across * (PICTURE + GAP), height: GAP + down * (PICTURE + LABEL + GAP) };
  const placed: OverlayOptions[] = [];
  for (const [index, cell] of cells.entries()) placed.push(...(await drawCell(cell, placeOf(index, columns))));
  const sheet = sharp({ create: { ...size, channels: 3, background: '#ffffff' } }).composite(placed);
  return markGenerated(sheet).jpeg({ quality: 88 }).toBuffer();
}

interface Place {
  readonly left: number;
  readonly top: number;
}

function placeOf(index: number, columns: number): Place {
  return {
    left: GAP + (index % columns) * (PICTURE + GAP),
    top: GAP + Math.floor(index / columns) * (PICTURE + LABEL + GAP),
  };
}

async function drawCell({ picture: bytes, label }: SheetCell, { left, top }: Place): Promise<OverlayOptions[]> {
  const picture = await sharp(bytes).resize(PICTURE, PICTURE, { fit: 'cover' }).png().toBuffer();
  const room = { width: PICTURE, height: LABEL };
  const line = await drawName(label, room);
  return [{ input: picture, left, top }, centred(line, { ...room, left, top: top + PICTURE })];
}
