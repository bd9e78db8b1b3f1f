import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commands } from '../../commands/index.js';
import { renderForm } from '../../src/chat/form.js';
import { parseLine } from '../../src/chat/grammar.js';
import { translator } from '../../src/language/texts.js';
import { grammarOf, takesPhotos } from '../../src/platforms/web/assets/line.js';
import { testPresets } from '../fakes/presets.js';

const t = translator('en');
const forms = commands.map((command) => renderForm(command, testPresets, t));

/** A line, what it asks for, and whether its photos are sent along. */
const lines: readonly [line: string, command: string, options: Readonly<Record<string, string>>, photos: boolean][] = [
  ['smiling, looking left', 'portrait', { prompt: 'smiling, looking left' }, true],
  ['style:neon', 'portrait', { style: 'neon' }, true],
  [
    '/portrait smiling style:pencil sketch count:6',
    'portrait',
    { prompt: 'smiling', style: 'pencil sketch', count: '6' },
    true,
  ],
  ['/portrait smiling style:"pencil sketch"', 'portrait', { prompt: 'smiling', style: 'pencil sketch' }, true],
  ['/portrait@Likeness smiling', 'portrait', { prompt: 'smiling' }, true],
  ['/PORTRAIT Style:neon', 'portrait', { style: 'neon' }, true],
  ['/portrait smiling public:yes', 'portrait', { prompt: 'smiling', public: 'yes' }, true],
  ['/portrait styel:neon', 'portrait', { prompt: 'styel:neon' }, true],
  ['/portrait largest', 'portrait', { largest: 'yes' }, true],
  ['/event', 'event', {}, false],
  ['/event join agree:yes', 'event', { do: 'join', agree: 'yes' }, true],
  ['/event do:"join" agree:yes', 'event', { do: 'join', agree: 'yes' }, true],
  ['/event do: Join', 'event', { do: 'Join' }, true],
  ['/event vote number:3', 'event', { do: 'vote', number: '3' }, false],
  ['/settings reset', 'settings', { reset: 'yes' }, false],
  ['/event create Masked ball hours:2', 'event', { do: 'create', title: 'Masked ball', hours: '2' }, false],
  ['/event vote 3', 'event', { do: 'vote', number: '3' }, false],
  ['/event join agree', 'event', { do: 'join', agree: 'yes' }, true],
  ['/event sheet please', 'event', { do: 'sheet please' }, false],
  ['count:50 smiling', 'portrait', { count: '50', prompt: 'smiling' }, true],
  ['/portrait sad count:2 looking left', 'portrait', { count: '2', prompt: 'sad looking left' }, true],
  ['count:many smiling', 'portrait', { count: 'many smiling' }, true],
  ['/privacy forget', 'privacy', { forget: 'yes' }, false],
  ['/privacy Forget sure', 'privacy', { forget: 'yes', sure: 'yes' }, false],
  ['／portrait smiling count：2 style：neon', 'portrait', { prompt: 'smiling', count: '2', style: 'neon' }, true],
  ['/dance slowly', 'dance', {}, false],
];

for (const [line, command, options, photos] of lines) {
  test(`the server and the page read alike: ${line}`, () => {
    const onServer = parseLine(line, commands, 'portrait');
    assert.deepEqual(onServer, { command, options });
    assert.deepEqual(parseLine(line, grammarOf(forms), 'portrait'), onServer);
  });

  test(`a line ${photos ? 'takes' : 'takes no'} photos: ${line}`, () => {
    assert.equal(takesPhotos(line, forms, 'portrait'), photos);
  });
}

test('photos went missing where an action was quoted, because the page read lines by a grammar of its own', () => {
  assert.equal(takesPhotos('/event do:"join" agree:yes', forms, 'portrait'), true);
  assert.equal(takesPhotos('/event@Likeness join agree:yes', forms, 'portrait'), true);
});
