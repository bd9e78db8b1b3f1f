import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { backdropOf, setBefore } from '../../../pipeline/draft/backdrop.js';
import { cutOut } from '../../../pipeline/draft/cut-out.js';
import type { Draft } from '../../../pipeline/draft/draw.js';
import { anglesOf, poseOf } from '../../../pipeline/draft/head.js';
import { draftPhotoOf, mirrorPhoto } from '../../../pipeline/draft/photo.js';
import { sampleColour } from '../../../pipeline/draft/sample.js';
import { readSurroundings } from '../../../pipeline/draft/surroundings.js';
import { PART } from '../../../pipeline/draft/surface.js';
import { applyAffine, invertAffine, type Point } from '../../../pipeline/face/geometry.js';
import { openDrafting } from '../../fixtures/drafting.js';
import { drawing, pixelsOf } from '../../fixtures/drawing.js';

const { photo, model, release } = await openDrafting();
after(release);

const { draw, turnedTo } = drawing({ photo, model });
const placeOf = ({ size }: Draft, pixel: number): Point => [pixel % size, Math.floor(pixel / size)];

/** The mean difference of a draft's colours to the photo's at the places that `sourceOf` gives, and how many were compared. */
function differenceTo(draft: Draft, sourceOf: (pixel: number) => Point | undefined) {
  const colour = new Float32Array(3);
  let [sum, count] = [0, 0];
  for (const pixel of pixelsOf(draft)) {
    const source = sourceOf(pixel);
    if (!source) continue;
    sampleColour(photo.plate, source, { colours: colour, at: 0 });
    for (let k = 0; k < 3; k++) sum += Math.abs((colour[k] ?? 0) - (draft.colours[pixel * 3 + k] ?? 0));
    count += 1;
  }
  return { mean: sum / (3 * count), count };
}

/** The most that the points of a mesh are away from another's. */
function furthest(mesh: Float64Array, wanted: Float64Array, map: (point: Point) => Point = (point) => point): number {
  let most = 0;
  for (let at = 0; at < mesh.length; at += 3) {
    const [x, y] = map([wanted[at] ?? 0, wanted[at + 1] ?? 0]);
    most = Math.max(most, Math.hypot((mesh[at] ?? Number.NaN) - x, (mesh[at + 1] ?? Number.NaN) - y));
  }
  return most;
}

describe('a draft of a head as it is', () => {
  const draft = draw(photo, {}, 512);

  it('is the photo', () => {
    const back = invertAffine(draft.crop);
    const inMatte = (pixel: number): boolean => (draft.matte.data[pixel] ?? 0) > 0.5;
    const { mean, count } = differenceTo(draft, (pixel) =>
      inMatte(pixel) ? applyAffine(back, placeOf(draft, pixel)) : undefined,
    );
    assert.ok(count > 0.5 * 512 * 512, String(count));
    assert.ok(mean < 0.001, `${mean} of 255`);
  });

  it('leaves every point of the mesh in its place', () => {
    assert.ok(furthest(draft.mesh, photo.mesh, (point) => applyAffine(draft.crop, point)) < 0.01);
  });

  it('was seen as well as the photo saw it', () => {
    const face = pixelsOf(draft).filter((pixel) => draft.parts[pixel] === PART.face);
    const seen = face.reduce((sum, pixel) => sum + (draft.seen.data[pixel] ?? 0), 0) / face.length;
    assert.ok(seen > 0.97, String(seen));
  });

  it('says where the lips, the eyes and the parts of the picture are', () => {
    const { lips, eyes, parts, mesh } = draft;
    const at = (point: number): number => Math.round(mesh[point * 3 + 1] ?? 0) * 512 + Math.round(mesh[point * 3] ?? 0);
    assert.ok((lips.data[at(0)] ?? 0) > 0.4, 'the upper lip');
    assert.ok((eyes.data[at(159)] ?? 0) > 0.4, 'the lid of the left eye');
    assert.equal(lips.data[at(10)], 0);
    assert.equal(parts[at(5)], PART.face);
    assert.equal(parts[0], PART.around);
  });
});

describe('a portrait of a head as it is, before what the photo shows', () => {
  const { plate } = photo;
  const size = plate.width;
  const everywhere = { width: size, height: size, data: new Float32Array(size * size).fill(1) };

  it('is the photo next to the person, also where the matte left hair out', () => {
    const data = photo.matte.data.map((cover, pixel) => (pixel % size < size / 2 ? 0.4 * cover : cover));
    const torn = { ...photo.matte, data };
    const surroundings = readSurroundings(plate, torn, everywhere);
    const draft = draw({ ...photo, matte: torn, surroundings }, {}, 512);
    const portrait = setBefore(cutOut(draft), backdropOf(draft, 0));
    const back = invertAffine(draft.crop);
    const { mean, count } = differenceTo({ ...draft, colours: Float32Array.from(portrait.data) }, (pixel) =>
      (draft.matte.data[pixel] ?? 0) > 0.3 ? applyAffine(back, placeOf(draft, pixel)) : undefined,
    );
    assert.ok(count > 0.5 * 512 * 512, String(count));
    assert.ok(mean < 1, `${mean} of 255`);
  });
});

