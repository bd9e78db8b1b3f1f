import assert from 'node:assert/strict';
import { test } from 'node:test';
import { event } from '../../commands/event.js';
import { portrait } from '../../commands/portrait.js';
import { privacy } from '../../commands/privacy.js';
import type { OptionValues } from '../../src/chat/invocation.js';
import { readOptions } from '../../src/chat/options.js';
import { testPresets } from '../fakes/presets.js';

const read = (values: OptionValues) => readOptions(portrait, values, testPresets);
const refuses = (values: OptionValues, code: string, data: object = {}) =>
  assert.throws(
    () => read(values),
    (error: unknown) => {
      assert.ok(error instanceof Error && 'code' in error && 'data' in error);
      assert.equal(error.code, code);
      assert.deepEqual({ ...(error.data as object), ...data }, error.data);
      return true;
    },
  );

test('defaults are filled in and numbers may come as text', () => {
  const options = read({ count: '6' });
  assert.equal(options.integer('count'), 6);
  assert.equal(options.integer('strength'), 80);
  assert.equal(options.integer('seed'), undefined);
});

test('a preset is found by its name or its words, whatever the case', () => {
  assert.equal(read({ style: 'Pencil Sketch' }).text('style'), 'pencil sketch');
  assert.equal(read({ expression: 'smiling' }).text('expression'), 'happy');
});

for (const count of [0, 100, -1, '2.5', 'many', '1e1', Number.NaN]) {
  test(`count ${count} is refused with its limits`, () =>
    refuses({ count }, 'count-out-of-range', { given: String(count), min: 1, max: 10 }));
}

test('strength and seed have errors of their own', () => {
  refuses({ strength: 101 }, 'strength-out-of-range');
  refuses({ seed: 2 ** 32 }, 'seed-invalid');
});

test('an unknown preset names those there are', () =>
  refuses({ style: 'cubism' }, 'choice-unknown', { given: 'cubism', known: 'pencil sketch, watercolour, neon' }));

test('what a model has no presets for is no option', () => {
  const nothing = { ...testPresets, accessories: [] };
  assert.equal(read({ accessory: 'glasses' }).text('accessory'), 'glasses');
  assert.throws(() => readOptions(portrait, { accessory: 'glasses' }, nothing), /option-unknown/);
  assert.equal(readOptions(portrait, { accessory: '' }, nothing).text('accessory'), undefined);
});

test('an unknown option and a prompt that is far too long are refused', () => {
  refuses({ colour: 'red' }, 'option-unknown', { given: 'colour' });
  refuses({ prompt: 'x'.repeat(5000) }, 'prompt-too-long', { given: 5000, limit: 300 });
});

test('what is quoted back to the member is cut short', () =>
  refuses({ count: '9'.repeat(500) }, 'count-out-of-range', { given: `${'9'.repeat(40)}…` }));

test('a switch understands yes and no only', () => {
  const forget = (value: string) => readOptions(privacy, { forget: value }, testPresets).switch('forget');
  assert.equal(forget('yes'), true);
  assert.equal(forget('off'), false);
  assert.throws(() => forget('perhaps'), /option-invalid/);
});

test('digits of every script are digits, and hyphens join the words of a preset', () => {
  for (const count of ['２', '٢', '۲', '२', '২', '２ ']) assert.equal(read({ count }).integer('count'), 2, count);
  assert.equal(read({ seed: '１٢3०' }).integer('seed'), 1230);
  for (const style of ['pencil-sketch', 'Pencil‑Sketch', 'pencil_sketch']) {
    assert.equal(read({ style }).text('style'), 'pencil sketch');
  }
});

test('a name that is too long is not called a description', () => {
  assert.throws(() => readOptions(event, { do: 'join', name: 'x'.repeat(40) }, testPresets), /text-too-long/);
});
