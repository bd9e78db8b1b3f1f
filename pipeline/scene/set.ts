import type { RgbImage } from '../image.js';
import type { Canvas } from './canvas.js';
import { luminance, type Rgb } from './colour.js';
import { byteOf, type Person } from './person.js';
import { softened, threeOf, type Three } from './planes.js';

/** Light of what is behind falls around the edge this far, as a part of the picture's side. */
const WRAP = 1 / 50;
/** How much of it reaches the very edge. */
const WRAPPED = 0.24;
/** How much a person takes of a place's colour, and of its brightness. */
const TAKEN = { colour: 0.11, brightness: 0.2 } as const;
/** How bright a place is that leaves a person as bright as they are. */
const USUAL = 0.32;

/** A backdrop, and the light it throws on whoever stands before it. */
export interface Setting {
  readonly canvas: Canvas;
  /** What is around each place, at most 1. */
  readonly around: Three;
  /** By how much it changes a person's colours. */
  readonly gain: Rgb;
}

/** Measures a backdrop. */
export function settingOf(canvas: Canvas): Setting {
  const { size, planes } = canvas;
  const around = planes.map((plane) =>
    softened(
      plane.map((value) => Math.min(1, value)),
      size,
      size * WRAP,
    ),
  );
  return { canvas, around: threeOf(around), gain: gainOf(canvas) };
}

/** A person before a backdrop, whose light falls on them: its colour on all of them, its own light around their edge. */
export function setPersonBefore(person: Person, { canvas, around, gain }: Setting): RgbImage {
  const { size, matte } = person;
  const soft = softened(matte, size, size * WRAP);
  const pixels = new Uint8Array(size * size * 3);
  for (let channel = 0; channel < 3; channel++) {
    const [behind, near, own] = [canvas.planes[channel], around[channel], person.planes[channel]];
    const factor = gain[channel] ?? 1;
    for (let pixel = 0; pixel < matte.length; pixel++) {
      const cover = matte[pixel] ?? 0;
      const far = behind?.[pixel] ?? 0;
      if (cover === 0) {
        pixels[pixel * 3 + channel] = byteOf(far);
        continue;
      }
      const lit = (own?.[pixel] ?? 0) * factor;
      const wrap = WRAPPED * Math.max(0, 1 - (soft[pixel] ?? 0));
      const edged = lit + wrap * Math.max(0, (near?.[pixel] ?? 0) - lit);
      pixels[pixel * 3 + channel] = byteOf(cover >= 1 ? edged : encodedMix(far, edged, cover));
    }
  }
  return { width: size, height: size, data: pixels };
}

/** Mattes are read in pictures as they are stored, not in linear light: colours are mixed near to where they were. */
function encodedMix(behind: number, before: number, cover: number): number {
  const mixed = Math.sqrt(Math.max(0, behind)) * (1 - cover) + Math.sqrt(Math.max(0, before)) * cover;
  return mixed * mixed;
}

function gainOf({ planes, size }: Canvas): Rgb {
  const mean = planes.map((plane) => plane.reduce((sum, value) => sum + Math.min(1, value), 0) / (size * size));
  const [red = 0, green = 0, blue = 0] = mean;
  const light = Math.max(0.01, luminance([red, green, blue]));
  const brightness = Math.min(1.08, Math.max(0.72, (light / USUAL) ** TAKEN.brightness));
  const [r = 1, g = 1, b = 1] = mean.map((value) => (Math.max(0.01, value) / light) ** TAKEN.colour);
  const level = brightness / luminance([r, g, b]);
  return [r * level, g * level, b * level];
}
