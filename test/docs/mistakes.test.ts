import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

/** The table's lines: the test file, and the name of the test in it. */
const lines = [...read('docs/mistakes.md').matchAll(/^\|.*\| `(test\/[^`]+)` +\| (.+?) +\|$/gm)];

test('every mistake has a test that is there', () => {
  assert.ok(lines.length > 30);
  for (const [, file = '', name = ''] of lines) assert.ok(read(file).includes(`'${name}'`), `${file}: ${name}`);
});
