import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findPreset, nameIn, presetsOf } from '../commands/presets.js';
import { loadManifest } from '../pipeline/bundle.js';
import { readPrompt } from '../pipeline/text/prompt.js';
import { glossaries } from '../src/glossaries.js';
import { glossaryOf, presetNames } from '../src/glossary.js';
import { createPromptFilter } from '../src/safety/prompt-filter.js';
import { languages, translator } from '../src/texts.js';

const { vocabulary, text } = await loadManifest('models/tiny');
const glossary = glossaryOf(vocabulary);
const presets = presetsOf({ ...vocabulary, classWords: text.classWords }, presetNames);
const filter = createPromptFilter();
const others = languages.filter((tag) => tag !== 'en');

/** What the model makes of a prompt in a language. */
const read = (prompt: string, locale: string) => readPrompt(glossary.understand(prompt, locale), { vocabulary, text });

/** Free words of members, by language: what is asked for, and a word that no model knows. */
const said: Readonly<Record<string, readonly [prompt: string, unknown: string]>> = {
  de: ['lächelnd, nach links schauend, Bleistiftzeichnung, mit Zylinder', 'zylinder'],
  es: ['sonriendo y mirando a la izquierda, dibujo a lapiz, con sombrero', 'sombrero'],
  fr: ['souriante, regardant à gauche, dessin au crayon avec un chapeau', 'chapeau'],
  it: ['sorridente, guardando a sinistra, disegno a matita, con cappello', 'cappello'],
  'pt-BR': ['sorrindo, olhando para a esquerda, desenho a lapis, com chapéu', 'chapéu'],
  pl: ['uśmiechnięta, patrząca w lewo, rysunek ołówkiem, w kapeluszu', 'kapeluszu'],
  ru: ['улыбается, смотрит влево, карандашный набросок, в шляпе', 'шляпе'],
  uk: ['усміхнена, дивиться ліворуч, малюнок олівцем, у капелюсі', 'капелюсі'],
  tr: ['gülümseyen, sola bakan, kurşun kalem çizim, şapka', 'şapka'],
  ja: ['笑顔で左を向いた鉛筆画、帽子', '帽子'],
  ko: ['웃고 있는, 왼쪽을 바라보는 연필 그림, 모자', '모자'],
  'zh-CN': ['微笑着看向左边的铅笔画，帽子', '帽子'],
  'zh-TW': ['微笑著看向左邊的鉛筆畫，帽子', '帽子'],
  ar: ['مبتسمة، تنظر إلى اليسار، رسم بقلم الرصاص، قبعة', 'قبعة'],
  hi: ['मुस्कुराती हुई, बाईं ओर देखते हुए, पेंसिल चित्र, टोपी', 'टोपी'],
};

for (const tag of others) {
  describe(`prompts in ${tag}`, () => {
    test('free words are understood, and the one nobody knows is named as it was written', () => {
      const [prompt = '', unknown = ''] = said[tag] ?? [];
      const { asked, unknownWords } = read(prompt, tag);
      assert.deepEqual(asked, { expression: 'happy', side: 'left', style: 'pencil sketch' });
      assert.deepEqual(unknownWords, [unknown.toLowerCase()]);
    });

    test('what the program itself suggests is understood to the last word, and allowed', () => {
      const t = translator(tag);
      const wanted = [
        { expression: 'happy', side: 'left', style: 'pencil sketch' },
        { expression: 'happy', style: 'watercolour' },
        { expression: 'neutral', side: 'right', style: 'black and white' },
      ];
      const ideas = (['web.idea-1', 'web.idea-2', 'web.idea-3'] as const).map((key) => t(key));
      for (const [index, idea] of ideas.entries()) {
        const { asked, unknownWords } = read(idea, tag);
        assert.deepEqual({ asked, unknownWords }, { asked: wanted[index], unknownWords: [] }, idea);
        filter.check(idea, []);
      }
      assert.ok(t('commands.help.example').includes(ideas[0] ?? '?'), 'the example is the first idea');
    });

    test('every word of the glossary means what it stands for, and none is refused', () => {
      const { fillers: _, classWords: __, ...groups } = glossaries[tag] ?? { fillers: [] };
      for (const [group, labels] of Object.entries(groups)) {
        for (const [label, phrases] of Object.entries(labels)) {
          for (const phrase of phrases.map((written) => written.replaceAll('*', ''))) {
            filter.check(phrase, []);
            const meaning = vocabulary[group as 'styles'][label]?.[0];
            assert.equal(glossary.understand(phrase, tag), meaning, `${group} ${label}: ${phrase}`);
          }
        }
      }
    });

    test('every preset has a name of its own, by which it is found', () => {
      for (const kind of ['styles', 'expressions', 'classWords'] as const) {
        const names = presets[kind].map((preset) => nameIn(tag, preset));
        assert.equal(new Set(names).size, names.length, names.join());
        for (const [index, name] of names.entries()) {
          assert.equal(findPreset(presets[kind], ` ${name}`), presets[kind][index], name);
        }
      }
    });
  });
}

test('a language without a glossary and a model without the word leave a prompt as it was', () => {
  assert.equal(glossary.understand('smiling, looking left', 'en'), 'smiling, looking left');
  assert.equal(glossaryOf({}).understand('Ölgemälde', 'de'), 'ölgemälde');
  assert.equal(glossary.understand('und', 'de'), 'und');
});

test('English words stay in a prompt of another language', () => {
  assert.deepEqual(read('smiling, neon, sepia', 'de').unknownWords, []);
});
