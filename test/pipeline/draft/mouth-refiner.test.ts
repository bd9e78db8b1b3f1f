import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { AT_REST } from '../../../pipeline/draft/appearance.js';
import { pictureOf, type Draft, type DraftWish } from '../../../pipeline/draft/draw.js';
import { poseOf } from '../../../pipeline/draft/head.js';
import { MOUTH_CHANNELS, mouthChannels, refineMouth } from '../../../pipeline/draft/mouth-refiner.js';
import { mouthMap, MOUTH_WINDOW } from '../../../pipeline/draft/mouth-window.js';
import { draftPhotoOf } from '../../../pipeline/draft/photo.js';
import { LIP_MIDDLES, MOUTH_CORNERS } from '../../../pipeline/draft/regions.js';
import { PART } from '../../../pipeline/draft/surface.js';
import { applyAffine, scaleOf } from '../../../pipeline/face/geometry.js';
import { warp } from '../../../pipeline/face/warp.js';
import type { Graphs, Tensors } from '../../../pipeline/graphs.js';
import { floatTensor, floatsOf, type Tensor } from '../../../pipeline/tensor.js';
import { openDrafting } from '../../fixtures/drafting.js';
import { drawing } from '../../fixtures/drawing.js';

const { photo: astronaut, model, graphs, release } = await openDrafting();
after(release);

const { draw, turnedTo } = drawing({ photo: astronaut, model });
/** The astronaut with her mouth closed. */
const closed = draw(astronaut, { target: turnedTo({}, AT_REST) }, 768);
const photo = draftPhotoOf(pictureOf(closed), { matte: closed.matte, mesh: closed.mesh, model });
const source = { photo, reference: model.reference };
/** A mouth that the photo does not show. */
const GRINNING = { target: turnedTo({}, { ...AT_REST, grin: 1 }) };
const TURNED = { target: { ...turnedTo({ yaw: photo.angles.yaw + 15 }), movements: photo.movements } };
const { width, height, unit } = MOUTH_WINDOW;
const PLANE = width * height;

/** A refiner that adds so much to the draft it is told, and what it was told. */
function adding(change: number): { readonly graphs: Pick<Graphs, 'has' | 'run'>; readonly told: Float32Array[] } {
  const told: Float32Array[] = [];
  const run = async (_: string, { mouth }: Tensors): Promise<Tensors> => {
    const given = floatsOf(mouth as Tensor);
    told.push(given);
    return {
      painted: floatTensor(
        [1, 3, height, width],
        given.slice(0, 3 * PLANE).map((value) => value + change),
      ),
    };
  };
  return { graphs: { has: () => true, run }, told };
}

/** How much a draft's red, green and blue changed on average at each pixel. */
function changes(one: Draft, other: Draft): Float32Array {
  return one.seen.data.map((_, pixel) => {
    const change = (channel: number): number =>
      (other.colours[pixel * 3 + channel] ?? 0) - (one.colours[pixel * 3 + channel] ?? 0);
    return (change(0) + change(1) + change(2)) / 3;
  });
}

/** Whether the inside of the mouth, where teeth are touched up, is within a few pixels. */
function isNearMouth({ parts, size }: Draft, pixel: number): boolean {
  const steps = [-6, -4, -2, 0, 2, 4, 6];
  return steps.some((down) => steps.some((across) => parts[pixel + down * size + across] === PART.mouth));
}

/** Drawn anew, so that a change of one does not change another. */
const drawn = (wish: Partial<DraftWish> = {}): Draft => draw(photo, wish, 512);

describe('the window around a mouth', () => {
  it('has the mouth in its middle, upright, at its scale, however the head is turned', () => {
    for (const roll of [-14, 0, 12]) {
      const { mesh } = drawn({ target: turnedTo({ roll }) });
      const pose = poseOf(mesh, model.reference);
      const map = mouthMap(mesh, pose);
      const points = [...MOUTH_CORNERS, ...LIP_MIDDLES].map((point) =>
        applyAffine(map, [mesh[point * 3] ?? 0, mesh[point * 3 + 1] ?? 0]),
      );
      const mean = (axis: 0 | 1): number => points.reduce((sum, place) => sum + place[axis], 0) / points.length;
      assert.ok(Math.abs(mean(0) - width / 2) < 1e-6 && Math.abs(mean(1) - height / 2) < 1e-6);
      assert.ok(Math.abs(scaleOf(map) * pose.scale - unit) < 1e-6);
      const [left, right] = [points[0] ?? [0, 0], points[1] ?? [0, 0]];
      assert.ok(Math.abs(left[1] - right[1]) < 4, `corners at one height: ${left[1]}, ${right[1]}`);
    }
  });

  it('tells the draft, where lips and mouth are, and the photo itself', () => {
    const draft = drawn(GRINNING);
    const map = mouthMap(draft.mesh, poseOf(draft.mesh, model.reference));
    const own = warp(photo.plate, { map: mouthMap(photo.mesh, photo.pose), size: MOUTH_WINDOW });
    const told = mouthChannels(draft, map, own);
    assert.equal(told.length, MOUTH_CHANNELS.length * PLANE);
    const middle = (channel: number): number => told[channel * PLANE + (height / 2) * width + width / 2] ?? 0;
    const corner = (channel: number): number => told[channel * PLANE] ?? 1;
    assert.ok(middle(4) > 0.99 && corner(4) === 0 && corner(3) === 0);
    const at = (height / 2) * width + width / 2;
    assert.ok(Math.abs(middle(5) - (own.data[at * 3] ?? 0) / 255) < 1e-6);
  });
});

