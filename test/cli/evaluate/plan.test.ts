import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promptsFor } from '../../../src/cli/evaluate/plan.js';
import { addedPhrases } from '../../fakes/added-phrases.js';

const vocabulary = {
  words: [],
  open: false,
  expressions: { happy: ['smiling', 'happy'], neutral: ['serious'], surprised: ['amazed'] },
  sides: { left: ['turned left'], right: ['turned right'] },
  styles: { photo: ['photo'], sepia: ['sepia'], comic: ['comic book', 'comic'] },
  heights: {},
  tilts: {},
  mouths: {},
  ages: {},
  framings: {},
  accessories: {},
  backdrops: {},
  lights: {},
  colours: {},
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

test('what can be added comes in turn too, each kind for itself', () => {
  const more = { ...vocabulary, ...addedPhrases };
  const plan = Array.from({ length: 29 }, (_, person) => promptsFor(person, [], more));
  assert.deepEqual(plan[0]?.slice(2), ['sepia', 'wearing a crown', 'at sunset', 'at golden hour']);
  assert.deepEqual(plan[7]?.slice(3), ['wearing a top hat', 'under a cloudy sky', 'in warm light']);
  const asked = [3, 4, 5].map((place) => new Set(plan.map((prompts) => prompts[place])).size);
  assert.deepEqual(asked, [20, 29, 16]);
  const lights = promptsFor(1, [], { ...vocabulary, styles: {}, lights: addedPhrases.lights });
  assert.deepEqual(lights.slice(2), ['in neon light']);
});

test('given prompts are asked of everyone instead', () => {
  assert.deepEqual(promptsFor(3, ['smiling'], vocabulary), ['smiling']);
});
