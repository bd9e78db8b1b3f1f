import assert from 'node:assert/strict';
import { test } from 'node:test';
import { community } from './community.js';

test('without samples every preset is named', async () => {
  const said = await community().say('styles');
  assert.match(said, /^Styles: pencil sketch, watercolour, neon\n/);
  assert.match(said, /\nAngles: left, right, tilted left\n/);
  assert.doesNotMatch(said, /row by row/);
});

test('with samples the names stand in the rows of their pictures', async () => {
  const jpeg = Uint8Array.of(0xff, 0xd8);
  const { say } = community({ sheets: async () => [{ kind: 'styles', columns: 2, jpeg }] });
  const said = await say('styles');
  assert.match(said, /^Styles: \npencil sketch · watercolour\nneon\n/);
  assert.match(said, /\nAngles: left, right, tilted left\n/);
  assert.match(said, /row by row[^]*AI-generated/);
});