describe('refining a mouth', () => {
  it('leaves a mouth that did not move to the photo, whatever the graph would say', async () => {
    const { graphs: refiner, told } = adding(0.2);
    const refined = await refineMouth(refiner, drawn(TURNED), source);
    assert.equal(told.length, 0);
    assert.deepEqual(refined.colours, drawn(TURNED).colours);
  });

  it('leaves teeth that the photo shows as they are answered: their gaps were deepened to black', async () => {
    const { graphs: refiner, told } = adding(0);
    const wish = { target: turnedTo({}, { ...AT_REST, grin: 0.5 }) };
    const refined = await refineMouth(refiner, draw(astronaut, wish, 512), { ...source, photo: astronaut });
    assert.equal(told.length, 1);
    assert.deepEqual(refined.colours, draw(astronaut, wish, 512).colours);
  });

  it('leaves a mouth that gapes to the finisher', async () => {
    const { graphs: refiner, told } = adding(0.2);
    const surprised = { target: turnedTo({}, { ...AT_REST, surprise: 1.6 }) };
    const refined = await refineMouth(refiner, drawn(surprised), source);
    assert.equal(told.length, 0);
    assert.deepEqual(refined.seen, drawn(surprised).seen);
  });

  it('leaves drafts of a bundle without the graph as they are', async () => {
    const refined = await refineMouth({ has: () => false, run: graphs.run }, drawn(GRINNING), source);
    assert.deepEqual(refined.colours, drawn(GRINNING).colours);
  });

  it('changes lips wholly, less and less around them, and nothing beyond its window', async () => {
    const before = drawn(GRINNING);
    const refined = await refineMouth(adding(0.2).graphs, drawn(GRINNING), source);
    const change = changes(before, refined);
    const map = mouthMap(before.mesh, poseOf(before.mesh, model.reference));
    let wholly = 0;
    before.parts.forEach((part, pixel) => {
      const [x, y] = applyAffine(map, [pixel % 512, Math.floor(pixel / 512)]);
      const out = Math.hypot(x / (width / 2) - 1, y / (height / 2) - 1);
      const isFace = part === PART.face || part === PART.mouth;
      if (!isFace || out > 1.05) assert.equal(change[pixel], 0);
      if (part === PART.face && (before.lips.data[pixel] ?? 0) > 0.9 && !isNearMouth(before, pixel)) {
        assert.ok(Math.abs((change[pixel] ?? 0) - 51) < 9, String(change[pixel]));
        wholly += 1;
      }
    });
    assert.ok(wholly > 100, String(wholly));
  });

  it('lets skin away from the lips change a little only, whatever the graph answers', async () => {
    const before = drawn(GRINNING);
    const change = changes(before, await refineMouth(adding(0.8).graphs, drawn(GRINNING), source));
    const map = mouthMap(before.mesh, poseOf(before.mesh, model.reference));
    const isAway = (pixel: number): boolean => {
      const [, y] = applyAffine(map, [pixel % 512, Math.floor(pixel / 512)]);
      return Math.abs(y / (height / 2) - 1) > 0.7;
    };
    const most = change.reduce((so, value, pixel) => (isAway(pixel) ? Math.max(so, value) : so), 0);
    assert.ok(most < 0.13 * 255, String(most));
  });

  it('tells the finisher that what was painted is seen, so that it is painted once', async () => {
    const before = drawn(GRINNING);
    const refined = await refineMouth(adding(0).graphs, drawn(GRINNING), source);
    before.parts.forEach((part, pixel) => {
      if (part !== PART.mouth) return;
      assert.equal(before.seen.data[pixel], 0);
      assert.ok((refined.seen.data[pixel] ?? 0) > 0.95);
    });
  });

  it('paints a mouth that the photo does not show without leaving the colours of teeth and lips', async () => {
    const before = drawn(GRINNING);
    const refined = await refineMouth(graphs, drawn(GRINNING), source);
    const change = changes(before, refined);
    const inMouth = [...change].filter((_, pixel) => before.parts[pixel] === PART.mouth);
    const mean = inMouth.reduce((sum, value) => sum + Math.abs(value), 0) / inMouth.length;
    assert.ok(mean > 1 && mean < 60, `changed by ${mean} of 255`);
    const luma = (pixel: number): number =>
      (refined.colours[pixel * 3] ?? 0) + (refined.colours[pixel * 3 + 1] ?? 0) + (refined.colours[pixel * 3 + 2] ?? 0);
    const mouth = [...before.parts.keys()].filter((pixel) => before.parts[pixel] === PART.mouth).map(luma);
    const brightest = mouth.toSorted((one, other) => other - one)[Math.floor(mouth.length / 4)] ?? 0;
    assert.ok(brightest > 3 * 90, `teeth of ${brightest / 3}`);
  });
});
