import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { backdropOf } from '../../../pipeline/draft/backdrop.js';
import { mirrorSurroundings, readSurroundings } from '../../../pipeline/draft/surroundings.js';
import type { Affine } from '../../../pipeline/face/geometry.js';
import type { RgbImage } from '../../../pipeline/image.js';
import { planeOf } from '../../fixtures/plain-draft.js';

const SIDE = 256;
const RED = [200, 40, 40] as const;
const BLUE = [40, 40, 200] as const;
const SKIN = [120, 220, 120] as const;

/** A person from the middle down, before a wall that is red on the left and blue on the right. */
const isPerson = (x: number, y: number): boolean => Math.abs(x - SIDE / 2) < 60 && y > 60;
const everywhere = planeOf(SIDE, 1);
const matte = planeOf(SIDE, (x, y) => (isPerson(x, y) ? 1 : 0));
const photo = pictureOf((x, y) => (isPerson(x, y) ? SKIN : x < SIDE / 2 ? RED : BLUE));

function pictureOf(colourAt: (x: number, y: number) => readonly [number, number, number]): RgbImage {
  const pixels = Array.from({ length: SIDE * SIDE }, (_, pixel) => colourAt(pixel % SIDE, Math.floor(pixel / SIDE)));
  return { width: SIDE, height: SIDE, data: Uint8Array.from(pixels.flat()) };
}

const at = ({ width, data }: RgbImage, x: number, y: number): readonly number[] => [
  ...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
];

function shown(crop: Affine, surroundings = readSurroundings(photo, matte, everywhere)): RgbImage {
  return backdropOf({ size: SIDE, crop, matte: planeOf(SIDE, 0), surroundings }, 0.5);
}

function assertLike(actual: readonly number[], expected: readonly number[]): void {
  actual.forEach((value, channel) =>
    assert.ok(Math.abs(value - (expected[channel] ?? 0)) < 16, `${actual.join()}, not ${expected.join()}`),
  );
}

describe('what is around a person', () => {
  it('stands behind them where it was, out of focus', () => {
    const backdrop = shown([1, 0, 0, 0, 1, 0]);
    assertLike(at(backdrop, 20, 128), RED);
    assertLike(at(backdrop, 236, 128), BLUE);
    const [red = 0, , blue = 0] = at(backdrop, SIDE / 2, 20);
    assert.ok(red > 80 && red < 160 && blue > 80 && blue < 160, `${red}, ${blue}: the edge is soft`);
  });

  it('holds nothing of the person, also where they stood', () => {
    const backdrop = shown([1, 0, 0, 0, 1, 0]);
    for (let pixel = 0; pixel < SIDE * SIDE; pixel++) assert.ok((backdrop.data[pixel * 3 + 1] ?? 255) < 60);
  });

  it('follows the crop, and goes on beyond the photo', () => {
    const closer = shown([2, 0, -SIDE, 0, 2, 0]);
    assertLike(at(closer, 200, 128), BLUE);
    const wider = shown([0.5, 0, 64, 0, 0.5, 64]);
    assertLike(at(wider, 10, 128), RED);
    assertLike(at(wider, 246, 240), BLUE);
  });

  it('is the other way round in a mirror', () => {
    const surroundings = readSurroundings(photo, matte, everywhere);
    const mirrored = shown([1, 0, 0, 0, 1, 0], mirrorSurroundings(surroundings));
    assertLike(at(mirrored, 20, 128), BLUE);
    assertLike(at(mirrored, 236, 128), RED);
  });

  it('is not read from what lies beyond the photo', () => {
    const bordered = pictureOf((x, y) => (y >= 40 && isPerson(x, y) ? SKIN : y < 40 ? [0, 250, 0] : RED));
    const surroundings = readSurroundings(
      bordered,
      matte,
      planeOf(SIDE, (_, y) => (y >= 40 ? 1 : 0)),
    );
    assertLike(at(shown([1, 0, 0, 0, 1, 0], surroundings), 128, 10), RED);
  });

  it('is a studio where the person fills the photo', () => {
    assert.equal(readSurroundings(photo, planeOf(SIDE, 1), everywhere).blurred, undefined);
    const studio = backdropOf({ size: 64, crop: [1, 0, 0, 0, 1, 0], matte: planeOf(64, 1) }, 0.1);
    const [red = 0, green = 0, blue = 0] = at(studio, 32, 28);
    assert.ok(Math.min(red, green, blue) > 200, 'a light wall');
  });
});
