import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import sharp from 'sharp';
import { z } from 'zod';
import { temporaryFolder } from '../temporary-folder.js';
import { likeness, photo } from './likeness.js';

const people = temporaryFolder();
const estimate = z.object({ mean: z.number(), low: z.number(), high: z.number(), count: z.number() });
const report = z.object({
  people: z.number(),
  albums: z.number(),
  images: z.number(),
  skipped: z.array(z.string()),
  faceFound: estimate,
  secondsPerAlbum: estimate,
  expressionAccuracy: estimate,
  sideAccuracy: estimate,
});

before(async () => {
  for (const name of ['ada', 'bob', 'faceless']) mkdirSync(join(people, name));
  copyFileSync(photo, join(people, 'ada', '1.jpg'));
  await sharp(photo)
    .flop()
    .toFile(join(people, 'ada', '2.jpg'));
  await sharp(photo)
    .tint('#ffcc99')
    .toFile(join(people, 'bob', '1.jpg'));
  writeFileSync(join(people, 'faceless', '1.jpg'), 'no picture');
});

const quick = ['--count', '1', '--steps', '1', '--candidates', '2'];

test('people of a folder are portrayed and measured; one whose photo cannot be used is left out and named', async () => {
  const run = await likeness(['evaluate', people, '--json', ...quick]);
  assert.equal(run.code, 0, run.stderr);
  const found = report.parse(JSON.parse(run.stdout));
  assert.deepEqual([found.people, found.albums, found.images], [2, 4, 4]);
  assert.deepEqual(found.skipped, ['faceless']);
  assert.match(run.stderr, /faceless is left out/);
  assert.equal(found.faceFound.count, 4);
  assert.equal(found.sideAccuracy.count, 4);
});

test('--people limits, --prompt replaces what is asked, and the table says the same in lines', async () => {
  const run = await likeness(['evaluate', people, '--people', '1', '--prompt', 'smiling', ...quick]);
  assert.equal(run.code, 0, run.stderr);
  assert.match(run.stdout, /^faceFound +\d\.\d{3} /m);
  assert.match(run.stdout, /^1 person, albums: 1\.$/m);
  assert.doesNotMatch(run.stdout, /sideAccuracy/);
});
