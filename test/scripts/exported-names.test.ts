import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../src/config.js';

const EXPORT = /^export (?:async )?(?:function\*?|const|interface|type|class) (\w+)/gm;

/** Names that what stands beside them explains: how something is made, and what with. */
const TOLD_BESIDE = /^create[A-Z]|(?:Options|Parts)$/;

/** Folders whose files are alike on purpose: lists of words, and adapters that do the same for one platform each. */
const ALIKE = ['src/safety/words', 'src/platforms/discord', 'src/platforms/telegram', 'src/platforms/web'];
/** The program's error is the pipeline's with more codes. */
const WIDENED = ['LikenessError'];

const sources = ['commands', 'pipeline', 'src']
  .flatMap((folder) =>
    readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${folder}/${name}`),
  )
  .map((file) => ({ file, text: readFileSync(join(packageRoot, file), 'utf8') }));

function exportedNames(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { file, text } of sources) {
    const names = [...text.matchAll(EXPORT)].map(([, name = '']) => name);
    for (const name of new Set(names)) found.set(name, [...(found.get(name) ?? []), file]);
  }
  return found;
}

/** Where a name is exported, adapters counted once. */
function places(files: readonly string[]): Set<string> {
  return new Set(files.map((file) => (ALIKE.includes(dirname(file)) ? 'alike' : file)));
}

test('every exported name means one thing: it is exported by one file, or by adapters that do the same', () => {
  const several = [...exportedNames()]
    .filter(([name, files]) => places(files).size > 1 && !WIDENED.includes(name))
    .map(([name, files]) => `${name}: ${files.join(', ')}`);
  assert.deepEqual(several, []);
});

test('every exported name has a doc comment, but for what is told beside it', () => {
  const bare = sources.flatMap(({ file, text }) =>
    [...text.matchAll(EXPORT)]
      .filter(({ index }) => !text.slice(0, index).trimEnd().endsWith('*/'))
      .map(([, name = '']) => name)
      .filter((name) => !TOLD_BESIDE.test(name))
      .map((name) => `${file}: ${name}`),
  );
  assert.deepEqual(bare, []);
});

test('no file of the program has more than 300 lines', () => {
  const long = sources.filter(({ text }) => text.split('\n').length > 301).map(({ file }) => file);
  assert.deepEqual(long, []);
});
