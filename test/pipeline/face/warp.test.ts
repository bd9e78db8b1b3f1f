import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { alignFace, arcFaceTemplate } from '../../../pipeline/face/align.js';
import { similarityBetween, type Affine, type Point } from '../../../pipeline/face/geometry.js';
import { sharpnessOf } from '../../../pipeline/face/luma.js';
import { warp } from '../../../pipeline/face/warp.js';
import { resizeImage, type RgbImage } from '../../../pipeline/image.js';
import { drawPortrait } from './drawn-face.js';

interface Golden {
  readonly width: number;
  readonly height: number;
  readonly step: number;
  readonly cases: readonly {
    readonly name: string;
    readonly side: number;
    readonly points: readonly Point[];
    readonly matrix: readonly number[];
    readonly pixels: readonly number[];
  }[];
}

const golden: Golden = JSON.parse(readFileSync(new URL('../../golden/align.json', import.meta.url), 'utf8'));

/** The picture that `test/golden/make_align.py` draws. */
function drawGoldenPicture(): RgbImage {
  const { width, height } = golden;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, index = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const disc = (x - 80) ** 2 + (y - 70) ** 2 < 900 ? 60 : 0;
      for (let channel = 0; channel < 3; channel++) {
        const wave = Math.abs(((x * (2 + channel) + y * (4 - channel)) % 240) - 120);
        data[index++] = Math.min(255, wave + disc + 20 * channel);
      }
    }
  }
  return { width, height, data };
}

function meanDifference(one: RgbImage, other: RgbImage): number {
  assert.equal(one.data.length, other.data.length);
  return one.data.reduce((sum, value, index) => sum + Math.abs(value - (other.data[index] ?? 0)), 0) / one.data.length;
}

describe('alignFace', () => {
  const picture = drawGoldenPicture();
  for (const { name, side, points, matrix, pixels } of golden.cases) {
    it(`equals OpenCV's warpAffine: ${name}`, () => {
      const map = similarityBetween(points, arcFaceTemplate(side).points);
      map.forEach((value, index) => assert.ok(Math.abs(value - (matrix[index] ?? 0)) < 1e-7, `map ${index}`));
      const aligned = alignFace(picture, points, arcFaceTemplate(side));
      assert.equal(aligned.data.length, side * side * 3);
      const places = Array.from({ length: Math.ceil(side / golden.step) }, (_, index) => index * golden.step);
      const sampled = places.flatMap((y) =>
        places.flatMap((x) => [...aligned.data.subarray((y * side + x) * 3, (y * side + x) * 3 + 3)]),
      );
      assert.equal(sampled.length, pixels.length);
      const worst = Math.max(...sampled.map((value, index) => Math.abs(value - (pixels[index] ?? 0))));
      assert.ok(worst <= 2, `a pixel differs by ${worst} grey levels`);
    });
  }
});

describe('warp', () => {
  const portrait = drawPortrait(128);

  it('leaves a picture as it is through the identity', () => {
    const same = warp(portrait, { map: [1, 0, 0, 0, 1, 0], size: portrait });
    assert.deepEqual(same.data, portrait.data);
  });

  it('averages before it shrinks: a large copy gives the picture of the small one', async () => {
    const large = await resizeImage(portrait, { width: 1024, height: 1024 }, 'cubic');
    const shrunk = warp(large, { map: [1 / 8, 0, -7 / 16, 0, 1 / 8, -7 / 16], size: portrait });
    assert.ok(meanDifference(shrunk, portrait) < 1.5);
  });

  it('keeps no noise of single pixels when it shrinks', () => {
    const side = 800;
    const data = Uint8Array.from({ length: side * side * 3 }, (_, index) => ((Math.floor(index / 3) * 7919) % 2) * 255);
    const shrunk = warp(
      { width: side, height: side, data },
      { map: [0.1, 0, 0, 0, 0.1, 0], size: { width: 80, height: 80 } },
    );
    assert.ok(shrunk.data.every((value) => Math.abs(value - 127) < 8));
  });

  it('repeats the border, or fills with a grey level', () => {
    const map: Affine = [1, 0, 500, 0, 1, 0];
    const [red, green, blue] = portrait.data;
    const size = { width: 1, height: 1 };
    assert.deepEqual([...warp(portrait, { map, size }).data], [red, green, blue]);
    assert.deepEqual([...warp(portrait, { map, size, border: 127 }).data], [127, 127, 127]);
    assert.deepEqual([...warp(portrait, { map: [0.1, 0, 500, 0, 0.1, 0], size, border: 9 }).data], [9, 9, 9]);
  });
});

describe('sharpnessOf', () => {
  it('is nothing on an even picture and falls as a picture is blurred', async () => {
    const even = { width: 20, height: 20, data: new Uint8Array(1200).fill(90) };
    assert.equal(sharpnessOf(even), 0);
    const sharp = drawPortrait(112);
    const soft = await resizeImage(await resizeImage(sharp, { width: 40, height: 40 }), sharp, 'cubic');
    const softest = await resizeImage(await resizeImage(sharp, { width: 14, height: 14 }), sharp, 'cubic');
    assert.ok(sharpnessOf(sharp) > sharpnessOf(soft));
    assert.ok(sharpnessOf(soft) > sharpnessOf(softest));
  });

  it('is nothing where there is nothing to measure', () => {
    assert.equal(sharpnessOf({ width: 2, height: 2, data: new Uint8Array(12) }), 0);
  });
});
