import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MOUTH_CHANNELS } from '../../../pipeline/draft/mouth-refiner.js';
import { MOUTH_WINDOW } from '../../../pipeline/draft/mouth-window.js';
import { touchUpTeeth } from '../../../pipeline/draft/teeth.js';
import type { Colour } from '../../../pipeline/draft/tint.js';

const { width, height } = MOUTH_WINDOW;
const PLANE = width * height;
const isMouth = (x: number, y: number): boolean => Math.abs(x - width / 2) < 30 && Math.abs(y - height / 2) < 12;
const isGap = (x: number): boolean => x % 8 === 0;

/** White teeth with gaps a pixel wide, in a face as bright as `skin`. */
function mouth({ skin, teeth, gaps }: { readonly skin: number; readonly teeth: number; readonly gaps: number }) {
  const painted = new Float32Array(3 * PLANE).fill(skin);
  const told = new Float32Array(MOUTH_CHANNELS.length * PLANE);
  for (let pixel = 0; pixel < PLANE; pixel++) {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    if (!isMouth(x, y)) continue;
    told[MOUTH_CHANNELS.indexOf('mouth') * PLANE + pixel] = 1;
    for (let channel = 0; channel < 3; channel++) painted[channel * PLANE + pixel] = isGap(x) ? gaps : teeth;
  }
  return { painted, told };
}

const at = (planes: Float32Array, x: number, channel = 0): number =>
  planes[channel * PLANE + (height / 2) * width + x] ?? Number.NaN;
const TOOTH = width / 2 + 4;
const GAP = width / 2;

describe('teeth in the light of a photo', () => {
  const touched = (cheeks: Colour, whites = 0): Float32Array => {
    const { painted, told } = mouth({ skin: 0.5, teeth: 0.8, gaps: 0.7 });
    return touchUpTeeth(painted, told, { cheeks, whites });
  };

  it('stay as bright as they are in a bright face', () => {
    assert.ok(Math.abs(at(touched([0.8, 0.8, 0.8]), TOOTH) - 0.8) < 0.02);
  });

  it('do not shine in a dark one', () => {
    assert.ok(Math.abs(at(touched([0.4, 0.4, 0.4]), TOOTH) - 1.22 * 0.4) < 0.03);
  });

  it('are as bright as the whites of the eyes say, however dark the skin is', () => {
    assert.ok(Math.abs(at(touched([0.3, 0.3, 0.3], 0.7), TOOTH) - 0.8) < 0.02);
  });

  it('are green in green light', () => {
    const green = touched([0.4, 0.6, 0.4]);
    assert.ok(at(green, TOOTH, 1) > 1.1 * at(green, TOOTH, 0));
  });

  it('have deeper gaps, and leave the face alone', () => {
    const bright = touched([0.8, 0.8, 0.8]);
    assert.ok(at(bright, GAP) < 0.63, String(at(bright, GAP)));
    assert.equal(at(bright, 2), 0.5);
  });

  it('are left as they are where there is no mouth', () => {
    const painted = new Float32Array(3 * PLANE).fill(0.5);
    const DARK = { cheeks: [0.2, 0.2, 0.2], whites: 0 } as const;
    assert.deepEqual(touchUpTeeth(painted, new Float32Array(MOUTH_CHANNELS.length * PLANE), DARK), painted);
  });
});
