import assert from 'node:assert/strict';
import { test } from 'node:test';
import { presetsOf } from '../../src/chat/presets.js';
import { loadManifest } from '../../pipeline/bundle.js';
import { presetNames } from '../../src/language/glossary.js';
import { MAX_TEXT } from '../../src/platforms/telegram/text.js';
import { languages } from '../../src/language/texts.js';
import { testPresets } from '../fakes/presets.js';
import { community } from './community.js';

test('without samples every preset is named', async () => {
  const said = await community().say('styles');
  assert.match(said, /^Styles: pencil sketch, watercolour, neon\n/);
  assert.match(said, /\nAngles: left, right, tilted left\n/);
  assert.match(said, /\nAccessories: santa hat, glasses\n\nBackdrops: snow\n\nLights: red light\n/);
  assert.doesNotMatch(said, /row by row/);
});

test('what the model knows nothing of has no heading', async () => {
  const said = await community(undefined, true, { ...testPresets, accessories: [], lights: [] }).say('styles');
  assert.match(said, /\nAngles: [^\n]+\n\nBackdrops: snow\n\nWrite/);
});

for (const tag of languages) {
  test(`every list has its own heading in ${tag}`, async () => {
    const said = await community().say('styles', {}, { locale: tag });
    const lists = said.split('\n\n').slice(0, -1);
    assert.equal(lists.length, 6);
    assert.equal(new Set(lists.map((list) => list.split(/ ?[:：]/u)[0])).size, 6, lists.join());
  });
}

test('every preset of the shipped model is named in one message, in every language', async () => {
  const { vocabulary, text } = await loadManifest('models/tiny');
  const presets = presetsOf({ ...vocabulary, classWords: text.classWords }, presetNames);
  const jpeg = Uint8Array.of(0xff, 0xd8);
  const samples = { sheets: async () => [{ kind: 'styles', columns: 4, jpeg }] as const };
  const { say } = community(samples, true, presets);
  for (const locale of languages) {
    const said = await say('styles', {}, { locale });
    assert.ok(said.length <= MAX_TEXT, `${locale}: ${said.length}`);
  }
});

test('with samples the names stand in the rows of their pictures', async () => {
  const jpeg = Uint8Array.of(0xff, 0xd8);
  const { say } = community({ sheets: async () => [{ kind: 'styles', columns: 2, jpeg }] });
  const said = await say('styles');
  assert.match(said, /^Styles: \npencil sketch · watercolour\nneon\n/);
  assert.match(said, /\nAngles: left, right, tilted left\n/);
  assert.match(said, /row by row[^]*AI-generated/);
});

test('whatever the lists name can be chosen, and its words join those of the member', async () => {
  const { request, drafts } = community();
  const chosen = { style: 'neon', accessory: 'Santa hat', backdrop: 'snow', light: 'red light' };
  assert.equal(await request({ prompt: 'smiling', ...chosen }), undefined);
  assert.equal(drafts[0]?.parameters.prompt, 'smiling, wearing a santa hat, in the snow, in red light, neon');
});
