import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AT_REST } from '../../../pipeline/draft/appearance.js';
import type { DraftPhoto } from '../../../pipeline/draft/photo.js';
import { LIP_MIDDLES } from '../../../pipeline/draft/regions.js';
import { chooseSource, withinReach, type DraftSource } from '../../../pipeline/draft/source.js';
import { plainDraftPhoto } from '../../fixtures/plain-draft.js';

const still = { yaw: 0, pitch: 0, roll: 0 };
const looking = (yaw: number, pitch = 0): DraftPhoto => plainDraftPhoto({ angles: { ...still, yaw, pitch } });

/** A photo and its mirror image, as an album begins from them. */
function bothOf(photo: DraftPhoto): DraftSource[] {
  const mirrored = { ...photo, angles: { ...photo.angles, yaw: -photo.angles.yaw } };
  return [
    { photo, mirrored, isMirrored: false },
    { photo: mirrored, mirrored: photo, isMirrored: true },
  ];
}

/** A photo with its lips this far apart, in units. */
function opened(photo: DraftPhoto, gap: number): DraftPhoto {
  photo.mesh[LIP_MIDDLES[1] * 3 + 1] = gap * photo.pose.scale;
  return photo;
}

const chosenFor = (sources: readonly DraftSource[], yaw: number): DraftSource =>
  chooseSource(sources, { angles: { ...still, yaw }, movements: AT_REST });

describe('the source of a portrait', () => {
  const [left, front, right] = [looking(-20), looking(1), looking(18)];
  const sources = [left, front, right].map((photo): DraftSource => ({ photo, mirrored: photo, isMirrored: false }));

  it('is the photo that looks there already', () => {
    assert.equal(chosenFor(sources, -16).photo, left);
    assert.equal(chosenFor(sources, 3).photo, front);
    assert.equal(chosenFor(sources, 21).photo, right);
  });

  it('is the mirror image where that has to turn much less, and else the photo', () => {
    assert.equal(chosenFor(bothOf(looking(15)), -18).isMirrored, true);
    assert.equal(chosenFor(bothOf(looking(15)), 18).isMirrored, false);
    assert.equal(chosenFor(bothOf(looking(1)), -15).isMirrored, false);
  });

  it('is the photo whose mouth is as asked, of two that look the same way', () => {
    const open = opened(plainDraftPhoto({ movements: { ...AT_REST, grin: 1 } }), 0.1);
    const closed = plainDraftPhoto();
    const both = [closed, open].map((photo): DraftSource => ({ photo, mirrored: photo, isMirrored: false }));
    assert.equal(chooseSource(both, { angles: still, movements: { ...AT_REST, grin: 1 } }).photo, open);
    assert.equal(chooseSource(both, { angles: still, movements: AT_REST }).photo, closed);
  });

  it('is the larger of two photos that are alike', () => {
    const small = plainDraftPhoto({ enlarged: 4 });
    const large = plainDraftPhoto({ enlarged: 0.5 });
    const both = [small, large].map((photo): DraftSource => ({ photo, mirrored: photo, isMirrored: false }));
    assert.equal(chosenFor(both, 0).photo, large);
  });

  it('needs a photo', () => {
    assert.throws(() => chosenFor([], 0), RangeError);
  });
});

