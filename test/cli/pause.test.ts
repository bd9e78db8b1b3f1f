import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { createFilePause } from '../../src/data/pause.js';
import { openStorage } from '../../src/compose/storage.js';
import { temporaryFolder } from '../temporary-folder.js';
import { likeness } from './likeness.js';

test('pause and resume reach a program that serves from the same data folder', async () => {
  const data = join(temporaryFolder(), 'data');
  const { pause, close } = openStorage({ data });
  const paused = await likeness(['pause'], { LIKENESS_DATA: data });
  assert.deepEqual([paused.code, paused.stderr], [0, '']);
  assert.match(paused.stdout, /^Paused: no portraits/);
  assert.equal(await pause.isOn(), true);
  const resumed = await likeness(['resume'], { LIKENESS_DATA: data });
  assert.match(resumed.stdout, /^Portraits are accepted and made again/);
  assert.equal(await pause.isOn(), false);
  await close();
  assert.equal(await createFilePause(data).isOn(), false);
});
