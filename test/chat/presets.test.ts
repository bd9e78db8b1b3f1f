import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findPreset, styleIn } from '../../src/chat/presets.js';
import { testPresets } from '../fakes/presets.js';

test('a style was found in the middle of other words, and the first of the list before the first of the prompt', () => {
  assert.equal(styleIn('neonatal ward', testPresets), undefined);
  assert.equal(styleIn('neon, then a pencil-sketch', testPresets)?.name, 'neon');
  assert.equal(styleIn('a PENCIL sketch', testPresets)?.name, 'pencil sketch');
});

test('a preset is found by its name whatever case, accents and hyphens it is written with', () => {
  for (const given of ['Pencil-Sketch', ' pencil_sketch ', 'péncil  skétch']) {
    assert.equal(findPreset(testPresets.styles, given)?.name, 'pencil sketch', given);
  }
  assert.equal(findPreset(testPresets.styles, 'pencil'), undefined);
});
