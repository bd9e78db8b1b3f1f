import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measuredFace } from '../../fixtures/measured-face.js';
import type { MeasuredAlbum, MeasuredPerson } from '../../../src/cli/evaluate/measured.js';
import { computeMetrics } from '../../../src/cli/evaluate/metrics.js';

function album(
  faces: MeasuredAlbum['faces'],
  asked: MeasuredAlbum['asked'] = {},
  styles: readonly string[] = [],
): MeasuredAlbum {
  return { asked, faces, styles, added: [], candidates: undefined, seconds: 2 };
}

const ada: MeasuredPerson = {
  groups: {},
  input: measuredFace([1, 0]),
  other: measuredFace([0, 1]),
  albums: [
    album(
      [
        measuredFace([1, 0], { expression: 'happy', yaw: -20, pitch: 4 }),
        measuredFace([0, 1], { yaw: -12, pitch: -2 }),
      ],
      {
        expression: 'happy',
        side: 'left',
      },
    ),
  ],
};
const bob: MeasuredPerson = {
  groups: {},
  input: measuredFace([0, 1]),
  albums: [album([undefined, measuredFace([0, 1])], { expression: 'neutral' })],
};

test('similarities are taken over the portraits with a face: to the input, to another photo, to other people', () => {
  const { idSim, idSimOtherPhoto, idSimOthers } = computeMetrics([ada, bob], 1);
  assert.equal(idSim?.mean, (1 + 0 + 1) / 3);
  assert.equal(idSim.count, 3);
  assert.equal(idSimOtherPhoto?.mean, 0.5);
  assert.equal(idSimOtherPhoto.count, 2);
  assert.equal(idSimOthers?.mean, (0 + 1 + 0) / 3);
});

test('shares: a portrait without a face is a miss for what was asked', () => {
  const metrics = computeMetrics([ada, bob], 1);
  assert.equal(metrics.faceFound?.mean, 3 / 4);
  assert.equal(metrics.expressionAccuracy?.mean, 2 / 4);
  assert.equal(metrics.expressionAccuracyOf['happy']?.mean, 1 / 2);
  assert.equal(metrics.expressionAccuracyOf['neutral']?.mean, 1 / 2);
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
  const metrics = computeMetrics([{ groups: {}, input: measuredFace([1, 0]), albums: [album([undefined])] }], 1);
  assert.equal(metrics.faceFound?.mean, 0);
  assert.equal(metrics.idSim, undefined);
  assert.equal(metrics.sideAccuracy, undefined);
  assert.deepEqual(metrics.expressionAccuracyOf, {});
});

test('likeness in a style stands apart from plain portraits, and every style weighs the same', () => {
  const drawn = (style: string, faces: MeasuredAlbum['faces'], styles: readonly string[]) =>
    album(faces, { style }, styles);
  const people: MeasuredPerson[] = [
    {
      groups: {},
      input: measuredFace([1, 0]),
      albums: [
        album([measuredFace([1, 0])], { style: 'photo' }),
        drawn('sepia', [measuredFace([1, 0]), measuredFace([1, 0]), undefined], ['sepia', 'sepia', 'comic']),
        drawn('comic', [measuredFace([0, 1])], ['sepia']),
      ],
    },
  ];
  const metrics = computeMetrics(people, 1);
  assert.equal(metrics.idSim?.count, 1);
  assert.equal(metrics.idSimStyles?.mean, 0.5);
  assert.deepEqual(
    Object.entries(metrics.idSimOfStyle).map(([style, found]) => [style, found?.mean, found?.count]),
    [
      ['comic', 0, 1],
      ['sepia', 1, 2],
    ],
  );
  assert.ok(Math.abs((metrics.styleAccuracy?.mean ?? 0) - (2 / 3 + 0) / 2) < 1e-12);
  assert.equal(metrics.styleAccuracyOf['sepia']?.mean, 2 / 3);
});

