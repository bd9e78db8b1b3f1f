import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import english from '../../locales/en.json' with { type: 'json' };
import { LikenessError } from '../../src/errors.js';
import { errorText, textsOf, translator } from '../../src/language/texts.js';

const t = translator('en');

test('every error code has its sentence and every sentence its code', () => {
  const sources = ['../../pipeline/errors.ts', '../../src/errors.ts'].map((path) =>
    readFileSync(new URL(path, import.meta.url), 'utf8'),
  );
  const codes = [...sources.join('\n').matchAll(/^ {2}\| '([a-z-]+)'/gm)].map((match) => match[1]);
  assert.deepEqual(codes.toSorted(), Object.keys(english.errors).toSorted());
});

test('placeholders are filled and the plural form follows the count', () => {
  assert.match(t('errors.prompt-too-long', { given: 5000, limit: 300 }), /5000 characters, and the limit is 300/);
  assert.match(t('errors.too-many-queued', { count: 1 }), /1 request waiting/);
  assert.match(t('errors.too-many-queued', { count: 3 }), /3 requests waiting/);
});

test('an unknown language falls back to English, a regional one to its language', () => {
  assert.equal(translator('xx').locale, 'en');
  assert.equal(translator('en-GB').locale, 'en');
});

test('an error that is not ours never shows its own words', () => {
  assert.equal(errorText(new Error('ENOENT /secret/path'), t), english.errors.failed);
  assert.equal(errorText(new LikenessError('no-face'), t), english.errors['no-face']);
});

test('a group of texts is handed out by the names inside it', () => {
  assert.equal(textsOf('errors', 'en')['no-face'], english.errors['no-face']);
  assert.equal('too-many-queued' in textsOf('errors', 'en'), false);
});

test('what failed for want of room is said so, anything else in general words that speak of no portraits', () => {
  const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
  const database = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
  const redis = new Error("OOM command not allowed when used memory > 'maxmemory'.");
  for (const error of [full, database, redis]) assert.match(errorText(error, t), /no room left/);
  assert.doesNotMatch(errorText(new Error('anything'), t), /portraits|photo/);
});

test('Arabic put the slash of a command at its end: a mark that is not seen keeps it in front', () => {
  const arabic = translator('ar');
  assert.match(arabic('errors.opted-out'), /(?<= \u200e)\/privacy opt-out:no/);
  assert.equal(arabic('commands.help.line', { name: 'help', description: '…' }), '\u200e/help – …');
  assert.match(textsOf('web', 'ar')['join-terms'] ?? '', /\u200e\/event withdraw/);
  assert.doesNotMatch(t('errors.opted-out'), /\u200e/);
});
