import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../temporary-folder.js';
import { likeness } from './likeness.js';

test('audit writes the record as it is, from a day on, and nothing where there is none', async () => {
  const data = temporaryFolder();
  assert.deepEqual(await likeness(['audit'], { LIKENESS_DATA: data }), { code: 0, stdout: '', stderr: '' });
  const folder = join(data, 'audit');
  mkdirSync(folder);
  writeFileSync(join(folder, '2026-01-30.jsonl'), '{"at":"2026-01-30T10:00:00.000Z"}\n');
  writeFileSync(join(folder, '2026-01-31.jsonl'), '{"at":"2026-01-31T10:00:00.000Z"}\n');
  const all = await likeness(['audit'], { LIKENESS_DATA: data });
  assert.equal(all.stdout, '{"at":"2026-01-30T10:00:00.000Z"}\n{"at":"2026-01-31T10:00:00.000Z"}\n');
  const since = await likeness(['audit', '--since', '2026-01-31'], { LIKENESS_DATA: data });
  assert.equal(since.stdout, '{"at":"2026-01-31T10:00:00.000Z"}\n');
  const wrong = await likeness(['audit', '--since', 'yesterday'], { LIKENESS_DATA: data });
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /“yesterday” is not a day such as 2026-01-31/);
});
