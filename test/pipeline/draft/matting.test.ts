import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cutPerson } from '../../../pipeline/draft/matting.js';
import { enlargePlane, type Plane } from '../../../pipeline/draft/plane.js';
import type { RgbImage } from '../../../pipeline/image.js';
import { planeOf } from '../../fixtures/plain-draft.js';

const SIDE = 96;
type Colour = readonly [number, number, number];

function pictureOf(colourAt: (x: number, y: number) => Colour): RgbImage {
  const data = new Uint8Array(SIDE * SIDE * 3);
  for (let pixel = 0; pixel < SIDE * SIDE; pixel++)
    data.set(colourAt(pixel % SIDE, Math.floor(pixel / SIDE)), pixel * 3);
  return { width: SIDE, height: SIDE, data };
}

/** Where the person of the pictures here is. */
const isPerson = (x: number, y: number): boolean => Math.hypot(x - 48, y - 48) < 25;
/** How much of a disc of radius 25 covers a place, falling over so many pixels. */
const cover = (x: number, y: number, soft: number): number =>
  Math.min(1, Math.max(0, 0.5 + (25 - Math.hypot(x - 48, y - 48)) / soft));
const [SKIN, WALL] = [[196, 150, 124] as const, [20, 60, 200] as const];

const discOf = (soft: number): Plane => planeOf(SIDE, (x, y) => cover(x, y, soft));
const image = pictureOf((x, y) => (isPerson(x, y) ? SKIN : WALL));

describe('cutPerson', () => {
  it('stays between 0 and 1 whatever it is given', () => {
    const noise = pictureOf((x, y) => [(x * 71 + y * 13) % 256, (x * y) % 256, (x * 7) % 256]);
    const checks = planeOf(SIDE, (x, y) => ((x >> 2) + (y >> 2)) % 2);
    for (const picture of [image, noise]) {
      for (const value of cutPerson(picture, checks).matte.data) assert.ok(value >= 0 && value <= 1);
    }
  });

  it('follows the edge that the picture shows where the rough one lies beside it', () => {
    const beside = planeOf(SIDE, (x, y) => cover(x - 1.5, y + 1.5, 4));
    const errorOf = ({ data }: Plane): number =>
      data.reduce(
        (sum, value, pixel) => sum + Math.abs(value - Number(isPerson(pixel % SIDE, Math.floor(pixel / SIDE)))),
        0,
      );
    const [before, after] = [errorOf(beside), errorOf(cutPerson(image, beside).matte)];
    assert.ok(after < 0.35 * before, `${after} of ${before}`);
  });

  it('keeps an edge where the person and what is behind look alike', () => {
    const { matte } = cutPerson(
      pictureOf(() => SKIN),
      discOf(6),
    );
    const soft = matte.data.filter((value) => value > 0.02 && value < 0.98).length;
    const around = 2 * Math.PI * 25;
    assert.ok(soft < 5 * around, `${soft} soft pixels around ${around} pixels of edge`);
    matte.data.forEach((value, pixel) => {
      const distance = Math.hypot((pixel % SIDE) - 48, Math.floor(pixel / SIDE) - 48);
      if (distance < 21) assert.ok(value > 0.95, `${value} inside`);
      if (distance > 29) assert.ok(value < 0.05, `${value} outside`);
    });
  });

  it('leaves out nobody and nothing where it is sure', () => {
    for (const value of [0, 1]) {
      const { matte, colours } = cutPerson(image, planeOf(SIDE, value));
      for (const one of matte.data) assert.equal(one, value);
      assert.deepEqual(colours.data, image.data);
    }
  });

  it('takes what was behind out of the colours of the edge', () => {
    const rough = discOf(6);
    const mixed = pictureOf((x, y) => {
      const alpha = cover(x, y, 6);
      return [0, 1, 2].map((k) =>
        Math.round(alpha * (SKIN[k] ?? 0) + (1 - alpha) * (WALL[k] ?? 0)),
      ) as unknown as Colour;
    });
    const rimOf = ({ data }: RgbImage): number => {
      let [sum, count] = [0, 0];
      rough.data.forEach((alpha, pixel) => {
        if (alpha < 0.25 || alpha > 0.95) return;
        for (let k = 0; k < 3; k++) sum += Math.abs((data[pixel * 3 + k] ?? 0) - (SKIN[k] ?? 0));
        count += 3;
      });
      return sum / count;
    };
    const [before, after] = [rimOf(mixed), rimOf(cutPerson(mixed, rough).colours)];
    assert.ok(before > 25 && after < 0.2 * before, `${after} of ${before}`);
  });
});

describe('enlarge', () => {
  it('keeps a slope, pixel centres over pixel centres', () => {
    const slope = planeOf(16, (x, y) => 2 * x - y);
    const { data } = enlargePlane(slope, 64, 64);
    for (let y = 8; y < 56; y++) {
      for (let x = 8; x < 56; x++) {
        const wanted = 2 * ((x + 0.5) / 4 - 0.5) - ((y + 0.5) / 4 - 0.5);
        assert.ok(Math.abs((data[y * 64 + x] ?? Number.NaN) - wanted) < 1e-4);
      }
    }
  });
});
