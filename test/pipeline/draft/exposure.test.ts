import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { correctExposure } from '../../../pipeline/draft/exposure.js';
import { MESH_POINTS } from '../../../pipeline/draft/head.js';
import { OVAL } from '../../../pipeline/draft/regions.js';
import type { RgbImage } from '../../../pipeline/image.js';

const SIDE = 64;

/** A face that fills the picture, whose luma runs from the first to the second value. */
function pictureOf(from: number, to: number): RgbImage {
  const data = new Uint8Array(SIDE * SIDE * 3);
  for (let at = 0; at < data.length; at++) {
    data[at] = Math.round(from + ((to - from) * (Math.floor(at / 3) % SIDE)) / (SIDE - 1));
  }
  return { width: SIDE, height: SIDE, data };
}

const mesh = new Float64Array(MESH_POINTS * 3);
OVAL.forEach((point, index) => {
  const angle = (2 * Math.PI * index) / OVAL.length;
  mesh.set([SIDE / 2 + (SIDE / 2) * Math.cos(angle), SIDE / 2 + (SIDE / 2) * Math.sin(angle), 0], point * 3);
});

const rangeOf = ({ data }: RgbImage): readonly number[] => [Math.min(...data), Math.max(...data)];

describe('correctExposure', () => {
  it('leaves photos in good light as they are, whatever the skin', () => {
    for (const [from, to] of [
      [10, 120],
      [30, 200],
      [30, 250],
      [100, 235],
      [85, 190],
    ] as const) {
      const image = pictureOf(from, to);
      assert.equal(correctExposure(image, mesh), image);
    }
  });

  it('lights a dark face up, no further than its noise allows', () => {
    const [, most = 0] = rangeOf(correctExposure(pictureOf(2, 60), mesh));
    assert.ok(most > 100 && most < 180, String(most));
    const [, night = 0] = rangeOf(correctExposure(pictureOf(0, 12), mesh));
    assert.ok(night < 45, String(night));
  });

  it('gives a washed-out face its contrast back', () => {
    const [least = 255, most = 0] = rangeOf(correctExposure(pictureOf(150, 190), mesh));
    assert.ok(most - least > 70 && most > 150 && most < 225, `${least} to ${most}`);
  });
});
