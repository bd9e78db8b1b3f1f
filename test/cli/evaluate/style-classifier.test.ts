import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openStyleClassifier } from '../../../src/cli/evaluate/style-classifier.js';
import { packageRoot } from '../../../src/config.js';

const file = join(packageRoot, 'test', 'fixtures', 'style-classifier', 'styles.onnx');

function plain(width: number, height: number, colour: readonly [number, number, number]) {
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, (_, index) => colour[index % 3] ?? 0) };
}

test('a picture of any size is told by the labels beside the graph', async () => {
  const classifier = await openStyleClassifier(file);
  try {
    assert.equal(await classifier.classify(plain(40, 40, [220, 190, 140])), 'sepia');
    assert.equal(await classifier.classify(plain(9, 30, [20, 60, 130])), 'blueprint');
  } finally {
    await classifier.release();
  }
});

test('a classifier that is not there is named', async () => {
  const absent = join(packageRoot, 'test', 'fixtures', 'bundle', 'absent.onnx');
  await assert.rejects(openStyleClassifier(absent), { code: 'file-unreadable' });
});
