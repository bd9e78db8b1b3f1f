import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cropMap, type CropWish } from '../../../pipeline/draft/crop.js';
import type { DraftPhoto } from '../../../pipeline/draft/photo.js';
import { applyAffine, invertAffine } from '../../../pipeline/face/geometry.js';
import { planeOf, plainDraftPhoto } from '../../fixtures/plain-draft.js';

const SIZE = 128;
const EYES = [300, 220] as const;
const WISH: CropWish = { units: 3, eyes: { x: 0.5, y: 0.44 } };

/** A photo of 600 pixels, 100 of them a unit; the person fills where `isPerson` says. */
function photoOf(isPerson: (x: number, y: number) => boolean, changes: Partial<DraftPhoto> = {}): DraftPhoto {
  const plate = { width: 600, height: 600, data: new Uint8Array(600 * 600 * 3) };
  return plainDraftPhoto({
    plate,
    pose: { ...plainDraftPhoto().pose, scale: 100 },
    matte: planeOf(600, (x, y) => (isPerson(x, y) ? 1 : 0)),
    ...changes,
  });
}

/** The box of the plate that a picture shows. */
function shown(photo: DraftPhoto, wish: CropWish, eyes: readonly [number, number] = EYES) {
  const back = invertAffine(cropMap(photo, wish, { size: SIZE, eyes }));
  const [left, top] = applyAffine(back, [-0.5, -0.5]);
  const [right, bottom] = applyAffine(back, [SIZE - 0.5, SIZE - 0.5]);
  return { left: left + 0.5, top: top + 0.5, right: right + 0.5, bottom: bottom + 0.5 };
}

function assertNear(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-6, `${actual}, not ${expected}`);
}

const nowhere = photoOf(() => false);
/** A bust: cut off by the photo's lower border alone. */
const bust = photoOf((x, y) => y > 80 && Math.abs(x - 300) < (y < 400 ? 90 : 200));

describe('the crop of a portrait', () => {
  it('is as wide as is wished, in units of the head, with the eyes where they are wished', () => {
    for (const units of [2.5, 3.05, 3.6]) {
      const box = shown(nowhere, { units, eyes: { x: 0.48, y: 0.42 } });
      assertNear(box.right - box.left, units * 100);
      assertNear(box.bottom - box.top, units * 100);
      assertNear((EYES[0] - box.left) / (units * 100), 0.48);
      assertNear((EYES[1] - box.top) / (units * 100), 0.42);
    }
  });

  it('goes beyond a photo that ends beside the person: there is backdrop', () => {
    const box = shown(nowhere, { ...WISH, units: 5 }, [60, 40]);
    assert.ok(box.left < 0 && box.top < 0);
    assertNear(box.right - box.left, 500);
  });

  it('ends where the photo cuts the person off below', () => {
    const box = shown(bust, { ...WISH, units: 3.6 }, [300, 420]);
    assertNear(box.bottom, 600);
    assertNear(box.right - box.left, 360);
  });

  it('shows less where the photo has no room for as much', () => {
    const low = { ...bust, filled: { x: 150, y: 100, width: 300, height: 280 } };
    const box = shown(low, { ...WISH, units: 3.6 });
    assert.ok(box.bottom <= 380 + 1e-6 && box.right - box.left <= 360);
  });

  for (const [side, isPerson] of [
    ['left', (x: number, y: number) => x < 300 && y > 150],
    ['right', (x: number, y: number) => x > 300 && y > 150],
    ['top', (x: number, y: number) => y < 300 && Math.abs(x - 300) < 150],
    ['bottom', (x: number, y: number) => y > 300 && Math.abs(x - 300) < 150],
  ] as const) {
    it(`never shows what is beyond the ${side} border where that cuts the person off`, () => {
      const photo = photoOf(isPerson);
      for (const eyes of [
        [300, 220],
        [20, 20],
        [580, 30],
        [40, 570],
        [560, 590],
      ] as const) {
        for (const units of [2.5, 3.05, 3.6]) {
          const box = shown(photo, { ...WISH, units }, eyes);
          const beyond = { left: -box.left, right: box.right - 600, top: -box.top, bottom: box.bottom - 600 }[side];
          assert.ok(beyond < 1e-6, `${beyond} pixels beyond, ${units} units, eyes ${eyes.join()}`);
        }
      }
    });
  }

  it('never shows what is beyond any border where all of them cut the person off, as in a photo that the face fills', () => {
    const close = photoOf(() => true, { filled: { x: 180, y: 120, width: 260, height: 250 } });
    for (const units of [2.5, 3.05, 3.6]) {
      const box = shown(close, { ...WISH, units });
      assert.ok(box.left >= 180 - 1e-6 && box.right <= 440 + 1e-6, `${box.left} to ${box.right}`);
      assert.ok(box.top >= 120 - 1e-6 && box.bottom <= 370 + 1e-6, `${box.top} to ${box.bottom}`);
    }
  });

  it('ends where the photo cuts shoulders off that are seen only low beside the head', () => {
    const tight = photoOf((x, y) => y > 560 || Math.abs(x - 300) < 150, {
      filled: { x: 140, y: 60, width: 320, height: 540 },
    });
    const box = shown(tight, { ...WISH, units: 3.6 });
    assert.ok(box.left >= 140 - 1e-6 && box.right <= 460 + 1e-6, `${box.left} to ${box.right}`);
  });

  it('finds that a photo cuts the person off also where its border runs askew', () => {
    const askew = photoOf((x, y) => y > 300 && x > 4 + y / 100 && x < 590 - y / 100);
    const box = shown(askew, { ...WISH, units: 3.6 }, [120, 220]);
    assert.ok(box.left >= -1e-6, String(box.left));
  });

  it('shows the whole face of a photo that shows hardly more than it', () => {
    const tiny = photoOf(() => true, { filled: { x: 220, y: 160, width: 160, height: 160 } });
    const box = shown(tiny, WISH);
    assertNear(box.right - box.left, 170);
  });
});
