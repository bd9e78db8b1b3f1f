import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanText } from '../../src/chat/clean-text.js';

test('controls, directions and what nobody sees go; spaces, letters of every script and joined emoji stay', () => {
  assert.equal(cleanText('x\0y\u0007z'), 'x y z');
  assert.equal(cleanText('smi\u200bling \u202egnp.exe\u202c \u2066a\u2069\ufeff'), 'smiling gnp.exe a');
  assert.equal(cleanText('half \ud83d of one'), 'half   of one');
  const kept = 'a\tb\nc ক্‌ষ می‌خواهم 👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 שלום';
  assert.equal(cleanText(kept), kept);
});
