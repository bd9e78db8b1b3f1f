import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPackage } from '../../src/cli/package.js';
import { likeness } from './likeness.js';

test('no arguments, or --help, show the commands', async () => {
  for (const given of [[], ['--help']]) {
    const run = await likeness(given);
    assert.equal(run.code, 0);
    for (const command of ['portrait', 'serve', 'doctor', 'evaluate'])
      assert.match(run.stdout, new RegExp(`^  ${command}`, 'm'));
    assert.equal(run.stderr, '');
  }
});

test('a command has help of its own', async () => {
  const run = await likeness(['portrait', '--help']);
  assert.equal(run.code, 0);
  for (const option of ['--photo', '--prompt', '--count', '--seed', '--strength', '--out', '--json', '--class']) {
    assert.ok(run.stdout.includes(option), option);
  }
});

test('styles lists what the model can do', async () => {
  const { stdout, code } = await likeness(['styles']);
  assert.equal(code, 0);
  assert.match(stdout, /^Styles: pencil sketch, black and white, watercolour$/m);
  assert.match(stdout, /^Sides: looking left, looking right, looking straight ahead$/m);
  const { styles, expressions } = JSON.parse((await likeness(['styles', '--json'])).stdout);
  assert.deepEqual([styles[0], expressions], ['pencil sketch', ['smiling', 'sad']]);
});

test('--version tells the version of the package', async () => {
  const run = await likeness(['--version']);
  assert.equal(run.stdout.trim(), readPackage().version);
  assert.equal(run.code, 0);
});

test('a terminal’s language was read of LANG alone, and not where it names a variant', async () => {
  const german = /Modell/;
  const lacking = { LIKENESS_BUNDLE: '/no/such/bundle' };
  for (const env of [
    { LANG: 'de_DE@euro' },
    { LANG: 'en_GB.UTF-8', LC_ALL: 'de_AT.UTF-8' },
    { LANG: 'C', LC_MESSAGES: 'de' },
  ])
    assert.match((await likeness(['styles'], { ...lacking, ...env })).stderr, german, JSON.stringify(env));
  for (const env of [{ LANG: 'C' }, { LANG: 'tlh_XX' }, { LANG: 'de_DE', LC_ALL: 'POSIX' }])
    assert.doesNotMatch((await likeness(['styles'], { ...lacking, ...env })).stderr, german, JSON.stringify(env));
});
