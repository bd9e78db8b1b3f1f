import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { rawSharp, type RgbImage } from '../../pipeline/image.js';
import { paint } from './engine.js';

/** A JPEG of one colour, for tests where no face is looked for. */
export function plainJpeg(colour: readonly [number, number, number] = [180, 140, 120]): Promise<Uint8Array> {
  return rawSharp(paint(colour)).jpeg().toBuffer();
}

/** A PNG of the given size; cheap even when huge, because it is one colour. */
export function plainPng(width: number, height: number): Promise<Uint8Array> {
  return sharp({ create: { width, height, channels: 3, background: '#888888' }, limitInputPixels: false })
    .png()
    .toBuffer();
}

/** A picture that compresses badly: every pixel is another. The same seed gives the same. */
export function noise(seed: number, side: number): RgbImage {
  let state = seed;
  const data = Uint8Array.from({ length: side * side * 3 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
  return { width: side, height: side, data };
}

/** Where the photo of a face lies that may be redistributed. */
export const FACE_PHOTO = new URL('../fixtures/astronaut.jpg', import.meta.url);

/** The bytes of `FACE_PHOTO`. */
export function facePhoto(): Uint8Array {
  return readFileSync(FACE_PHOTO);
}
