import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FaceScores } from '../../src/jobs/engine.js';
import { checkPortrait, type GuardOptions, guardEngine, type Objection } from '../../src/safety/output-check.js';
import { createTestEngine, paint } from '../fakes/engine.js';

const good: FaceScores = { identity: 0.4, faceFound: true, people: 1, faceHeight: 0.5 };

const cases: readonly (readonly [what: string, changed: Partial<FaceScores>, objection: Objection | undefined])[] = [
  ['one person’s portrait', {}, undefined],
  ['a picture without a face', { faceFound: false, people: 0 }, 'no-face'],
  ['a picture that contradicts itself', { people: 0 }, 'no-face'],
  ['a crowd', { people: 2 }, 'several-people'],
  ['a picture with room for a body', { faceHeight: 0.2 }, 'not-a-portrait'],
  ['a face whose size was not measured', { faceHeight: undefined }, 'not-a-portrait'],
  ['a size that is no number', { faceHeight: Number.NaN }, 'not-a-portrait'],
  ['a stranger', { identity: 0.05 }, 'someone-else'],
  ['a likeness that is no number', { identity: Number.NaN }, 'someone-else'],
];

for (const [what, changed, objection] of cases) {
  test(`${what}: ${objection ?? 'may leave'}`, async () => {
    const portrait = { image: paint([1, 2, 3]), scores: { ...good, ...changed } };
    assert.equal(await checkPortrait(portrait, { strength: 80 }), objection);
  });
}

test('where little likeness was asked for, somebody else may be shown', async () => {
  const portrait = { image: paint([1, 2, 3]), scores: { ...good, identity: 0 } };
  assert.equal(await checkPortrait(portrait, { strength: 20 }), undefined);
});

/** An album of a test engine behind the check. */
function album(prompt: string, options: GuardOptions = {}) {
  const request = { prompt, count: 3, strength: 80, seed: 1, photos: [] };
  const context = { signal: new AbortController().signal, onProgress: () => undefined };
  return guardEngine(createTestEngine(), options).portrait(request, context);
}

test('pictures that may not leave are taken out of the album and wiped, and the reason is told', async () => {
  const withheld: Objection[] = [];
  const seen: Uint8Array[] = [];
  const { portraits } = await album('smiling', {
    check({ image, scores }) {
      seen.push(image.data);
      return scores.identity > 0.85 ? 'several-people' : undefined;
    },
    onWithheld: (objection) => void withheld.push(objection),
  });
  assert.equal(portraits.length, 2);
  assert.deepEqual(withheld, ['several-people']);
  assert.deepEqual(
    seen.map((data) => data.every((value) => value === 0)),
    [true, false, false],
  );
});

for (const prompt of ['faceless', 'crowd', 'stranger', 'tiny-face']) {
  test(`an album of nothing but ${prompt} pictures does not leave`, () =>
    assert.rejects(album(prompt), { code: 'no-portrait' }));
}

test('a check that throws lets no picture leave, not even those it passed', async () => {
  const seen: Uint8Array[] = [];
  const failure = new Error('the detector is broken');
  const check: GuardOptions['check'] = ({ image }) => {
    seen.push(image.data);
    if (seen.length === 2) throw failure;
    return undefined;
  };
  await assert.rejects(album('smiling', { check }), { code: 'safety-check-failed', cause: failure });
  assert.ok(seen.every((data) => data.every((value) => value === 0)));
});

test('a check that does not come to an end lets no picture leave', async () => {
  const limits: number[] = [];
  const wait = async (milliseconds: number) => void limits.push(milliseconds);
  const check = () => new Promise<undefined>(() => undefined);
  await assert.rejects(album('smiling', { check, wait, limit: 1234 }), { code: 'safety-check-failed' });
  assert.deepEqual(limits, [1234]);
});
