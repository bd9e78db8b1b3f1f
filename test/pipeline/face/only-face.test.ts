import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { describe, it } from 'node:test';
import { LikenessError } from '../../../pipeline/errors.js';
import { mergeDetections } from '../../../pipeline/face/detect.js';
import { faceModelFile, keepFaceModels } from '../../../pipeline/face/models.js';
import { largestFace, onlyFace } from '../../../pipeline/face/only-face.js';
import { cosineOf, normalise } from '../../../pipeline/face/recognise.js';

const face = (side: number, x = 0) => ({ box: { x, y: 0, width: side, height: side } });

const fails = (code: string) => (error: unknown) => error instanceof LikenessError && error.code === code;

describe('onlyFace', () => {
  it('gives the one face, and the largest among bystanders', () => {
    assert.equal(onlyFace([face(100)]).box.width, 100);
    assert.equal(onlyFace([face(49), face(100), face(30)]).box.width, 100);
  });

  it('refuses none, two people, and a face too small to work from', () => {
    assert.throws(() => onlyFace([]), fails('no-face'));
    assert.throws(() => onlyFace([face(100), face(50)]), fails('several-faces'));
    assert.throws(() => onlyFace([face(47)]), fails('face-too-small'));
  });
});

describe('largestFace', () => {
  it('gives the largest, whoever else is there', () => {
    assert.equal(largestFace([face(60), face(100), face(90)]).box.width, 100);
  });

  it('refuses none, and a face too small to work from', () => {
    assert.throws(() => largestFace([]), fails('no-face'));
    assert.throws(() => largestFace([face(47), face(46)]), fails('face-too-small'));
  });
});

describe('mergeDetections', () => {
  it('keeps the most confident of boxes that show one face', () => {
    const kept = mergeDetections([
      { ...face(100, 4), score: 0.8 },
      { ...face(100), score: 0.9 },
      { ...face(40, 20), score: 0.75 },
      { ...face(100, 300), score: 0.71 },
    ]);
    assert.deepEqual(
      kept.map(({ score }) => score),
      [0.9, 0.71],
    );
  });
});

describe('face models', () => {
  it('are found in the installed package', () => {
    assert.match(faceModelFile('fr_detect'), /faceplugin-face-recognition-js.model.fr_detect\.onnx$/);
  });

  it('are missed by name', () => {
    assert.throws(() => faceModelFile('fr_pose', tmpdir()), fails('file-unreadable'));
  });

  it('load once, when first asked for, and again after a release', async () => {
    const models = keepFaceModels({ threads: 1 });
    const first = await models.session('fr_landmark');
    assert.equal(await models.session('fr_landmark'), first);
    await models.release();
    assert.notEqual(await models.session('fr_landmark'), first);
    await models.release();
  });
});

describe('embeddings', () => {
  it('have norm 1 and the cosine of their angle', () => {
    const [one, other] = [normalise(Float32Array.of(3, 4)), normalise(Float32Array.of(0, 2))];
    assert.ok(Math.abs(Math.hypot(...one) - 1) < 1e-6);
    assert.ok(Math.abs(cosineOf(one, other) - 0.8) < 1e-6);
  });

  it('of zeros are like nothing', () => {
    assert.deepEqual(normalise(new Float32Array(2)), new Float32Array(2));
    assert.equal(cosineOf(new Float32Array(2), Float32Array.of(1, 0)), 0);
  });
});
