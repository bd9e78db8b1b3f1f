import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { exitCodes } from '../../src/cli/exit-codes.js';
import { knownSettings, packageRoot } from '../../src/config.js';
import { NEEDED_PERMISSIONS } from '../../src/platforms/discord/permissions.js';

const read = (name: string): string => readFileSync(join(packageRoot, name), 'utf8');
const pagesIn = (folder: string): string[] =>
  readdirSync(join(packageRoot, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
const documents = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', ...pagesIn('docs'), ...pagesIn('docs/decisions')];

test('the table of settings holds every variable and its key, in the order of the configuration, and no other', () => {
  const table = read('docs/configuration.md').matchAll(/^\| `([A-Z_]+)` +\| `([a-zA-Z.]+)` +\|/gm);
  const rows = [...table].map(([, name, key]) => [name, key]);
  assert.deepEqual(rows, [...knownSettings]);
});

test('no document names a setting that there is not', () => {
  for (const document of documents) {
    const names = read(document).matchAll(/\b((?:LIKENESS|DISCORD|TELEGRAM|REDIS)_[A-Z_]+)\b/g);
    for (const [, name = ''] of names) {
      const known = knownSettings.has(name.replace(/_FILE$/, '')) || name === 'LIKENESS_CONFIG';
      assert.ok(known, `${document}: ${name}`);
    }
  }
});

test('the table of exit codes holds every code, and no other', () => {
  const codes = [...read('docs/command-line.md').matchAll(/^\| (\d+) +\|/gm)].map(([, code]) => Number(code));
  assert.deepEqual(codes, Object.values(exitCodes));
});

test('every dependency is named with its reason', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json'));
  const section = /^## Dependencies\n([^]*?)^## /m.exec(read('CONTRIBUTING.md'))?.[1] ?? '';
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    assert.ok(section.includes(`\`${name}\``), `${name} is not named`);
  }
});

test('the link that adds the bot to a server grants what it needs', () => {
  assert.ok(read('docs/discord.md').includes(`&permissions=${NEEDED_PERMISSIONS.bitfield}\``));
});

test('what the documents point to is there', () => {
  for (const document of documents) {
    const text = read(document);
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, path = '']) => path);
    for (const path of links) {
      assert.ok(existsSync(join(packageRoot, dirname(document), path)), `${document}: ${path}`);
    }
  }
  for (const document of ['SECURITY.md', 'CONTRIBUTING.md']) {
    for (const [, path = ''] of read(document).matchAll(/`((?:src|pipeline|deploy|test)\/[\w./-]*)`/g)) {
      assert.ok(existsSync(join(packageRoot, path)), `${document}: ${path}`);
    }
  }
});

test('the index of the documents lists every page', () => {
  const index = read('docs/README.md');
  for (const page of documents.filter((name) => name.startsWith('docs/') && name !== 'docs/README.md')) {
    assert.ok(index.includes(`](${page.slice('docs/'.length)})`), `${page} is not listed`);
  }
});

test('every decision says in its first line which it is and what was decided, as the index does', () => {
  const index = read('docs/README.md');
  for (const page of pagesIn('docs/decisions')) {
    const name = page.slice('docs/'.length);
    const [, number, title] = /^# (\d{3}): (.+)\n/.exec(read(page)) ?? [];
    assert.ok(number !== undefined && name.startsWith(`decisions/${number}-`), `${page}: no heading "# NNN: ..."`);
    assert.ok(index.includes(`- [${number}](${name}): ${title}\n`), `${page}: the index calls it otherwise`);
  }
});

test('the README is short, and shows what the program makes before it says more', () => {
  const lines = read('README.md').split('\n');
  assert.ok(lines.length <= 100, `${lines.length} lines`);
  const picture = lines.findIndex((line) => line.startsWith('!['));
  assert.ok(picture >= 0 && picture < 8, `the first picture stands in line ${picture + 1}`);
});