describe('what a photo can be turned to', () => {
  it('is no further than the slack of the target asks: a photo that looks nearly there stays as it is', () => {
    const yawOf = (from: number, yaw: number) =>
      withinReach({ angles: { ...still, yaw }, slack: 6, movements: AT_REST }, looking(from)).angles.yaw;
    assert.equal(yawOf(4, 0), 4);
    assert.equal(yawOf(-15, 1), -5);
    assert.equal(yawOf(15, 1), 7);
  });

  const reach = (from: DraftPhoto, yaw: number, pitch = 0) =>
    withinReach({ angles: { yaw, pitch, roll: 9 }, movements: { ...AT_REST, smile: 0.4 } }, from);

  it('is what is asked where that is near', () => {
    assert.deepEqual(reach(looking(5), -15, 8), {
      angles: { yaw: -15, pitch: 8, roll: 9 },
      movements: { ...AT_REST, smile: 0.4 },
    });
  });

  it('is less where it is far: a cheek that no photo saw is not shown', () => {
    assert.deepEqual(reach(looking(20), -20).angles, { yaw: 12, pitch: 0, roll: 9 });
    assert.deepEqual(reach(looking(-20), 20).angles, { yaw: -12, pitch: 0, roll: 9 });
    assert.deepEqual(reach(looking(38), -20).angles, { yaw: 38, pitch: 0, roll: 9 });
    assert.deepEqual(reach(looking(40, -12), 40, 12).angles, { yaw: 40, pitch: -10, roll: 9 });
    assert.deepEqual(reach(looking(0, 12), 0, -12).angles, { yaw: 0, pitch: -2, roll: 9 });
    assert.deepEqual(reach(looking(0, -12), 0, 12).angles, { yaw: 0, pitch: 2, roll: 9 });
  });
});

describe('what a target keeps of a photo', () => {
  const smiling = { ...AT_REST, smile: 0.4, grin: 1.2 };
  const photoOf = (gap: number): DraftPhoto => opened(plainDraftPhoto({ movements: smiling }), gap);
  const asked = { angles: still, movements: { ...AT_REST, grin: 0.75 } };

  it('is an open mouth where no expression is asked for', () => {
    assert.equal(withinReach({ ...asked, keeps: 'open mouths' }, photoOf(0.1)).movements, smiling);
    assert.equal(withinReach({ ...asked, keeps: 'open mouths' }, photoOf(0.01)).movements, asked.movements);
  });

  it('is the smile that is broader than the one that is asked for', () => {
    assert.deepEqual(withinReach({ ...asked, keeps: 'smiles' }, photoOf(0.1)).movements, smiling);
    const broader = { ...asked, movements: { ...AT_REST, grin: 1.4 }, keeps: 'smiles' } as const;
    assert.deepEqual(withinReach(broader, photoOf(0.1)).movements, { ...AT_REST, smile: 0.4, grin: 1.4 });
  });

  it('is nothing where another expression is asked for', () => {
    assert.deepEqual(withinReach({ ...asked, movements: AT_REST, keeps: 'nothing' }, photoOf(0.1)).movements, AT_REST);
  });

  const grinning = { ...asked, movements: { ...AT_REST, grin: 1 }, keeps: 'smiles' } as const;
  const restingOf = (gap: number): DraftPhoto => ({ ...photoOf(gap), movements: AT_REST });

  it('is lips that meet where nobody asks for teeth: rows of them were set between lips that show none', () => {
    const { movements, parted } = withinReach({ ...grinning, teeth: 'own' }, restingOf(0.01));
    assert.deepEqual([movements, parted], [{ ...AT_REST, smile: 1, grin: 0.6 }, 0]);
    const painted = withinReach({ ...grinning, teeth: 'any' }, restingOf(0.01));
    assert.deepEqual([painted.movements, painted.parted], [grinning.movements, undefined]);
  });

  it('is lips that are parted, with the teeth that are between them', () => {
    const open = withinReach({ ...grinning, teeth: 'own' }, restingOf(0.1));
    assert.deepEqual([open.movements, open.parted], [{ ...AT_REST, smile: 1, grin: 0.5 }, 1]);
    assert.ok((withinReach({ ...grinning, teeth: 'own' }, restingOf(0.05)).parted ?? 0) > 0.4);
    const met = withinReach({ ...grinning, teeth: 'none', keeps: 'nothing' }, restingOf(0.1));
    assert.deepEqual([met.movements, met.parted], [{ ...AT_REST, smile: 1, grin: 0.6 }, 0]);
  });

  it('is a closed mouth in a face that is turned far, whatever is asked for', () => {
    const aside = { ...restingOf(0.01), angles: { ...still, yaw: 35 } };
    assert.equal(withinReach(grinning, aside).parted, 0);
    const open = { ...photoOf(0.1), angles: aside.angles };
    assert.equal(withinReach({ ...asked, keeps: 'smiles' }, open).movements.grin, smiling.grin);
  });
});
