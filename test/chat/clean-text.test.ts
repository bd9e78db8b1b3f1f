import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanLine, cleanText } from '../../src/chat/clean-text.js';

test('controls, directions and what nobody sees go; spaces, letters of every script and joined emoji stay', () => {
  assert.equal(cleanText('x\0y\u0007z'), 'x y z');
  assert.equal(cleanText('smi\u200bling \u202egnp.exe\u202c \u2066a\u2069\ufeff'), 'smiling gnp.exe a');
  assert.equal(cleanText('half \ud83d of one'), 'half   of one');
  assert.equal(cleanText('one\u2028two\u2029three'), 'one two three');
  const kept = 'a\tb\nc ক্‌ষ می‌خواهم 👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 שלום';
  assert.equal(cleanText(kept), kept);
});

test('a name of fillers, soft hyphens and loose tags was shown as nothing: they go, and the tags of flags stay', () => {
  assert.equal(cleanText('\u3164\u115f\u1160\uffa0\u00ad\u034f\u180e\ufff9\u{e0041}\u{e007f}'), '');
  assert.equal(cleanText('An\u{e0041}n\u00ad🏴󠁧󠁢󠁥󠁮󠁧󠁿'), 'Ann🏴󠁧󠁢󠁥󠁮󠁧󠁿');
});

test('a name was shown as somebody else’s by Discord, as a time or as a command to press, and could begin a line of its own', () => {
  assert.equal(cleanLine('<@123456789012345678> <@!1> <@&2> <#3>'), '@123456789012345678 @!1 @&2 #3');
  assert.equal(cleanLine('<t:0:R> <t:-1> </moderate ban:12>'), 't:0:R t:-1 /moderate ban:12');
  assert.equal(cleanLine(' Ann\n🏆 No. 1 ·\tBob '), 'Ann 🏆 No. 1 · Bob');
  assert.equal(cleanLine('<3 you > me <b> <@x>'), '<3 you > me <b> <@x>');
});
