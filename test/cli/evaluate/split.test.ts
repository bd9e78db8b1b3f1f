import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measuredFace } from '../../fixtures/measured-face.js';
import type { MeasuredAlbum, MeasuredFace, MeasuredPerson } from '../../../src/cli/evaluate/measured.js';
import { splitByCandidates, splitByGroup } from '../../../src/cli/evaluate/split.js';

function album(portrait: MeasuredFace, candidates: number | undefined): MeasuredAlbum {
  return { asked: {}, candidates, faces: [portrait], styles: [], added: [], seconds: 1 };
}

const ada: MeasuredPerson = {
  groups: { gender: 'female', set: 'lfw' },
  input: measuredFace([1, 0]),
  albums: [album(measuredFace([0, 1]), 1), album(measuredFace([1, 0]), 4)],
};
const bob: MeasuredPerson = {
  groups: { gender: 'male' },
  input: measuredFace([1, 0]),
  albums: [album(measuredFace([1, 0]), 1), album(measuredFace([1, 0]), 4)],
};

test('every group of every kind has its own metrics; who is in none of a kind is left out of it', () => {
  const groups = splitByGroup([ada, bob], 1);
  assert.deepEqual(Object.keys(groups), ['gender', 'set']);
  assert.equal(groups['gender']?.['female']?.metrics.idSim?.mean, 0.5);
  assert.equal(groups['gender']?.['male']?.metrics.idSim?.mean, 1);
  assert.deepEqual(Object.keys(groups['set'] ?? {}), ['lfw']);
  assert.equal(groups['set']?.['lfw']?.people, 1);
});

test('quality against the number of candidates: one part for each, over everyone', () => {
  const parts = splitByCandidates([ada, bob], 1);
  assert.deepEqual(Object.keys(parts), ['1', '4']);
  assert.deepEqual([parts['1']?.metrics.idSim?.mean, parts['4']?.metrics.idSim?.mean], [0.5, 1]);
  assert.equal(parts['1']?.people, 2);
});

test('one number of candidates makes no curve', () => {
  assert.deepEqual(splitByCandidates([{ ...ada, albums: [album(measuredFace([1, 0]), undefined)] }], 1), {});
});
