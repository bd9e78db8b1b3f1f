import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  computeMetrics,
  type MeasuredAlbum,
  type MeasuredFace,
  type MeasuredPerson,
} from '../../../src/cli/evaluate/metrics.js';

function face(embedding: readonly number[], rest: Partial<MeasuredFace> = {}): MeasuredFace {
  return { embedding: Float32Array.from(embedding), expression: 'neutral', yaw: 0, pitch: 0, ...rest };
}

function album(faces: MeasuredAlbum['faces'], asked: MeasuredAlbum['asked'] = {}): MeasuredAlbum {
  return { asked, faces, seconds: 2 };
}

const ada: MeasuredPerson = {
  input: face([1, 0]),
  other: face([0, 1]),
  albums: [
    album([face([1, 0], { expression: 'happy', yaw: -20, pitch: 4 }), face([0, 1], { yaw: -12, pitch: -2 })], {
      expression: 'happy',
      side: 'left',
    }),
  ],
};
const bob: MeasuredPerson = {
  input: face([0, 1]),
  albums: [album([undefined, face([0, 1])], { expression: 'neutral' })],
};

test('similarities are taken over the portraits with a face: to the input, to another photo, to other people', () => {
  const { idSim, idSimOther, idSimOthers } = computeMetrics([ada, bob], 1);
  assert.equal(idSim?.mean, (1 + 0 + 1) / 3);
  assert.equal(idSim.count, 3);
  assert.equal(idSimOther?.mean, 0.5);
  assert.equal(idSimOther.count, 2);
  assert.equal(idSimOthers?.mean, (0 + 1 + 0) / 3);
});

test('shares: a portrait without a face is a miss for what was asked', () => {
  const metrics = computeMetrics([ada, bob], 1);
  assert.equal(metrics.faceFound?.mean, 3 / 4);
  assert.equal(metrics.expressionAccuracy?.mean, 2 / 4);
  assert.equal(metrics.expressionAccuracyOf.happy?.mean, 1 / 2);
  assert.equal(metrics.expressionAccuracyOf.neutral?.mean, 1 / 2);
});

test('a side counts from more than 12 degrees; albums that ask for none do not count', () => {
  const { sideAccuracy } = computeMetrics([ada, bob], 1);
  assert.equal(sideAccuracy?.mean, 1 / 2);
  assert.equal(sideAccuracy.count, 2);
});

test('differences to the input photo, the spread of an album and its time', () => {
  const metrics = computeMetrics([ada, bob], 1);
  assert.equal(metrics.exprDiv?.mean, 1 / 3);
  assert.equal(metrics.poseDivYaw?.mean, (20 + 12 + 0) / 3);
  assert.equal(metrics.poseDivPitch?.mean, (4 + 2 + 0) / 3);
  assert.equal(metrics.spread?.mean, 1);
  assert.equal(metrics.spread.count, 1);
  assert.equal(metrics.secondsPerAlbum?.mean, 2);
});

test('what could not be measured is undefined, not zero', () => {
  const metrics = computeMetrics([{ input: face([1, 0]), albums: [album([undefined])] }], 1);
  assert.equal(metrics.faceFound?.mean, 0);
  assert.equal(metrics.idSim, undefined);
  assert.equal(metrics.sideAccuracy, undefined);
  assert.deepEqual(metrics.expressionAccuracyOf, {});
});
