import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commands } from '../../commands/index.js';
import { portrait } from '../../commands/portrait.js';
import { formatLine, parseLine } from '../../src/chat/parse.js';

const parse = (line: string) => parseLine(line, commands, 'portrait');

test('words without a slash are the prompt of the default command', () => {
  assert.deepEqual(parse('smiling, looking left'), {
    command: 'portrait',
    options: { prompt: 'smiling, looking left' },
  });
});

test('named options may hold spaces and stand in any order', () => {
  assert.deepEqual(parse('/portrait smiling style:pencil sketch count:6 angle:"left"').options, {
    prompt: 'smiling',
    style: 'pencil sketch',
    count: '6',
    angle: 'left',
  });
  assert.deepEqual(parse('style:neon').options, { style: 'neon' });
});

test('a word with a colon that is no option stays in the prompt', () => {
  assert.deepEqual(parse('/portrait styel:neon').options, { prompt: 'styel:neon' });
});

test('a value may stand in the quotes of any language', () => {
  for (const value of [
    '„pencil sketch“',
    '«pencil sketch»',
    '「pencil sketch」',
    '”pencil sketch”',
    '‚pencil sketch‘',
  ]) {
    assert.deepEqual(parse(`style:${value}`).options, { style: 'pencil sketch' });
  }
});

test('a switch may stand alone', () => {
  assert.deepEqual(parse('/privacy forget'), { command: 'privacy', options: { forget: 'yes' } });
});

test('the name of a command is read whatever its case, and an unknown one is kept', () => {
  assert.equal(parse('/HELP').command, 'help');
  assert.equal(parse('/help@likeness_bot').command, 'help');
  assert.deepEqual(parse('/dance slowly'), { command: 'dance', options: {} });
});

test('a written line is read back as it was', () => {
  const options = { prompt: 'old, smiling', style: 'pencil sketch', count: 3, seed: 7 };
  const line = formatLine(portrait, options);
  assert.equal(line, '/portrait old, smiling style:pencil sketch count:3 seed:7');
  assert.deepEqual(parse(line).options, { prompt: 'old, smiling', style: 'pencil sketch', count: '3', seed: '7' });
});
