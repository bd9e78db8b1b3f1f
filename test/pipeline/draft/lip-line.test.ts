import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { AT_REST } from '../../../pipeline/draft/appearance.js';
import { pictureOf, type Draft } from '../../../pipeline/draft/draw.js';
import { drawLipLine } from '../../../pipeline/draft/lip-line.js';
import { draftPhotoOf } from '../../../pipeline/draft/photo.js';
import { LIP_CORNERS, LIP_PAIRS, LIPS_OUTER } from '../../../pipeline/draft/regions.js';
import { openDrafting } from '../../fixtures/drafting.js';
import { drawing } from '../../fixtures/drawing.js';

const { photo, model, release } = await openDrafting();
after(release);

const { draw, turnedTo } = drawing({ photo, model });
const { reference } = model;

/** By how much each pixel is darker with the line, of the luma 0..255. */
function darkened(draft: Draft, source = photo): Float32Array {
  const before = Float32Array.from(draft.colours);
  drawLipLine(draft, { photo: source, reference });
  return Float32Array.from({ length: draft.size ** 2 }, (_, pixel) => {
    const at = pixel * 3;
    return [0, 1, 2].reduce((sum, c) => sum + ((before[at + c] ?? 0) - (draft.colours[at + c] ?? 0)) / 3, 0);
  });
}

const most = (values: Float32Array): number => values.reduce((one, other) => Math.max(one, Math.abs(other)), 0);

describe('the line between lips', () => {
  it('is drawn where a draft closed them: what is left of the teeth there was a dashed white line', () => {
    const draft = draw(photo, { target: turnedTo({}, AT_REST) }, 512);
    const { mesh, size, colours } = draft;
    const middles = LIP_PAIRS.slice(2, -2).map(([above, below]) =>
      [0, 1].map((axis) => Math.round(((mesh[above * 3 + axis] ?? 0) + (mesh[below * 3 + axis] ?? 0)) / 2)),
    );
    const pixels = middles.map(([x, y]) => (y ?? 0) * size + (x ?? 0));
    for (const pixel of pixels) colours.fill(240, pixel * 3, pixel * 3 + 3);
    const change = darkened(draft);
    for (const pixel of pixels) assert.ok((change[pixel] ?? 0) > 80, `${change[pixel]}`);
    assert.ok(
      change.every((value) => value >= 0),
      'nothing is made lighter',
    );
  });

  it('stays between the lips', () => {
    const draft = draw(photo, { target: turnedTo({}, AT_REST) }, 512);
    const [left = 0, right = 0] = LIP_CORNERS.map((point) => draft.mesh[point * 3]);
    const rows = LIPS_OUTER.map((point) => draft.mesh[point * 3 + 1] ?? 0);
    const [top, bottom] = [Math.min(...rows), Math.max(...rows)];
    darkened(draft).forEach((value, pixel) => {
      if (value < 2) return;
      const [x, y] = [pixel % draft.size, Math.floor(pixel / draft.size)];
      assert.ok(x > left - 4 && x < right + 4 && y > top && y < bottom, `${value} at ${x}, ${y}`);
    });
  });

  it("is the photo's own where they meet in it, and none where they do not meet", () => {
    const resting = draw(photo, { target: turnedTo({}, AT_REST) }, 512);
    const closed = { ...draftPhotoOf(pictureOf(resting), { ...resting, model }), movements: AT_REST };
    assert.equal(most(darkened(resting, closed)), 0);
    const grinning = draw(photo, { target: turnedTo({}, { ...AT_REST, grin: 1 }) }, 512);
    assert.equal(most(darkened(grinning)), 0);
  });
});
