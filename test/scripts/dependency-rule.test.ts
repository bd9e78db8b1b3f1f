import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { readModuleGraph } from '../../scripts/dependency-rule/module-graph.js';
import { findViolations } from '../../scripts/dependency-rule/rules.js';
import { table } from '../../scripts/dependency-rule/table.js';
import { packageRoot } from '../../src/config.js';
import { temporaryFolder } from '../temporary-folder.js';

/** Writes a small source tree and answers which of its imports are refused. */
function refused(files: Readonly<Record<string, string>>): string[] {
  const root = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return findViolations(readModuleGraph(root)).map(({ message }) => message);
}

const cases: readonly [name: string, file: string, source: string][] = [
  ['the vault making jobs', 'src/vault/a.ts', "import { createJobs } from '../jobs/jobs.js';"],
  ['members opening the database', 'src/members/a.ts', "import { openDatabase } from '../data/database.js';"],
  ['the command line making events', 'src/cli/a.ts', "import { createEvents } from '../events/events.js';"],
  ['the command line connecting to Redis', 'src/cli/a.ts', "import { Redis } from 'ioredis';"],
  ['a platform making a job store', 'src/platforms/web/a.ts', "import { b } from '../../jobs/sqlite.js';"],
  ['a platform making a vault', 'src/platforms/web/a.ts', "import { b } from '../../vault/disk.js';"],
  ['pipeline/ importing a type of src/', 'pipeline/a.ts', "import type { B } from '../src/b.js';"],
  ['pipeline/ importing a command in a re-export', 'pipeline/a.ts', "export { b } from '../commands/b.js';"],
  ['a command importing a value', 'commands/a.ts', "import { b } from '../src/jobs/b.js';"],
  ['a command importing a package', 'commands/a.ts', "import sharp from 'sharp';"],
  ['a platform importing another platform', 'src/platforms/web/a.ts', "import type { B } from '../discord/b.js';"],
  [
    'a platform importing the pipeline',
    'src/platforms/web/a.ts',
    "import type { B } from '../../../pipeline/index.js';",
  ],
  ['what adapters share importing an adapter', 'src/platforms/a.ts', "import { b } from './web/b.js';"],
  ['src/ importing past the face of the pipeline', 'src/cli/a.ts', "import { b } from '../../pipeline/portrait.js';"],
  ['a dynamic import of onnxruntime-node', 'pipeline/a.ts', "export const b = () => import('onnxruntime-node');"],
  ['a contract importing a command', 'src/chat/a.ts', "import type { B } from '../../commands/b.js';"],
  ['a folder without a row', 'src/new/a.ts', "import { b } from '../chat/b.js';"],
  ['the program importing a test', 'src/chat/a.ts', "import { b } from '../../test/fakes/b.js';"],
  ['a fake importing a suite', 'test/fakes/a.ts', "import { b } from '../contract/b.js';"],
  ['a browser module importing Node', 'src/platforms/web/assets/a.js', "import fs from 'node:fs';"],
  [
    'a browser module naming a type in a comment',
    'src/platforms/web/assets/a.js',
    "/** @type {import('../../../jobs/b.js').B} */",
  ],
];

for (const [name, file, source] of cases) {
  test(`refused: ${name}`, () => assert.equal(refused({ [file]: source }).length, 1));
}

test('refused: a cycle through three files', () => {
  const cycle = refused({
    'pipeline/a.ts': "import { b } from './b.js'; export const a = b;",
    'pipeline/b.ts': "import { c } from './c.js'; export const b = c;",
    'pipeline/c.ts': "import { a } from './a.js'; export const c = a;",
  });
  assert.deepEqual(cycle, ['pipeline/a.ts -> pipeline/b.ts -> pipeline/c.ts -> pipeline/a.ts']);
});

test('allowed: types in commands, a folder within itself, packages by their rows, the face of the pipeline', () => {
  const broken = refused({
    'commands/a.ts': "import type { B } from '../src/jobs/b.js'; import { E } from '../src/errors.js'; export { E };",
    'src/platforms/web/a.ts':
      "import { b } from './b.js'; import { stream } from 'hono/streaming'; export { b, stream };",
    'src/main.ts': "import { createEngine } from '../pipeline/index.js'; export { createEngine };",
    'pipeline/session.ts': "import { InferenceSession } from 'onnxruntime-node'; export { InferenceSession };",
  });
  assert.deepEqual(broken, []);
});

test('refused: two folders that import each other, be it by types', () => {
  const mutual = refused({
    'pipeline/draft/a.ts': "import { c } from '../scene/c.js'; export const a = c;",
    'pipeline/draft/b.ts': 'export interface B {}',
    'pipeline/scene/c.ts': "import type { B } from '../draft/b.js'; export const c: B = {};",
  });
  assert.deepEqual(mutual, [
    'pipeline/draft/a.ts imports pipeline/scene/c.ts, and pipeline/scene/c.ts imports pipeline/draft/b.ts',
  ]);
});

test('the table leads from the ground floor up: no row names one below it', () => {
  const rows = Object.keys(table);
  const upwards = rows.flatMap((name, floor) =>
    (table[name]?.folders ?? [])
      .map((entry) => entry.replace(' (types)', ''))
      // A house is named whole, `pipeline/`, by its own rows.
      .filter((other) => !`${name}/`.startsWith(other))
      .filter((other) => rows.slice(floor + 1).some((row) => row === other || `${row}/`.startsWith(other)))
      .map((other) => `${name}: ${other}`),
  );
  assert.deepEqual(upwards, []);
});

test('CONTRIBUTING shows the table', () => {
  const text = readFileSync(join(packageRoot, 'CONTRIBUTING.md'), 'utf8');
  const rows = text.split('\n').flatMap((line) => {
    const [, name, , folders, packages, end] = line.split('|').map((cell) => cell.trim());
    return end === '' && name?.startsWith('`') ? [[name.slice(1, -1), folders, packages]] : [];
  });
  const wanted = Object.entries(table).map(([name, row]) => [name, row.folders.join(', '), row.packages.join(', ')]);
  assert.deepEqual(rows, wanted);
});

test('this repository breaks no rule', () => {
  assert.deepEqual(findViolations(readModuleGraph(packageRoot)), []);
});

test('help and misspelt options waited for every library: the command line reads its parser alone until it knows what to do', () => {
  const dependencies = readModuleGraph(packageRoot).filter(({ value, lazy }) => value && !lazy);
  const read = new Set(['src/cli.ts']);
  const packages = new Set<string>();
  for (const file of read) {
    for (const { from, to, own } of dependencies) {
      if (from !== file) continue;
      if (own) read.add(to);
      else if (!to.startsWith('node:')) packages.add(to);
    }
  }
  assert.deepEqual([...packages], ['commander']);
});
