import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { AT_REST } from '../../../pipeline/draft/appearance.js';
import { pictureOf } from '../../../pipeline/draft/draw.js';
import { poseOf, undoPose } from '../../../pipeline/draft/head.js';
import { mouthPlace } from '../../../pipeline/draft/mouth.js';
import { draftPhotoOf, type DraftPhoto } from '../../../pipeline/draft/photo.js';
import { LIP_CORNERS, LIP_MIDDLES, LIPS_INNER } from '../../../pipeline/draft/regions.js';
import { PART } from '../../../pipeline/draft/surface.js';
import type { Point } from '../../../pipeline/face/geometry.js';
import { openDrafting } from '../../fixtures/drafting.js';
import { drawing, pixelsOf } from '../../fixtures/drawing.js';

const { photo, model, release } = await openDrafting();
after(release);

const { draw, turnedTo } = drawing({ photo, model });

describe('a draft with another expression', () => {
  /** How far the lips are apart, in units of the head. */
  function gapOf(mesh: Float64Array): number {
    const canonical = undoPose(poseOf(mesh, model.reference), mesh);
    return (canonical[LIP_MIDDLES[1] * 3 + 1] ?? 0) - (canonical[LIP_MIDDLES[0] * 3 + 1] ?? 0);
  }
  /** The outer and inner edge of the upper lip, the inner and outer of the lower, in their middle. */
  const LIPS = [
    [0, 13],
    [14, 17],
  ] as const;
  /** The photo with its lips brought together, so that there is a mouth to open. */
  const closed = ((): DraftPhoto => {
    const away = draw(photo, { target: turnedTo({}, AT_REST), crop: { units: 4, eyes: { x: 0.5, y: 0.42 } } }, 768);
    const data = Uint8Array.from(away.colours, (value) => Math.min(255, Math.max(0, Math.round(value))));
    return { ...draftPhotoOf({ width: 768, height: 768, data }, { ...away, model }), movements: AT_REST };
  })();

  it('closes an open mouth: lips meet and do not cross', () => {
    assert.ok(gapOf(photo.mesh) > 0.1, 'the astronaut smiles');
    const gap = gapOf(closed.mesh);
    assert.ok(gap > -0.01 && gap < 0.05, String(gap));
  });

  it('closes a mouth that is asked to be closed, however little of its grin was read', () => {
    const { mesh } = draw({ ...photo, movements: AT_REST }, { target: turnedTo({}, { ...AT_REST, smile: 0.5 }) });
    assert.ok(Math.abs(gapOf(mesh)) < 0.02, String(gapOf(mesh)));
  });

  it('leaves a mouth that gapes a little open, where lips that meet would look torn', () => {
    const shouting = draw(photo, { target: turnedTo({}, { ...AT_REST, surprise: 1.6 }) }, 768);
    const gaping = draftPhotoOf(pictureOf(shouting), { ...shouting, model });
    const gap = gapOf(draw(gaping, { target: { angles: gaping.angles, movements: AT_REST } }).mesh);
    const before = gapOf(gaping.mesh);
    assert.ok(before > 0.18 && gap > 0.1 * before && gap < 0.5 * before, `${before}, then ${gap}`);
  });

  it('smiles with lips that meet, which a grin parts', () => {
    const grin = { ...AT_REST, smile: 1.5, grin: 0.8 };
    const smiling = draw(closed, { target: { angles: closed.angles, movements: grin, parted: 0 } });
    assert.ok(gapOf(smiling.mesh) < 0.01, `${gapOf(smiling.mesh)}`);
    assert.equal(pixelsOf(smiling).filter((pixel) => smiling.parts[pixel] === PART.mouth).length, 0);
    assert.ok(gapOf(draw(closed, { target: { angles: closed.angles, movements: grin } }).mesh) > 0.05);
  });

  it('closes a mouth with lips as thick as they are: skin follows, they are not drawn out', () => {
    const { mesh } = draw({ ...photo, movements: AT_REST }, { target: turnedTo({}, AT_REST) });
    const open = undoPose(photo.pose, photo.mesh);
    const shut = undoPose(poseOf(mesh, model.reference), mesh);
    for (const [above, below] of LIPS) {
      const thickness = (points: Float64Array): number => (points[below * 3 + 1] ?? 0) - (points[above * 3 + 1] ?? 0);
      assert.ok(Math.abs(thickness(shut) / thickness(open) - 1) < 0.12, `${thickness(shut)}, ${thickness(open)}`);
    }
  });

  it('closes lips over the teeth at their edge', () => {
    const data = Uint8Array.from(photo.plate.data);
    const { width } = photo.plate;
    for (const point of LIPS_INNER) {
      const [x, y] = [photo.mesh[point * 3] ?? 0, photo.mesh[point * 3 + 1] ?? 0].map(Math.round);
      for (let down = -1; down <= 1; down++)
        for (let across = -1; across <= 1; across++) {
          data.set([0, 255, 0], (((y ?? 0) + down) * width + (x ?? 0) + across) * 3);
        }
    }
    const draft = draw({ ...photo, plate: { ...photo.plate, data } }, { target: turnedTo({}, AT_REST) }, 512);
    const green = pixelsOf(draft).filter(
      (pixel) => (draft.colours[pixel * 3 + 1] ?? 0) > 180 && (draft.colours[pixel * 3] ?? 255) < 100,
    );
    // Without that 119; what is left lies in the corners, where lips are thin.
    assert.ok(green.length < 95, `${green.length} pixels`);
  });

  it('takes not all of a broad smile away, nor makes a mouth narrower than most', () => {
    const { mesh } = draw(photo, { target: turnedTo({}, AT_REST) }, 512);
    const widthOf = (points: Float64Array): number =>
      (points[LIP_CORNERS[1] * 3] ?? 0) - (points[LIP_CORNERS[0] * 3] ?? 0);
    const canonical = undoPose(poseOf(mesh, model.reference), mesh);
    assert.ok(widthOf(canonical) > 0.97 * widthOf(model.reference), `${widthOf(canonical)}`);
    assert.ok(widthOf(canonical) < widthOf(undoPose(photo.pose, photo.mesh)), `${widthOf(canonical)}`);
  });

  for (const [name, movements] of [
    ['grin', { ...AT_REST, grin: 1.15 }],
    ['surprise', { ...AT_REST, surprise: 1.3 }],
  ] as const) {
    it(`opens the mouth and paints what is in it, which no photo saw: ${name}`, () => {
      const draft = draw(closed, { target: { angles: closed.angles, movements } });
      assert.ok(gapOf(draft.mesh) > gapOf(closed.mesh) + 0.1, String(gapOf(draft.mesh)));
      const mouth = pixelsOf(draft).filter((pixel) => draft.parts[pixel] === PART.mouth);
      assert.ok(mouth.length > 150, `${mouth.length} pixels`);
      for (const pixel of mouth) assert.equal(draft.seen.data[pixel], 0);
      const other = draw(closed, { target: { angles: closed.angles, movements }, seed: 2 });
      assert.ok(mouth.some((pixel) => other.colours[pixel * 3] !== draft.colours[pixel * 3]));
      assert.deepEqual(draw(closed, { target: { angles: closed.angles, movements } }), draft);
    });
  }

  it('opens the mouth to its corners, where triangles from lip to lip hid what is in it', () => {
    for (const movements of [
      { ...AT_REST, grin: 1 },
      { ...AT_REST, surprise: 1.3 },
    ]) {
      const { mesh, parts, size } = draw(closed, { target: { angles: closed.angles, movements } }, 512);
      const half = LIPS_INNER.length / 2;
      const middleOf = (column: number): Point => {
        const [upper, lower] = [(LIPS_INNER.at(column) ?? 0) * 3, (LIPS_INNER.at(-column) ?? 0) * 3];
        return [0, 1].map((axis) => ((mesh[upper + axis] ?? 0) + (mesh[lower + axis] ?? 0)) / 2) as [number, number];
      };
      for (let column = 1; column < half; column++) {
        const [x, y] = middleOf(column).map(Math.round);
        assert.equal(parts[(y ?? 0) * size + (x ?? 0)], PART.mouth, `between the lips' points ${column}`);
      }
    }
  });

  it('finds in a chart of the mouth what was read from between the lips', () => {
    const { mesh } = draw(closed, { target: { angles: closed.angles, movements: { ...AT_REST, grin: 1 } } }, 512);
    for (const [column, part] of [
      [1, 0.3],
      [3, 0.8],
      [5, 0.1],
      [8, 0.5],
    ] as const) {
      const [upper, lower] = [(LIPS_INNER.at(column) ?? 0) * 3, (LIPS_INNER.at(-column) ?? 0) * 3];
      const [x = 0, y = 0] = [0, 1].map(
        (axis) => (mesh[upper + axis] ?? 0) * (1 - part) + (mesh[lower + axis] ?? 0) * part,
      );
      const [u, v] = mouthPlace(mesh, [x, y]);
      assert.ok(
        Math.abs(u - column / 10) < 0.002 && Math.abs(v - part) < 0.02,
        `${u}, ${v}, not ${column / 10}, ${part}`,
      );
    }
  });

  it('paints the mouth of a surprised face that grins in the photo: rows of teeth stayed', () => {
    const draft = draw(photo, { target: turnedTo({}, { ...AT_REST, surprise: 1.25 }) });
    const mouth = pixelsOf(draft).filter((pixel) => draft.parts[pixel] === PART.mouth);
    assert.ok(mouth.length > 100 && mouth.every((pixel) => draft.seen.data[pixel] === 0));
  });

  it('keeps the teeth of the photo where it shows them already', () => {
    const draft = draw(photo);
    const mouth = pixelsOf(draft).filter((pixel) => draft.parts[pixel] === PART.mouth);
    assert.ok(mouth.length > 100 && mouth.every((pixel) => (draft.seen.data[pixel] ?? 0) > 0.5));
  });
});
