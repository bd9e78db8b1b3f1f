import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planPortrait, type PortraitPlan } from '../../../pipeline/draft/plan.js';
import type { Asked } from '../../../pipeline/text/prompt.js';

const SEEDS = [0, 1, 7, 1234, 2 ** 32 - 1];
const PLACES = [0, 1, 2, 3, 4, 5, 6, 7];

function plansOf(asked: Asked): PortraitPlan[] {
  return SEEDS.flatMap((seed) => PLACES.map((index) => planPortrait(asked, { seed, index })));
}

function assertBetween(value: number, low: number, high: number): void {
  assert.ok(value >= low && value <= high, `${value}, not ${low} to ${high}`);
}

describe('the plan of a portrait', () => {
  it('is the same for the same seed, and another for another', () => {
    for (const seed of SEEDS) {
      const plan = planPortrait({ style: 'comic' }, { seed, index: 2 });
      assert.deepEqual(planPortrait({ style: 'comic' }, { seed, index: 2 }), plan);
      assert.notDeepEqual(planPortrait({ style: 'comic' }, { seed: seed ^ 5, index: 2 }), plan);
    }
  });

  it('turns the head by 12 to 24 degrees to the side that is asked, and nearly not for the front', () => {
    for (const { angles } of plansOf({ side: 'left' })) assertBetween(angles.yaw, -24, -12);
    for (const { angles } of plansOf({ side: 'right' })) assertBetween(angles.yaw, 12, 24);
    for (const { angles } of plansOf({ side: 'front' })) assertBetween(angles.yaw, -6, 6);
  });

  it('raises, lowers and tilts the head where that is asked', () => {
    for (const { angles } of plansOf({ height: 'up' })) assertBetween(angles.pitch, 8, 14);
    for (const { angles } of plansOf({ height: 'down' })) assertBetween(angles.pitch, -14, -8);
    for (const { angles } of plansOf({ tilt: 'right' })) assertBetween(angles.roll, 6, 14);
    for (const { angles } of plansOf({ tilt: 'left' })) assertBetween(angles.roll, -14, -6);
  });

  it('stays near the camera where nothing is asked', () => {
    for (const { angles } of plansOf({})) {
      assertBetween(angles.yaw, -12, 12);
      assertBetween(angles.pitch, -6, 6);
      assertBetween(angles.roll, -6, 6);
    }
  });

  it('moves the face as the expression asks, and in no other way', () => {
    const moved = (asked: Asked, plan: PortraitPlan): string[] =>
      Object.entries(plan.movements)
        .filter(([, amount]) => amount !== 0)
        .map(([name]) => `${asked.expression}: ${name}`);
    const kinds = (asked: Asked): string[] => [...new Set(plansOf(asked).flatMap((plan) => moved(asked, plan)))].sort();
    assert.deepEqual(kinds({ expression: 'happy' }), ['happy: grin', 'happy: smile']);
    assert.deepEqual(kinds({ expression: 'surprised' }), ['surprised: surprise']);
    assert.deepEqual(kinds({ expression: 'sad' }), ['sad: sadness', 'sad: smile']);
    assert.deepEqual(kinds({ expression: 'neutral' }), []);
    for (const { movements } of plansOf({ expression: 'happy' })) assert.ok(movements.grin + movements.smile > 0.6);
    for (const { movements } of plansOf({ expression: 'sad' })) assert.ok(movements.sadness > 1 && movements.smile < 0);
  });

  it('shows teeth where a laugh is asked for, and meeting lips where those are', () => {
    const laughing: Asked = { expression: 'happy', mouth: 'laughing' };
    for (const { movements, teeth } of plansOf(laughing)) assert.ok(teeth === 'any' && movements.grin > 0.7);
    for (const { teeth } of [...plansOf({}), ...plansOf({ expression: 'happy' })]) assert.equal(teeth, 'own');
    for (const expression of [undefined, 'happy'] as const) {
      const asked: Asked = { mouth: 'mouth closed', ...(expression && { expression }) };
      for (const { teeth, keeps } of plansOf(asked)) assert.deepEqual([teeth, keeps], ['none', 'nothing']);
    }
  });

  it('shows less in a close-up and more with the shoulders', () => {
    const units = (asked: Asked): number[] => plansOf(asked).map(({ crop }) => crop.units);
    assert.ok(Math.max(...units({ framing: 'close-up' })) < Math.min(...units({})));
    assert.ok(Math.min(...units({ framing: 'head and shoulders' })) > Math.max(...units({})));
  });

  it('keeps the eyes in the upper half and near the middle', () => {
    for (const framing of [undefined, 'close-up', 'head and shoulders']) {
      for (const { crop } of plansOf(framing === undefined ? {} : { framing })) {
        assertBetween(crop.eyes.x, 0.45, 0.55);
        assertBetween(crop.eyes.y, 0.35, 0.5);
      }
    }
  });

  it('wants another face of each portrait of an album, whatever is asked', () => {
    for (const asked of [{}, { side: 'left' }, { expression: 'happy' }, { style: 'neon' }] as const satisfies Asked[]) {
      for (const seed of SEEDS) {
        const album = [0, 1, 2, 3].map((index) => planPortrait(asked, { seed, index }));
        const pairs = album.flatMap((one, index) => album.slice(index + 1).map((other) => [one, other] as const));
        for (const [one, other] of pairs) assert.ok(differenceOf(one, other) > 0.5, JSON.stringify([one, other]));
      }
    }
  });

  it('looks to both sides and shows several moods where nothing is asked', () => {
    for (const seed of SEEDS) {
      const album = [0, 1, 2, 3].map((index) => planPortrait({}, { seed, index }));
      assert.ok(album.some(({ angles }) => angles.yaw > 2) && album.some(({ angles }) => angles.yaw < -2));
      assert.equal(new Set(album.map(({ movements }) => JSON.stringify(movements))).size, 4);
    }
  });
});

/** Degrees and movements by which two portraits differ; half a movement counts as ten degrees. */
function differenceOf(one: PortraitPlan, other: PortraitPlan): number {
  const turned = Math.hypot(
    one.angles.yaw - other.angles.yaw,
    one.angles.pitch - other.angles.pitch,
    one.angles.roll - other.angles.roll,
  );
  const { smile, grin, surprise, sadness } = one.movements;
  const to = other.movements;
  const moved = Math.hypot(smile - to.smile, grin - to.grin, surprise - to.surprise, sadness - to.sadness);
  return turned + 20 * moved;
}
