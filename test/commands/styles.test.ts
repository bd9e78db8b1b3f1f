import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findPreset, nameIn, presetsOf } from '../../src/chat/presets.js';
import { SAMPLED_KINDS, type SampledKind } from '../../src/chat/samples.js';
import { presetsOfBundle } from '../../src/compose/model.js';
import { NO_SAMPLES } from '../../src/media/samples.js';
import { loadManifest } from '../../pipeline/bundle.js';
import { glossaryOf, presetNames } from '../../src/language/glossary.js';
import { MAX_TEXT } from '../../src/platforms/telegram/text.js';
import { languages } from '../../src/language/texts.js';
import { testPresets } from '../fakes/presets.js';
import { community } from './community.js';

test('without samples every preset is named', async () => {
  const said = await community().say('styles');
  assert.match(said, /^Styles: pencil sketch, watercolour, neon\n/);
  assert.match(said, /\nAngles: left, right, head tilted left\n/);
  assert.match(said, /\nAccessories: santa hat, glasses\n\nBackdrops: snow\n\nLights: red light\n/);
  assert.doesNotMatch(said, /does not exist/);
});

test('what the model knows nothing of has no heading', async () => {
  const said = await community(undefined, true, { presets: { ...testPresets, accessories: [], lights: [] } }).say(
    'styles',
  );
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

test('every preset of the shipped model is named under the pictures, in every language', async () => {
  const { vocabulary, text } = await loadManifest('models/tiny');
  const presets = presetsOf({ ...vocabulary, classWords: text.classWords }, presetNames);
  const samples = { ...NO_SAMPLES, sheets: async () => [Uint8Array.of(0xff, 0xd8)] };
  const { say } = community(samples, true, { presets });
  for (const locale of languages) {
    const said = await say('styles', {}, { locale });
    assert.ok(said.length <= MAX_TEXT, `${locale}: ${said.length}`);
  }
});

test('with samples the words stand beside pictures that are labelled in the member’s language', async () => {
  const labels: string[] = [];
  const sheets = async (kind: SampledKind, labelOf: (name: string) => string): Promise<Uint8Array[]> => {
    if (kind !== 'styles') return [];
    labels.push(labelOf('neon'));
    return [Uint8Array.of(0xff, 0xd8), Uint8Array.of(0xff, 0xd8)];
  };
  const { say } = community({ ...NO_SAMPLES, sheets }, true, {
    presets: presetsOfBundle(await loadManifest('models/tiny')),
  });
  const said = await say('styles', {}, { locale: 'de' });
  assert.match(said, /^Stile: [^\n]+Neon[^]*KI-generiert/);
  assert.deepEqual(labels, ['Neon']);
});

test('tilts were named as sides are, so that no list could tell them apart: every list names each preset once', async () => {
  const presets = presetsOfBundle(await loadManifest('models/tiny'));
  for (const kind of SAMPLED_KINDS) {
    for (const locale of languages) {
      const names = presets[kind].map((preset) => nameIn(locale, preset));
      assert.deepEqual(names, [...new Set(names)], `${kind} in ${locale}`);
    }
  }
  assert.equal(findPreset(presets.angles, 'head tilted left')?.words, 'head tilted left');
  assert.equal(findPreset(presets.angles, 'looking up')?.words, 'looking up');
});

test('whatever the lists name can be chosen, and its words join those of the member', async () => {
  const { request, drafts } = community();
  const chosen = { style: 'neon', accessory: 'Santa hat', backdrop: 'snow', light: 'red light' };
  assert.equal(await request({ prompt: 'smiling', ...chosen }), undefined);
  assert.equal(drafts[0]?.parameters.prompt, 'smiling, wearing a santa hat, in the snow, in red light, neon');
});

test('a wish of which nothing is known is not made, nor is a mistyped one', async () => {
  const { vocabulary, ...manifest } = await loadManifest('models/tiny');
  const presets = presetsOfBundle({ vocabulary, ...manifest });
  const { request, drafts } = community(NO_SAMPLES, true, { presets, glossary: glossaryOf(vocabulary) });
  assert.match(
    (await request({ prompt: 'in a submarine' })) ?? '',
    /^I do not know these words yet: “submarine”\. I can do, for example: happy, /,
  );
  assert.equal(
    await request({ prompt: 'smilling, looking left' }),
    'I do not know “smilling”. Did you mean “smiling, looking left”?',
  );
  assert.equal(drafts.length, 0);
  assert.equal(await request({ prompt: 'on a beach', style: 'neon' }), undefined);
  assert.equal(await request({ prompt: 'smiling on a beach' }), undefined);
  assert.equal(drafts.length, 2);
});
