import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promptsFor } from '../../../src/cli/evaluate/plan.js';

const vocabulary = {
  words: [],
  open: false,
  expressions: { happy: ['smiling', 'happy'], neutral: ['serious'], surprised: ['amazed'] },
  sides: { left: ['turned left'], right: ['turned right'] },
  styles: { photo: ['photo'], sepia: ['sepia'], comic: ['comic book', 'comic'] },
  heights: {},
  tilts: {},
  ages: {},
  framings: {},
  classes: {},
};

test('four people in turn are asked for every expression with every side, in the words of the model', () => {
  const asked = [0, 1, 2, 3].flatMap((person) => promptsFor(person, [], vocabulary).slice(0, 2));
  assert.equal(new Set(asked).size, 8);
  assert.ok(asked.includes('smiling, turned left') && asked.includes('smiling, turned right'));
  assert.ok(asked.includes('sad, turned left') && asked.includes('amazed, turned left'));
  assert.deepEqual(promptsFor(4, [], vocabulary).slice(0, 2), promptsFor(0, [], vocabulary).slice(0, 2));
});

test('styles come in turn as well, a plain photo not among them', () => {
  const styles = [0, 1, 2].map((person) => promptsFor(person, [], vocabulary)[2]);
  assert.deepEqual(styles, ['sepia', 'comic book', 'sepia']);
  assert.equal(promptsFor(0, [], { ...vocabulary, styles: { photo: ['photo'] } }).length, 2);
});

test('given prompts are asked of everyone instead', () => {
  assert.deepEqual(promptsFor(3, ['smiling'], vocabulary), ['smiling']);
});
