import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadManifest } from '../../pipeline/bundle.js';
import { readPrompt } from '../../pipeline/text/prompt.js';
import { findPreset, nameIn, presetsOf } from '../../src/chat/presets.js';
import { glossaries } from '../../src/language/glossaries.js';
import { glossaryOf, presetNames } from '../../src/language/glossary.js';
import { languages, translator } from '../../src/language/texts.js';
import { createPromptFilter } from '../../src/safety/prompt-filter.js';
import { addedPhrases, withAll } from '../fakes/added-phrases.js';

const { vocabulary: shipped, text } = await loadManifest('models/tiny');
const vocabulary = withAll(shipped);
const glossary = glossaryOf(vocabulary);
const presets = presetsOf({ ...vocabulary, classWords: text.classWords }, presetNames);
const filter = createPromptFilter();
const others = languages.filter((tag) => tag !== 'en');

/** What the model makes of a prompt in a language. */
const read = (prompt: string, locale: string) => readPrompt(glossary.understand(prompt, locale), { vocabulary, text });

/** Free words of members, by language: what is asked for, and a word that no model knows. */
const said: Readonly<Record<string, readonly [prompt: string, unknown: string]>> = {
  de: ['lächelnd, nach links schauend, Bleistiftzeichnung, mit Regenschirm', 'regenschirm'],
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

/** Free words for a Santa hat before a black wall in red light, and for headphones in the snow in moonlight. */
const added: Readonly<Record<string, readonly [first: string, second: string]>> = {
  de: ['mit Weihnachtsmütze vor einer schwarzen Wand, rotes Licht', 'trägt Kopfhörer im Schnee bei Mondlicht'],
  es: [
    'con gorro de papa noel delante de una pared negra, luz roja',
    'con auriculares en la nieve a la luz de la luna',
  ],
  fr: ['bonnet de noël devant un mur noir, lumière rouge', 'avec un casque sous la neige au clair de lune'],
  it: ['cappello di babbo natale davanti a un muro nero, luce rossa', 'con le cuffie nella neve al chiaro di luna'],
  'pt-BR': ['gorro de natal em frente a uma parede preta, luz vermelha', 'com fones de ouvido na neve, luz da lua'],
  pl: ['w czapce mikołaja przed czarną ścianą, czerwone światło', 'w słuchawkach w śniegu przy świetle księżyca'],
  ru: ['в шапке деда мороза у черной стены, красный свет', 'в наушниках в снегу при лунном свете'],
  uk: ['у шапці санти біля чорної стіни, червоне світло', 'у навушниках у снігу при місячному світлі'],
  tr: ['noel baba şapkası siyah duvarın önünde, kırmızı ışık', 'kulaklıklı, karda, ay ışığında'],
  ja: ['サンタ帽をかぶって黒い壁の前で、赤い光', 'ヘッドホンをつけて雪の中、月明かり'],
  ko: ['산타 모자를 쓰고 검은 벽 앞에서, 빨간 조명', '헤드폰을 쓰고 눈 속에서, 달빛'],
  'zh-CN': ['戴着圣诞帽在黑色的墙前面，红光', '戴着耳机在雪中，月光'],
  'zh-TW': ['戴著聖誕帽在黑色的牆前面，紅光', '戴著耳機在雪中，月光'],
  ar: ['يرتدي قبعة سانتا أمام جدار أسود، ضوء أحمر', 'مع سماعات في الثلج تحت ضوء القمر'],
  hi: ['सांता टोपी पहने काली दीवार के सामने, लाल रोशनी', 'हेडफ़ोन पहने बर्फ़ में, चाँदनी'],
};

for (const tag of others) {
  describe(`prompts in ${tag}`, () => {
    test('free words are understood, and the one nobody knows is named as it was written', () => {
      const [prompt = '', unknown = ''] = said[tag] ?? [];
      const { asked, unknownWords } = read(prompt, tag);
      assert.deepEqual(asked, { expression: 'happy', side: 'left', style: 'pencil sketch' });
      assert.deepEqual(unknownWords, [unknown.toLowerCase()]);
    });

    test('free words for what is added are understood to the last word, and none of them is a style or a face', () => {
      const [first = '', second = ''] = added[tag] ?? [];
      const found = [read(first, tag), read(second, tag)].map(({ asked, unknownWords }) => ({ asked, unknownWords }));
      assert.deepEqual(found, [
        { asked: { accessory: 'santa hat', backdrop: 'black background', light: 'red light' }, unknownWords: [] },
        { asked: { accessory: 'headphones', backdrop: 'snow', light: 'cold light' }, unknownWords: [] },
      ]);
    });

    test('there are words for everything that can be added or asked, and no word stands for two things', () => {
      const { fillers: _, ...groups } = glossaries[tag] ?? { fillers: [] };
      for (const [group, labels] of Object.entries(addedPhrases)) {
        const known = groups[group as keyof typeof addedPhrases] ?? {};
        assert.deepEqual(Object.keys(known).sort(), Object.keys(labels).sort(), group);
        for (const [label, phrases] of Object.entries(known)) assert.ok(phrases.length >= 1, label);
      }
      for (const group of ['styles', 'expressions', 'mouths', 'sides', 'heights', 'tilts', 'framings'] as const) {
        const known = glossaries[tag]?.[group] ?? {};
        for (const label of Object.keys(shipped[group])) assert.ok((known[label] ?? []).length >= 1, label);
      }
      const all = Object.values(groups).flatMap((labels) => Object.values(labels).flat());
      const written = all.map((phrase) => phrase.toLowerCase());
      assert.deepEqual(
        written.filter((phrase, index) => written.indexOf(phrase) !== index),
        [],
      );
    });

    test('what the program itself suggests is understood to the last word, and allowed', () => {
      const t = translator(tag);
      const example = t('commands.help.example');
      const idea = /「(.+)」/u.exec(example)?.[1] ?? example.split(/[:：]\s*/u).at(-1) ?? '';
      const { asked, unknownWords } = read(idea, tag);
      const wanted = { expression: 'happy', side: 'left', style: 'pencil sketch' };
      assert.deepEqual({ asked, unknownWords }, { asked: wanted, unknownWords: [] }, idea);
      filter.check(idea, []);
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
      for (const kind of ['styles', 'expressions', 'accessories', 'backdrops', 'lights', 'classWords'] as const) {
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

test('who told the model where to look was not understood, and not told so: it is asked for as it is', () => {
  for (const told of ['look left', 'Turn to the left', 'smiling, face left, close-up', 'head turned left']) {
    assert.deepEqual([read(told, 'en').asked.side, read(told, 'en').unknownWords], ['left', []], told);
  }
  assert.equal(read('look up', 'de').asked.height, 'up');
  assert.equal(read("don't look left", 'en').asked.side, undefined);
  assert.equal(read('a window to the left', 'en').asked.side, undefined);
});

test('English words stay in a prompt of another language', () => {
  assert.deepEqual(read('smiling, neon, sepia', 'de').unknownWords, []);
});

test('accents, hyphens, gaps and apostrophes count as they are typed', () => {
  const written = [
    ['fr', 'LUMIERE   FROIDE, peinture à l’huile', 'in cold light, oil painting'],
    ['fr', 'cache oeil', 'wearing an eye patch'],
    ['de', 'Weihnachtsmutze', 'wearing a santa hat'],
    ['ru', 'на фоне зеленой стены', 'green background'],
    ['hi', 'हेडफोन', 'wearing headphones'],
    ['ja', 'かけた メガネ の', 'wearing glasses'],
  ] as const;
  for (const [tag, prompt, meaning] of written) assert.equal(glossary.understand(prompt, tag), meaning);
});

test('colours of a language stand before what has them, wherever the language puts them', () => {
  const written = [
    ['de', 'mit roter Krone und blauer Brille', 'red wearing a crown, blue wearing glasses'],
    ['es', 'con corona roja y gafas azules', 'red wearing a crown, blue wearing glasses'],
    ['fr', 'couronne rouge, lunettes bleues', 'red wearing a crown, blue wearing glasses'],
    ['pt-BR', 'coroa vermelha e óculos azuis', 'red wearing a crown, blue wearing glasses'],
    ['ru', 'в красной короне и синих очках', 'red wearing a crown, blue wearing glasses'],
    ['ja', '赤い王冠と青いメガネ', 'red wearing a crown, blue wearing glasses'],
    ['zh-CN', '戴着红色的王冠和蓝色眼镜', 'red wearing a crown, blue wearing glasses'],
    ['ar', 'تاج أحمر، نظارات زرقاء', 'red wearing a crown, blue wearing glasses'],
    ['hi', 'लाल मुकुट और नीला चश्मा', 'red wearing a crown, blue wearing glasses'],
  ] as const;
  for (const [tag, prompt, meaning] of written) assert.equal(glossary.understand(prompt, tag), meaning, tag);
});

test('a word that only begins or ends as a known one stays unknown', () => {
  assert.equal(glossary.understand('Kronen, Waldi, Schneemann', 'de'), 'kronen, waldi, schneemann');
  assert.equal(glossary.understand('brillenlos rotbraunes Licht', 'de'), 'brillenlos, in red light');
  assert.equal(glossary.understand('чёрный фон1', 'ru'), 'black фон1');
});

/** What members do not want, by language: each speaks of a smile or a laugh and then of what is wanted. */
const unwanted: Readonly<Record<string, readonly string[]>> = {
  en: [
    "don't smile, looking left",
    'without a smile but looking left',
    'looking left, no laughing',
    'never smiling, looking left',
  ],
  de: [
    'ohne Lächeln, nach links schauend',
    'nicht lächelnd, nach links schauend',
    'lächelnd nicht, nach links schauend',
  ],
  es: ['sin sonreír, mirando a la izquierda', 'no sonriendo, mirando a la izquierda'],
  fr: ['sans sourire, regardant à gauche', 'pas souriante, regardant à gauche'],
  it: ['senza sorridere, guardando a sinistra', 'non sorridente, guardando a sinistra'],
  'pt-BR': ['sem sorrir, olhando para a esquerda', 'não sorrindo, olhando para a esquerda'],
  pl: ['bez uśmiechu, patrząca w lewo', 'nie uśmiechnięta, patrząca w lewo'],
  ru: ['без улыбки, смотрит влево', 'не улыбается, смотрит влево'],
  uk: ['без усмішки, дивиться ліворуч', 'не усміхнена, дивиться ліворуч'],
  tr: ['gülümsemeyen, sola bakan', 'gülümseme olmadan, sola bakan'],
  ja: ['笑顔なし、左を向いた', '笑わない、左を向いた'],
  ko: ['웃지 않는, 왼쪽을 바라보는', '미소 없이, 왼쪽을 바라보는'],
  'zh-CN': ['不微笑，看向左边', '没有笑容，看向左边'],
  'zh-TW': ['不微笑，看向左邊', '沒有笑容，看向左邊'],
  ar: ['بدون ابتسامة، تنظر إلى اليسار', 'غير مبتسمة، تنظر إلى اليسار'],
  hi: ['मुस्कान के बिना, बाईं ओर देखते हुए', 'मुस्कुराती हुई नहीं, बाईं ओर देखते हुए'],
};

for (const [locale, prompts] of Object.entries(unwanted)) {
  test(`in ${locale} what is not wanted is not asked for, and the rest is`, () => {
    for (const prompt of prompts) {
      const { asked } = read(prompt, locale);
      assert.notEqual(asked.expression, 'happy', prompt);
      assert.equal(asked.side, 'left', prompt);
    }
  });
}

test('the note names what was left out, and words that negate and mean something keep their meaning', () => {
  assert.deepEqual(read("don't smile", 'en').unknownWords, ["don't-smile"]);
  assert.deepEqual(read('smiling without glasses', 'en'), { ...read('smiling, without-glasses', 'en') });
  assert.equal(read('smiling without glasses', 'en').asked.expression, 'happy');
  assert.equal(read('not smiling', 'en').asked.expression, 'neutral');
  assert.equal(read('smiling, looking left', 'en').text, 'smiling, looking left');
});

test('a mouth that is asked for without its teeth is no negation: it was read as a wish for nothing', () => {
  const written = [
    ['en', 'smiling without teeth'],
    ['de', 'lächelnd, ohne Zähne'],
    ['es', 'sonriendo, sin enseñar los dientes'],
    ['fr', 'souriante, sans montrer les dents'],
    ['ru', 'с улыбкой, без зубов'],
    ['ja', '笑顔、歯を見せずに'],
    ['zh-CN', '微笑，不露齿'],
    ['hi', 'मुस्कुराते हुए, बिना दाँत दिखाए'],
  ] as const;
  for (const [locale, prompt] of written) {
    const { asked, unknownWords } = read(prompt, locale);
    assert.deepEqual([asked, unknownWords], [{ expression: 'happy', mouth: 'mouth closed' }, []], prompt);
  }
});

test('words are understood in any language there is, whatever the one of the member', () => {
  const written = [
    ['en', 'lächelnd, nach links schauend', 'smiling, looking left'],
    ['fr', 'sonriendo, dibujo a lápiz', 'smiling, pencil sketch'],
    ['ja', 'smiling, pencil sketch', 'smiling, pencil sketch'],
  ] as const;
  for (const [locale, prompt, meaning] of written)
    assert.equal(glossaryOf(shipped).understand(prompt, locale), meaning);
});

test('words nobody knows made a whole album of something else: they are told apart from those that were mistyped', () => {
  const { check } = glossaryOf(shipped);
  assert.deepEqual(check('smiling, looking left'), { means: true, unknown: [], slips: [] });
  assert.deepEqual(check('smilling, watercolr'), {
    means: false,
    unknown: ['smilling', 'watercolr'],
    slips: [
      { written: 'smilling', near: 'smiling' },
      { written: 'watercolr', near: 'watercolor' },
    ],
    near: 'smiling, watercolor',
  });
  assert.deepEqual(check('in a submarine, in a dress'), { means: false, unknown: ['submarine', 'dress'], slips: [] });
  assert.deepEqual(check('happy in a submarine'), { means: true, unknown: ['submarine'], slips: [] });
  assert.deepEqual(check('sand'), { means: false, unknown: ['sand'], slips: [] }, 'a short word may be any other');
  assert.deepEqual(glossaryOf({ ...shipped, open: true }).check('anything'), {
    means: true,
    unknown: [],
    slips: [],
  });
});

test('a style whose words hyphens join was understood by the model and not by the check before it', () => {
  const { check } = glossaryOf(shipped);
  assert.equal(check('a pencil-sketch of a submarine').means, true);
  assert.equal(check('no-pencil-sketch').means, false);
});

test('two words that are one are mended where they stand', () => {
  const { slips, near } = glossaryOf(shipped).check('smiling, moon  light, moon');
  assert.deepEqual(slips, [{ written: 'moon  light', near: 'moonlight' }]);
  assert.equal(near, 'smiling, moonlight, moon');
});
