import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../src/config.js';

const EXPORT = /^export (?:async )?(?:function\*?|const|interface|type|class) (\w+)/gm;

/** Folders whose files are alike on purpose: lists of words, and adapters that do the same for one platform each. */
const ALIKE = ['src/safety/words', 'src/platforms/discord', 'src/platforms/telegram', 'src/platforms/web'];
/** The program's error is the pipeline's with more codes. */
const WIDENED = ['LikenessError'];

function exportedNames(): Map<string, string[]> {
  const files = ['commands', 'pipeline', 'src'].flatMap((folder) =>
    readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${folder}/${name}`),
  );
  const found = new Map<string, string[]>();
  for (const file of files) {
    const names = [...readFileSync(join(packageRoot, file), 'utf8').matchAll(EXPORT)].map(([, name = '']) => name);
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
