import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { loadManifest } from '../../pipeline/bundle.js';
import { SAMPLED_KINDS, type SampledKind } from '../../src/chat/samples.js';
import { presetsOfBundle } from '../../src/compose/model.js';
import { packageRoot } from '../../src/config.js';
import { drawContactSheet } from '../../src/media/contact-sheet.js';
import { samplesFolder, samplesIn } from '../../src/media/samples.js';
import { paint } from '../fakes/engine.js';
import { testPresets } from '../fakes/presets.js';
import { temporaryFolder } from '../temporary-folder.js';

/** What a bundle's samples are, and how often it is said that they cannot be read. */
function samplesOf(bundle: string, presets = testPresets) {
  const errors: unknown[] = [];
  return { errors, ...samplesIn({ bundle, onUnreadable: (error) => void errors.push(error) }, presets) };
}

const names = (kind: SampledKind): string[] => testPresets[kind].map(({ name }) => name);

test('a contact sheet shows the pictures row by row and is marked as generated', async () => {
  const colours = [
    [250, 0, 0],
    [0, 250, 0],
    [0, 0, 250],
  ] as const;
  const sheet = await drawContactSheet(
    colours.map((colour) => paint(colour, 16)),
    2,
  );
  const { width, height, xmpAsString } = await sharp(sheet).metadata();
  assert.deepEqual([width, height], [36, 36]);
  assert.match(xmpAsString ?? '', /trainedAlgorithmicMedia/);
  const { data } = await sharp(sheet).raw().toBuffer({ resolveWithObject: true });
  const centre = (column: number, row: number): number[] => {
    const at = ((row * 20 + 8) * 36 + column * 20 + 8) * 3;
    return [...data.subarray(at, at + 3)].map((value) => Math.round(value / 125));
  };
  assert.deepEqual(
    [centre(0, 0), centre(1, 0), centre(0, 1)],
    [
      [2, 0, 0],
      [0, 2, 0],
      [0, 0, 2],
    ],
  );
});

test('samples are those of today’s presets; there may be none', async () => {
  const bundle = temporaryFolder();
  const none = samplesOf(bundle);
  assert.deepEqual([await none.sheets(), none.errors], [[], []]);
  mkdirSync(samplesFolder(bundle));
  const sheets = {
    styles: names('styles'),
    expressions: ['grinning'],
    angles: names('angles'),
    lights: names('lights'),
  };
  writeFileSync(join(samplesFolder(bundle), 'index.json'), JSON.stringify({ columns: 4, sheets }));
  for (const kind of ['styles', 'angles', 'lights']) writeFileSync(join(samplesFolder(bundle), `${kind}.jpg`), kind);
  const read = await samplesOf(bundle).sheets();
  assert.deepEqual(
    read.map(({ kind, columns, jpeg }) => [kind, columns, Buffer.from(jpeg).toString()]),
    [
      ['styles', 4, 'styles'],
      ['angles', 4, 'angles'],
      ['lights', 4, 'lights'],
    ],
  );
});

for (const [damage, index] of Object.entries({
  'was cut off': '{ "columns": 4, "she',
  'says something else': '{ "columns": 0, "sheets": [] }',
})) {
  test(`samples whose index ${damage} are no samples, which is said once`, async () => {
    const bundle = temporaryFolder();
    mkdirSync(samplesFolder(bundle));
    writeFileSync(join(samplesFolder(bundle), 'index.json'), index);
    const { sheets, errors } = samplesOf(bundle);
    assert.deepEqual(await Promise.all([sheets(), sheets()]), [[], []]);
    assert.deepEqual(await sheets(), []);
    assert.equal(errors.length, 1);
  });
}

test('the bundle of this repository has a sample of each of its presets, in 2.1 MB', async () => {
  const bundle = join(packageRoot, 'models', 'tiny');
  const presets = presetsOfBundle(await loadManifest(bundle));
  const sheets = await samplesOf(bundle, presets).sheets();
  assert.deepEqual(
    sheets.map(({ kind }) => kind),
    SAMPLED_KINDS.filter((kind) => presets[kind].length > 0),
  );
  assert.ok(sheets.reduce((sum, { jpeg }) => sum + jpeg.length, 0) <= 2_100_000);
});
