import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commands, defaultCommand } from '../../commands/index.js';
import { renderForm } from '../../src/chat/form.js';
import { translator } from '../../src/language/texts.js';
import { testPresets } from '../fakes/presets.js';

const t = translator('en');

for (const command of commands) {
  test(`/${command.name} fits what every platform allows`, () => {
    const form = renderForm(command, testPresets, t);
    for (const { name, description } of [form, ...form.options]) {
      assert.match(name, /^[a-z][a-z0-9-]{0,31}$/);
      assert.ok(description.length > 0 && description.length <= 100, `${name}: ${description}`);
      assert.doesNotMatch(description, /^commands\./);
    }
    const names = form.options.map((option) => option.name);
    assert.equal(new Set(names).size, names.length);
    assert.ok(form.options.filter(({ main }) => main).length <= 1);
  });
}

test('names of commands are used once, and the default is one of them', () => {
  const names = commands.map(({ name }) => name);
  assert.deepEqual(names, [...new Set(names)]);
  assert.ok(commands.includes(defaultCommand));
});

test('a form carries the presets of the loaded model and the limits of numbers', () => {
  const form = renderForm(defaultCommand, testPresets, t);
  const option = (name: string) => form.options.find((candidate) => candidate.name === name);
  assert.deepEqual(option('style')?.choices, ['pencil sketch', 'watercolour', 'neon']);
  assert.deepEqual(option('angle')?.choices, ['left', 'right', 'head tilted left']);
  assert.deepEqual(option('accessory')?.choices, ['santa hat', 'glasses']);
  assert.deepEqual([option('backdrop')?.choices, option('light')?.choices], [['snow'], ['red light']]);
  assert.deepEqual([option('count')?.min, option('count')?.max, option('count')?.default], [1, 10, 4]);
});

test('a form offers nothing that the model has no presets for', () => {
  const { options } = renderForm(defaultCommand, { ...testPresets, accessories: [], lights: [] }, t);
  const names = options.map(({ name }) => name);
  assert.deepEqual(
    [names.includes('accessory'), names.includes('backdrop'), names.includes('light')],
    [false, true, false],
  );
});
