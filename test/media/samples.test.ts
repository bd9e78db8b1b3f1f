import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
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
import { manyStyles, testPresets } from '../fakes/presets.js';
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

/** A picture of one colour as a sheet's cell. */
const cell = (shade: number) => paint([shade, shade, shade], 16);

test('samples are those of today’s presets; there may be none', async () => {
  const bundle = temporaryFolder();
  const none = samplesOf(bundle);
  assert.deepEqual(
    [await none.pictured('styles'), await none.tile('styles', 'neon'), none.errors],
    [[], undefined, []],
  );
  mkdirSync(samplesFolder(bundle));
  const sheets = { styles: names('styles'), expressions: ['grinning'], angles: names('angles').slice(1) };
  writeFileSync(join(samplesFolder(bundle), 'index.json'), JSON.stringify({ columns: 2, sheets }));
  for (const [kind, shown] of Object.entries(sheets)) {
    const pictures = shown.map((_, index) => cell(index * 100));
    writeFileSync(join(samplesFolder(bundle), `${kind}.jpg`), await drawContactSheet(pictures, 2));
  }
  const { pictured, tile, errors } = samplesOf(bundle);
  const found = await Promise.all(SAMPLED_KINDS.map(pictured));
  assert.deepEqual(found.slice(0, 3), [names('styles'), [], names('angles').slice(1)]);
  assert.equal(await tile('angles', names('angles')[0] ?? ''), undefined, 'no picture of a preset that came later');
  const third = await tile('styles', names('styles')[2] ?? '');
  const { width, height, xmpAsString } = await sharp(third).metadata();
  assert.deepEqual([width, height], [16, 16]);
  assert.match(xmpAsString ?? '', /trainedAlgorithmicMedia/);
  const [channel] = (await sharp(third).stats()).channels;
  assert.equal(Math.round((channel?.mean ?? 0) / 50), 4);
  assert.deepEqual(errors, []);
});

test('the pictures of a list are drawn again with their names, twenty to a sheet', async () => {
  const bundle = temporaryFolder();
  const styles = manyStyles(21);
  mkdirSync(samplesFolder(bundle));
  const index = { columns: 4, sheets: { styles: styles.map(({ name }) => name) } };
  writeFileSync(join(samplesFolder(bundle), 'index.json'), JSON.stringify(index));
  const pictures = styles.map((_, place) => cell(place * 10));
  writeFileSync(join(samplesFolder(bundle), 'styles.jpg'), await drawContactSheet(pictures, 4));
  const { sheets, sheet } = samplesOf(bundle, { ...testPresets, styles });
  const sizeOf = async (bytes?: Uint8Array) => {
    const { width, height } = await sharp(bytes).metadata();
    return [width, height];
  };
  assert.deepEqual(await sizeOf(await sheet('styles', (name) => name)), [12 + 6 * 252, 12 + 4 * 300], 'one for all');
  assert.deepEqual(
    await sizeOf(await sheet('styles', (name) => name, 3)),
    [12 + 3 * 252, 12 + 300],
    'the first of them',
  );
  assert.equal(await sheet('angles', (name) => name), undefined);
  const drawn = await sheets('styles', (name) => `Stil ${name}`);
  assert.equal(drawn.length, 2);
  assert.equal(await sheets('styles', (name) => `Stil ${name}`), drawn, 'drawn once');
  assert.notEqual(await sheets('styles', (name) => name), drawn, 'in another language they are others');
});

for (const [damage, index] of Object.entries({
  'was cut off': '{ "columns": 4, "she',
  'says something else': '{ "columns": 0, "sheets": [] }',
})) {
  test(`samples whose index ${damage} are no samples, which is said once`, async () => {
    const bundle = temporaryFolder();
    mkdirSync(samplesFolder(bundle));
    writeFileSync(join(samplesFolder(bundle), 'index.json'), index);
    const { pictured, errors } = samplesOf(bundle);
    assert.deepEqual(await Promise.all([pictured('styles'), pictured('angles')]), [[], []]);
    assert.deepEqual(await pictured('styles'), []);
    assert.equal(errors.length, 1);
  });
}

test('the bundle of this repository has a sample of each style and expression, in 2.2 MB', async () => {
  const bundle = join(packageRoot, 'models', 'tiny');
  const presets = presetsOfBundle(await loadManifest(bundle));
  const { pictured } = samplesOf(bundle, presets);
  for (const kind of ['styles', 'expressions'] as const) {
    assert.deepEqual(
      await pictured(kind),
      presets[kind].map(({ name }) => name),
    );
  }
  assert.ok((await pictured('angles')).length > 0);
  const sizes = readdirSync(samplesFolder(bundle)).map((name) => statSync(join(samplesFolder(bundle), name)).size);
  assert.ok(sizes.reduce((sum, size) => sum + size, 0) <= 2_200_000);
});
