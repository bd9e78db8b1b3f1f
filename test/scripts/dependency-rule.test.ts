import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../src/config.js';
import { readModuleGraph } from '../../scripts/dependency-rule/module-graph.js';
import { findViolations } from '../../scripts/dependency-rule/rules.js';
import { temporaryFolder } from '../temporary-folder.js';

/** Writes a small source tree and answers the names of the rules it breaks. */
function brokenRules(files: Record<string, string>): string[] {
  const root = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return findViolations(readModuleGraph(root)).map(({ rule }) => rule);
}

const cases: readonly [name: string, files: Record<string, string>, rule: string][] = [
  [
    'pipeline/ importing a type of src/',
    { 'pipeline/a.ts': "import type { B } from '../src/b.js';" },
    'pipeline/ imports nothing of src/ or commands/',
  ],
  [
    'pipeline/ importing a command in a re-export',
    { 'pipeline/a.ts': "export { b } from '../commands/b.js';" },
    'pipeline/ imports nothing of src/ or commands/',
  ],
  [
    'a command importing a value',
    { 'commands/a.ts': "import { b } from '../src/jobs/b.js';" },
    'commands/ imports only types and pure helpers',
  ],
  [
    'a command importing a package',
    { 'commands/a.ts': "import sharp from 'sharp';" },
    'commands/ imports only types and pure helpers',
  ],
  [
    'a platform importing another platform',
    { 'src/platforms/web/a.ts': "import type { B } from '../discord/b.js';" },
    'a platform folder does not import another platform',
  ],
  [
    'a platform importing the pipeline',
    { 'src/platforms/web/a.ts': "import type { B } from '../../../pipeline/portrait.js';" },
    'a platform folder does not import pipeline/',
  ],
  [
    'another module importing onnxruntime-node, dynamically',
    { 'pipeline/a.ts': "export const b = () => import('onnxruntime-node');" },
    'only pipeline/session.ts imports onnxruntime-node',
  ],
  [
    'another module than main.ts making the engine',
    { 'src/cli.ts': "import { createEngine } from '../pipeline/engine/supervisor.js';" },
    'only src/main.ts and src/compose/ construct services',
  ],
  [
    'a cycle through three files',
    {
      'pipeline/a.ts': "import { b } from './b.js'; export const a = b;",
      'pipeline/b.ts': "import { c } from './c.js'; export const b = c;",
      'pipeline/c.ts': "import { a } from './a.js'; export const c = a;",
    },
    'no cycles',
  ],
];

for (const [name, files, rule] of cases) {
  test(`caught: ${name}`, () => assert.ok(brokenRules(files).includes(rule)));
}

test('allowed: types in commands, errors in platforms, the engine in main.ts, a platform within its own folder', () => {
  const broken = brokenRules({
    'commands/a.ts': "import type { B } from '../src/b.js'; import { E } from '../pipeline/errors.js'; export { E };",
    'src/platforms/web/a.ts':
      "import { b } from './b.js'; import { E } from '../../../pipeline/errors.js'; export { b, E };",
    'src/main.ts': "import { createEngine } from '../pipeline/engine/supervisor.js'; export { createEngine };",
    'pipeline/session.ts': "import { InferenceSession } from 'onnxruntime-node'; export { InferenceSession };",
  });
  assert.deepEqual(broken, []);
});

test('this repository breaks no rule', () => {
  assert.deepEqual(findViolations(readModuleGraph(packageRoot)), []);
});