test('what is added stands apart from plain portraits, kind by kind and label by label', () => {
  const none = { accessory: 'none', backdrop: 'none', light: 'none' };
  const withAdded = (asked: MeasuredAlbum['asked'], faces: MeasuredAlbum['faces'], read: string[]): MeasuredAlbum => ({
    ...album(faces, asked),
    added: read.map((label) => ({ ...none, ...asked, accessory: label })),
  });
  const cy: MeasuredPerson = {
    groups: {},
    input: measuredFace([1, 0]),
    albums: [
      album([measuredFace([1, 0])]),
      withAdded({ accessory: 'crown' }, [measuredFace([1, 0]), undefined], ['crown', 'none']),
      withAdded({ accessory: 'beanie' }, [measuredFace([0, 1])], ['glasses']),
      withAdded({ style: 'sepia', light: 'red light' }, [measuredFace([0, 1])], ['none']),
      withAdded({ backdrop: 'snow' }, [measuredFace([0, 1])], ['none']),
    ],
  };
  const metrics = computeMetrics([cy], 1);
  assert.deepEqual([metrics.idSim?.mean, metrics.idSim?.count], [1, 1]);
  assert.equal(metrics.idSimAccessories?.mean, 0.5);
  assert.deepEqual(
    Object.entries(metrics.idSimOfAccessory).map(([label, found]) => [label, found?.mean]),
    [
      ['beanie', 0],
      ['crown', 1],
    ],
  );
  assert.deepEqual([metrics.idSimBackdrops?.mean, metrics.idSimLights], [0, undefined]);
  assert.equal(metrics.accessoryAccuracy?.mean, 0.25);
  assert.equal(metrics.accessoryAccuracyOf['crown']?.mean, 0.5);
  assert.deepEqual([metrics.backdropAccuracy?.mean, metrics.lightAccuracy?.mean], [1, 1]);
});

test('each further recogniser measures for itself, on a scale from strangers to two photos of one person', () => {
  const seen = (own: readonly number[], second: readonly number[]) =>
    measuredFace(own, { further: { second: Float32Array.from(second) } });
  const [cy, dora]: [MeasuredPerson, MeasuredPerson] = [
    {
      groups: {},
      input: seen([1, 0], [1, 0, 0]),
      other: seen([1, 0], [0.8, 0.6, 0]),
      albums: [album([seen([1, 0], [0.4, 0, Math.sqrt(0.84)]), measuredFace([1, 0])])],
    },
    { groups: {}, input: seen([0, 1], [0, 0, 1]), albums: [] },
  ];
  const { idSim, byRecogniser } = computeMetrics([cy, dora], 1);
  const second = byRecogniser['second'];
  assert.equal(idSim?.mean, 1);
  assert.equal(idSim.count, 2);
  assert.equal(second?.idSim?.count, 1);
  assert.ok(Math.abs((second.idSim?.mean ?? 0) - 0.4) < 1e-6);
  assert.ok(Math.abs((second.photosSame?.mean ?? 0) - 0.8) < 1e-6);
  assert.equal(second.photosOthers?.mean, 0);
  assert.ok(Math.abs((second.idSimScaled ?? 0) - 0.5) < 1e-6);
});

test('lightness of plain portraits is compared with the photo, by its sign and without, and with another photo', () => {
  const person: MeasuredPerson = {
    groups: {},
    input: measuredFace([1, 0], { lightness: 50 }),
    other: measuredFace([1, 0], { lightness: 44 }),
    albums: [
      album([
        measuredFace([1, 0], { lightness: 53 }),
        measuredFace([1, 0], { lightness: 49 }),
        measuredFace([1, 0], { lightness: undefined }),
      ]),
      album([measuredFace([1, 0], { lightness: 90 })], { style: 'neon' }),
    ],
  };
  const { lightnessShift, lightnessDiv, photosLightnessDiv } = computeMetrics([person, bob], 1);
  assert.equal(lightnessShift?.mean, (3 - 1 + 0) / 3);
  assert.equal(lightnessDiv?.mean, (3 + 1 + 0) / 3);
  assert.equal(lightnessDiv.count, 3);
  assert.equal(photosLightnessDiv?.mean, 6);
});

test('what a further reader sees is reported under its name, as far as it can tell', () => {
  const seen = (expression: 'happy' | 'neutral', yaw: number) => ({ sees: { expression }, turns: { yaw } });
  const people: MeasuredPerson[] = [
    {
      groups: {},
      input: measuredFace([1, 0], { seen: seen('neutral', 0) }),
      albums: [
        album(
          [
            measuredFace([1, 0], { expression: 'happy', yaw: -20, seen: seen('neutral', -20) }),
            measuredFace([1, 0], { expression: 'happy', yaw: -20, seen: seen('happy', 5) }),
            undefined,
          ],
          { expression: 'happy', side: 'left' },
        ),
      ],
    },
  ];
  const { byReader, expressionAccuracy } = computeMetrics(people, 1);
  assert.equal(expressionAccuracy?.mean, 2 / 3);
  assert.equal(byReader['sees']?.expressionAccuracy?.mean, 1 / 3);
  assert.equal(byReader['sees'].expressionAccuracyOf['happy']?.mean, 1 / 3);
  assert.equal(byReader['sees'].sideAccuracy, undefined);
  assert.equal(byReader['turns']?.sideAccuracy?.mean, 1 / 3);
  assert.equal(byReader['turns'].expressionAccuracy, undefined);
});
