import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { temporaryFolder } from '../temporary-folder.js';
import { likeness } from './likeness.js';

const report = z.object({
  ok: z.boolean(),
  findings: z.array(z.object({ check: z.string(), ok: z.boolean(), detail: z.string() })),
});

test('all in order: exit code 0 and a line for each check', async () => {
  const run = await likeness(['doctor'], { LIKENESS_PORT: '0' });
  assert.equal(run.code, 0, run.stdout);
  for (const check of ['configuration', 'Node', 'memory', 'model', 'face models', 'engine', 'data folder', 'port']) {
    assert.match(run.stdout, new RegExp(`^ok +${check}: `, 'm'));
  }
});

test('a missing model: exit code 1, the other checks made all the same', async () => {
  const bundle = join(temporaryFolder(), 'absent');
  const run = await likeness(['doctor', '--json'], { LIKENESS_PORT: '0', LIKENESS_BUNDLE: bundle });
  assert.equal(run.code, 1);
  const { ok, findings } = report.parse(JSON.parse(run.stdout));
  assert.equal(ok, false);
  const wrong = findings.filter((finding) => !finding.ok);
  assert.deepEqual(
    wrong.map(({ check }) => check),
    ['bundle', 'engine'],
  );
  assert.match(wrong[0]?.detail ?? '', /absent/);
  assert.ok(findings.some(({ check }) => check === 'port'));
});

test('a wrong configuration is the one finding', async () => {
  const run = await likeness(['doctor'], { LIKENESS_PORT: 'never' });
  assert.equal(run.code, 1);
  assert.match(run.stdout, /^wrong +configuration: .*LIKENESS_PORT/m);
});