describe('a draft that is drawn from a draft', () => {
  for (const [name, target] of [
    ['turned left', turnedTo({ yaw: -20 })],
    ['turned right', turnedTo({ yaw: 20 })],
    ['raised', turnedTo({ pitch: 6 })],
    ['lowered', turnedTo({ pitch: -14 })],
    ['tilted', turnedTo({ roll: 12 })],
    ['turned, lowered and tilted', turnedTo({ yaw: 15, pitch: -12, roll: -8 })],
    ['less smiling', turnedTo({}, { ...photo.movements, grin: photo.movements.grin - 0.3 })],
  ] as const) {
    it(`gives the photo back where both saw it: ${name}, and back`, () => {
      const away = draw(photo, { target, crop: { units: 4, eyes: { x: 0.5, y: 0.42 } } }, 768);
      const data = Uint8Array.from(away.colours, (value) => Math.min(255, Math.max(0, Math.round(value))));
      const plate = { width: 768, height: 768, data };
      const between = draftPhotoOf(plate, { ...away, model });
      const home = draw({ ...between, movements: target.movements }, {}, 384);
      const [toAway, toPlate] = [invertAffine(home.crop), invertAffine(away.crop)];
      const { mean, count } = differenceTo(home, (pixel) => {
        const place = applyAffine(toAway, placeOf(home, pixel));
        const seen = away.seen.data[Math.round(place[1]) * 768 + Math.round(place[0])] ?? 0;
        const isSeen = home.parts[pixel] === PART.face && seen > 0.75 && (home.seen.data[pixel] ?? 0) > 0.75;
        return isSeen && (home.matte.data[pixel] ?? 0) > 0.9 ? applyAffine(toPlate, place) : undefined;
      });
      assert.ok(count > 0.08 * 384 * 384, String(count));
      assert.ok(mean < 1.2, `${mean} of 255`);
      const landed = furthest(home.mesh, photo.mesh, (point) => applyAffine(home.crop, applyAffine(away.crop, point)));
      assert.ok(landed < 0.5, `${landed} pixels`);
    });
  }
});

describe('a draft of a head that is turned', () => {
  it('has the angles that were asked', () => {
    for (const [yaw, pitch, roll] of [
      [-21, 0, 0],
      [21, 4, -12],
      [0, -14, 12],
      [9, 6, 3],
    ] as const) {
      const { mesh } = draw(photo, { target: turnedTo({ yaw, pitch, roll }) }, 64);
      const angles = anglesOf(poseOf(mesh, model.reference));
      assert.ok(Math.abs(angles.yaw - yaw) < 0.5, `${angles.yaw}, not ${yaw}`);
      assert.ok(Math.abs(angles.pitch - pitch) < 0.5, `${angles.pitch}, not ${pitch}`);
      assert.ok(Math.abs(angles.roll - roll) < 0.5, `${angles.roll}, not ${roll}`);
    }
  });

  /** How well the photo saw the half of the face on a side of the nose. */
  function seenOn(draft: Draft, side: 'left' | 'right'): number {
    const nose = draft.mesh[5 * 3] ?? 0;
    const half = pixelsOf(draft).filter(
      (pixel) => draft.parts[pixel] === PART.face && pixel % draft.size < nose === (side === 'left'),
    );
    return half.reduce((sum, pixel) => sum + (draft.seen.data[pixel] ?? 0), 0) / half.length;
  }

  it('shows less of the cheek that comes into view than the photo saw', () => {
    const right = draw(photo, { target: turnedTo({ yaw: 20 }) });
    const left = draw(photo, { target: turnedTo({ yaw: -20 }) });
    assert.ok(seenOn(right, 'left') < seenOn(right, 'right') - 0.1, 'the left cheek of a head turned right');
    assert.ok(seenOn(left, 'right') < seenOn(left, 'left') - 0.1, 'the right cheek of a head turned left');
  });

  it('is seen worse the further it turns', () => {
    const shares = [0, 8, 16, 24].map((yaw) => seenOn(draw(photo, { target: turnedTo({ yaw }) }), 'left'));
    shares.slice(1).forEach((share, index) => assert.ok(share < (shares[index] ?? 0), shares.join(' ')));
  });
});

describe('a mirror image', () => {
  const mirrored = mirrorPhoto(photo, model);

  it('of a mirror image is the photo', () => {
    const again = mirrorPhoto(mirrored, model);
    assert.deepEqual(again.plate, photo.plate);
    assert.deepEqual(again.matte, photo.matte);
    assert.deepEqual(again.filled, photo.filled);
    // Points that lie on one another in the corners of the mouth may change places.
    assert.ok(furthest(again.mesh, photo.mesh) < 4);
    assert.ok(Math.abs(again.angles.yaw - photo.angles.yaw) < 1e-6);
  });

  it('looks and leans to the other side', () => {
    const turned = draftPhotoOf(photo.plate, { ...draw(photo, { target: turnedTo({ yaw: 14, roll: 5 }) }, 64), model });
    const { angles } = mirrorPhoto({ ...photo, mesh: turned.mesh }, model);
    assert.ok(Math.abs(angles.yaw + 14) < 1 && Math.abs(angles.roll + 5) < 1, JSON.stringify(angles));
  });

  it('shows the photo the other way round', () => {
    const draft = draw(mirrored, { target: { angles: mirrored.angles, movements: mirrored.movements } }, 256);
    const back = invertAffine(draft.crop);
    const edge = photo.plate.width - 1;
    const { mean } = differenceTo(draft, (pixel) => {
      if ((draft.matte.data[pixel] ?? 0) < 0.5) return undefined;
      const [x, y] = applyAffine(back, placeOf(draft, pixel));
      return [edge - x, y];
    });
    assert.ok(mean < 0.3, `${mean} of 255`);
  });
});
