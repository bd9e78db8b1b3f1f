import sharp, { type OverlayOptions } from 'sharp';
import { cleanText } from '../chat/clean-text.js';

/** Where a line of text may stand, in pixels. */
interface Room {
  readonly width: number;
  readonly height: number;
}

/** A line that is drawn, and how large it became. */
export interface DrawnLine extends Room {
  readonly input: Buffer;
}

/** Draws a name, in whatever script the machine has letters for, small enough for its room. */
export async function drawName(name: string, { width, height }: Room): Promise<DrawnLine> {
  const text = `<span foreground="#222222">${escapeMarkup(cleanText(name))}</span>`;
  const drawn = sharp({
    text: { text, font: 'sans 13', dpi: 96, width, rgba: true, align: 'centre', wrap: 'word-char' },
  });
  const fitted = sharp(await drawn.png().toBuffer()).resize({ width, height, fit: 'inside', withoutEnlargement: true });
  const { data, info } = await fitted.png().toBuffer({ resolveWithObject: true });
  return { input: data, width: info.width, height: info.height };
}

/** Puts a drawn line in the middle of a room that begins at a corner. */
export function centred(
  line: DrawnLine,
  { left, top, width, height }: Room & { left: number; top: number },
): OverlayOptions {
  return {
    input: line.input,
    left: left + Math.floor((width - line.width) / 2),
    top: top + Math.floor((height - line.height) / 2),
  };
}

function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
