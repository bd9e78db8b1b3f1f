import assert from 'node:assert/strict';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openAddedClassifier } from '../../../src/cli/evaluate/added-classifier.js';
import { packageRoot } from '../../../src/config.js';
import { temporaryFolder } from '../../temporary-folder.js';

const fixtures = join(packageRoot, 'test', 'fixtures');
const file = join(fixtures, 'added-classifier', 'added.onnx');

function plain(colour: readonly [number, number, number]) {
  return { width: 30, height: 20, data: Uint8Array.from({ length: 1800 }, (_, index) => colour[index % 3] ?? 0) };
}

test('each kind is read from its own output, by the names beside the graph', async () => {
  const classifier = await openAddedClassifier(file);
  try {
    const red = await classifier.classify(plain([220, 40, 30]));
    assert.deepEqual(red, { accessory: 'crown', backdrop: 'snow', light: 'red light' });
    const blue = await classifier.classify(plain([20, 60, 130]));
    assert.deepEqual(blue, { accessory: 'none', backdrop: 'none', light: 'none' });
  } finally {
    await classifier.release();
  }
});

test('a graph that is missing, or has no output for a kind, is named', async () => {
  await assert.rejects(openAddedClassifier(join(fixtures, 'absent.onnx')), { code: 'file-unreadable' });
  const folder = temporaryFolder();
  const other = join(folder, 'other.onnx');
  copyFileSync(join(fixtures, 'style-classifier', 'styles.onnx'), other);
  const names = { accessory: ['none', 'crown'], backdrop: ['none', 'snow'], light: ['none', 'red light'] };
  writeFileSync(join(folder, 'other.json'), JSON.stringify(names));
  await assert.rejects(openAddedClassifier(other), { code: 'file-unreadable', data: { file: other } });
});
