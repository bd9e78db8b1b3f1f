import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arcFaceTemplate } from '../../../pipeline/face/align.js';
import type { RgbImage } from '../../../pipeline/image.js';
import { lightnessOf } from '../../../src/cli/evaluate/lightness.js';

/** A grey picture whose lower half, from below the nose on, is black. */
function grey(level: number, blackFrom = 1): RgbImage {
  const [width, height] = [112, 112];
  const data = new Uint8Array(width * height * 3).fill(level);
  data.fill(0, Math.round(blackFrom * height) * width * 3);
  return { width, height, data };
}

test('a face is as light as its skin: CIE L*, whatever beard and collar are', () => {
  const { points } = arcFaceTemplate();
  assert.equal(lightnessOf(grey(0), { points }), 0);
  assert.ok(Math.abs(lightnessOf(grey(255), { points }) - 100) < 1e-6);
  // Grey of half the values is L* 53.6; the blackened third below the mouth does not count.
  assert.ok(Math.abs(lightnessOf(grey(128), { points }) - 53.6) < 0.1);
  assert.equal(lightnessOf(grey(128, 0.75), { points }), lightnessOf(grey(128), { points }));
});
