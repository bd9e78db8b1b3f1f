import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { knownSettings, packageRoot } from '../../src/config.js';
import { NEEDED_PERMISSIONS } from '../../src/platforms/discord/permissions.js';

const read = (name: string): string => readFileSync(join(packageRoot, name), 'utf8');
const readme = read('README.md');

test('the table of settings holds every variable and its key, in the order of the configuration, and no other', () => {
  const rows = [...readme.matchAll(/^\| `([A-Z_]+)` +\| `([a-zA-Z.]+)` +\|/gm)].map(([, name, key]) => [name, key]);
  assert.deepEqual(rows, [...knownSettings]);
});

test('no other place of the documents names a setting that there is not', () => {
  for (const document of ['README.md', 'SECURITY.md', 'CONTRIBUTING.md']) {
    const names = read(document).matchAll(/\b((?:LIKENESS|DISCORD|TELEGRAM|REDIS)_[A-Z_]+)\b/g);
    for (const [, name = ''] of names) {
      const known = knownSettings.has(name.replace(/_FILE$/, '')) || name === 'LIKENESS_CONFIG';
      assert.ok(known, `${document}: ${name}`);
    }
  }
});

test('every dependency is named with its reason', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json'));
  const section = /^## Dependencies\n([^]*?)^## /m.exec(readme)?.[1] ?? '';
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    assert.ok(section.includes(`\`${name}\``), `${name} is not named`);
  }
});

test('the link that adds the bot to a server grants what it needs', () => {
  assert.ok(readme.includes(`&permissions=${NEEDED_PERMISSIONS.bitfield}\``));
});

test('what the documents point to is there', () => {
  for (const document of ['README.md', 'SECURITY.md', 'CONTRIBUTING.md']) {
    const text = read(document);
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path = '']) => path);
    const paths = [...text.matchAll(/`((?:src|pipeline|deploy|test)\/[\w./-]*)`/g)].map(([, path = '']) => path);
    for (const path of [...links, ...paths]) assert.ok(existsSync(join(packageRoot, path)), `${document}: ${path}`);
  }
});
