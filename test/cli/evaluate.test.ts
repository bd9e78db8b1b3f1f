import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import sharp from 'sharp';
import { z } from 'zod';
import { packageRoot } from '../../src/config.js';
import { copyBundle, editManifest } from '../fixtures/bundle-copy.js';
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
  styleAccuracy: estimate.optional(),
  accessoryAccuracy: estimate.optional(),
  backdropAccuracy: estimate.optional(),
  lightAccuracy: estimate.optional(),
  byCandidates: z.record(z.string(), z.object({ people: z.number(), metrics: z.object({ faceFound: estimate }) })),
  groups: z.record(z.string(), z.record(z.string(), z.object({ people: z.number() }))),
});
const classifier = join(packageRoot, 'test', 'fixtures', 'style-classifier', 'styles.onnx');
const addedClassifier = join(packageRoot, 'test', 'fixtures', 'added-classifier', 'added.onnx');

before(async () => {
  for (const name of ['ada', 'bob', 'faceless']) mkdirSync(join(people, name));
  copyFileSync(photo, join(people, 'ada', '1.jpg'));
  await sharp(readFileSync(photo))
    .flop()
    .toFile(join(people, 'ada', '2.jpg'));
  await sharp(readFileSync(photo))
    .tint('#ffcc99')
    .toFile(join(people, 'bob', '1.jpg'));
  writeFileSync(join(people, 'faceless', '1.jpg'), 'no picture');
  writeFileSync(join(people, 'groups.json'), JSON.stringify({ ada: { gender: 'female' }, bob: { gender: 'male' } }));
});

const quick = ['--count', '1', '--steps', '1', '--candidates', '2'];

test('people of a folder are portrayed and measured; one whose photo cannot be used is left out and named', async () => {
  const run = await likeness(['evaluate', people, '--json', ...quick]);
  assert.equal(run.code, 0, run.stderr);
  const found = report.parse(JSON.parse(run.stdout));
  assert.deepEqual([found.people, found.albums, found.images], [2, 6, 6]);
  assert.deepEqual(found.skipped, ['faceless']);
  assert.match(run.stderr, /faceless is left out/);
  assert.equal(found.faceFound.count, 6);
  assert.equal(found.sideAccuracy.count, 4);
  assert.equal(found.styleAccuracy, undefined);
  assert.deepEqual(found.byCandidates, {});
  assert.deepEqual(found.groups, { gender: { female: { people: 1 }, male: { people: 1 } } });
});

test('--people limits, --prompt replaces what is asked, and the table says the same in lines', async () => {
  const run = await likeness(['evaluate', people, '--people', '1', '--prompt', 'smiling', ...quick]);
  assert.equal(run.code, 0, run.stderr);
  assert.match(run.stdout, /^faceFound +\d\.\d{3} /m);
  assert.match(run.stdout, /^1 person, albums: 1\.$/m);
  assert.doesNotMatch(run.stdout, /sideAccuracy/);
});

test('several numbers of candidates are tried in one run, and a classifier tells the styles', async () => {
  const tried = ['--candidates', '1,3', '--style-classifier', classifier];
  const run = await likeness(['evaluate', people, '--json', '--people', '1', '--count', '1', '--steps', '1', ...tried]);
  assert.equal(run.code, 0, run.stderr);
  const found = report.parse(JSON.parse(run.stdout));
  assert.deepEqual(Object.keys(found.byCandidates), ['1', '3']);
  assert.equal(found.albums, 6);
  assert.equal(found.byCandidates['1']?.metrics.faceFound.count, 3);
  assert.equal(found.faceFound.count, 3);
  assert.equal(found.styleAccuracy?.count, 1);
});

test('a model that knows what can be added is asked for it, and a classifier tells whether it is shown', async (context) => {
  const bundle = await copyBundle(context);
  await editManifest(bundle, (manifest) => {
    const added = {
      accessories: { crown: ['crown'] },
      backdrops: { snow: ['snow'] },
      lights: { 'red light': ['red'] },
    };
    manifest['vocabulary'] = { ...(manifest['vocabulary'] as object), ...added };
  });
  const given = ['evaluate', people, '--json', '--people', '1', ...quick, '--added-classifier', addedClassifier];
  const run = await likeness(given, { LIKENESS_BUNDLE: bundle });
  assert.equal(run.code, 0, run.stderr);
  const found = report.parse(JSON.parse(run.stdout));
  assert.equal(found.albums, 6);
  const shown = [found.accessoryAccuracy, found.backdropAccuracy, found.lightAccuracy].map((share) => share?.count);
  assert.deepEqual(shown, [1, 1, 1]);
});

test('what cannot be asked for is refused before anybody is portrayed', async () => {
  const many = await likeness(['evaluate', people, '--count', '4', '--candidates', '1,21']);
  assert.equal(many.code, 2);
  assert.match(many.stderr, /80/);
  const missing = await likeness(['evaluate', people, '--style-classifier', join(people, 'absent.onnx')]);
  assert.equal(missing.code, 3);
  assert.match(missing.stderr, /absent\.json/);
});
