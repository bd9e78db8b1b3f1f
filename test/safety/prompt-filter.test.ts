import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { languages } from '../../src/language/texts.js';
import { createMatcher } from '../../src/safety/matcher.js';
import { createPromptFilter } from '../../src/safety/prompt-filter.js';
import { wordLists } from '../../src/safety/words/lists.js';

const filter = createPromptFilter();

function refusalOf(prompt: string, blocked: readonly string[] = []): string | undefined {
  try {
    filter.check(prompt, blocked);
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unexpected';
  }
}

const refused: readonly (readonly [prompt: string, code: string])[] = [
  ['nude', 'prompt-sexual'],
  ['portrait of me, NAKED', 'prompt-sexual'],
  ['ｎｕｄｅ in full-width letters', 'prompt-sexual'],
  ['n\u200bu\u00add\u2060e', 'prompt-sexual'],
  ['nüdé', 'prompt-sexual'],
  ['пudе with a Russian letter', 'prompt-sexual'],
  ['n00d? no: nud3', 'prompt-sexual'],
  ['p*rn star', 'prompt-sexual'],
  ['n u d e', 'prompt-sexual'],
  ['s.e.x.y', 'prompt-sexual'],
  ['nuuuuuude', 'prompt-sexual'],
  ['nu-de', 'prompt-sexual'],
  ['without   clothes', 'prompt-sexual'],
  ['5exy', 'prompt-sexual'],
  ['a sexy teenager', 'prompt-minor'],
  ['girl in a bikini', 'prompt-minor'],
  ['my d4ughter, underw3ar', 'prompt-minor'],
  ['16 year old, swimsuit', 'prompt-minor'],
  ['me aged 12, bikini', 'prompt-minor'],
  ['l0l1', 'prompt-minor'],
  ['in a NAZI uniform', 'prompt-hateful'],
  ['white  power', 'prompt-hateful'],
  ['s w a s t i k a', 'prompt-hateful'],
  ['nudo, con la corbata', 'prompt-sexual'],
  ['nude, lipstick', 'prompt-sexual'],
  ['nude lipstick, naked', 'prompt-sexual'],
  ['a retard, en face', 'prompt-hateful'],
];

for (const [prompt, code] of refused) {
  test(`“${prompt}” is refused as ${code}`, () => assert.equal(refusalOf(prompt), code));
}

const allowed = [
  'smiling, looking left, pencil sketch',
  'happy, looking left, watercolour',
  'a young woman in a garden',
  'a child with a balloon',
  'a woman in a bikini on the beach',
  'the Duke of Sussex in Essex, from Middlesex',
  'Scunthorpe, cocktail, class, assassin, grape, pass',
  'can u dehydrate it, it’s ex-army style',
  'bathing in light, aged 45',
  'as a knight in a spiced-wine cellar',
  // Words that are listed in another language, or in another sense.
  'con nudo de corbata, sonriendo',
  'un nudo Windsor, traje negro',
  'je suis en retard, portrait au crayon',
  'smiling, nude lipstick',
  'spic and span kitchen',
  'lächelnd vor einer nackten Wand',
  'delante de una pared desnuda',
  'davanti a una parete nuda',
  'na frente de uma parede nua',
  'przed gołą ścianą',
  'у голой стены',
  'біля голої стіни',
  'çıplak duvar önünde',
];

for (const prompt of allowed) {
  test(`“${prompt}” is allowed`, () => assert.equal(refusalOf(prompt), undefined));
}

test('there is a list for every language there are texts in, in plain letters', () => {
  assert.deepEqual(
    languages.filter((language) => !(language in wordLists)),
    [],
  );
  for (const lists of Object.values(wordLists)) {
    for (const word of Object.values(lists).flat())
      assert.match(word, /^[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}]+( [\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}]+)*\*?$/u);
  }
});

test('a server’s own words are found in every disguise, and named as the server wrote them', () => {
  assert.throws(() => filter.check('a Cl0wn', ['Clown']), { code: 'word-blocked', data: { entry: 'Clown' } });
  assert.equal(refusalOf('красный шар', ['ШАР']), 'word-blocked');
  assert.equal(refusalOf('a crown', ['clown', '*', '', ' ']), undefined);
  assert.equal(refusalOf('clowns', ['clown']), undefined);
  assert.equal(refusalOf('clowns', ['clown*']), 'word-blocked');
});

const invisible = fc.constantFrom('', '', '\u200b', '\u00ad', '\u2060', '\u0301', '\u200d');
const upper = fc.boolean();
const doubled = fc.integer({ min: 1, max: 40 });
const digits: Readonly<Record<string, string>> = { a: '4', e: '3', i: '1', o: '0', s: '5', t: '7' };
const words = Object.values(wordLists).flatMap(({ sexual, hateful, abuse }) => [...sexual, ...hateful, ...abuse]);
const single = words.filter((word) => /^\p{L}{4,}$/u.test(word));

/** A listed word as somebody writes it who wants it not to be found. */
const disguised = fc.constantFrom(...single).chain((word) =>
  fc
    .array(fc.record({ invisible, upper, doubled, digit: fc.boolean() }), {
      minLength: word.length,
      maxLength: word.length,
    })
    .map((ways) =>
      [...word]
        .map((letter, at) => {
          const way = ways[at];
          if (!way) return letter;
          const shown = way.digit ? (digits[letter] ?? letter) : way.upper ? letter.toUpperCase() : letter;
          return shown.repeat(way.doubled) + way.invisible;
        })
        .join(''),
    ),
);
const plain = fc.constantFrom('', 'smiling,', 'oil painting of', 'with a hat', '–', 'looking left');

test('property: no disguise of a listed word gets past the filter, whatever stands around it', () => {
  fc.assert(
    fc.property(plain, disguised, plain, (before, word, after) => {
      assert.notEqual(refusalOf(`${before} ${word} ${after}`), undefined);
    }),
    { numRuns: 200 },
  );
});

test('property: spelling a listed word out does not get past the filter', () => {
  const gap = fc.constantFrom(' ', '.', ' - ', '_', ' \u200b');
  fc.assert(
    fc.property(fc.constantFrom(...single), gap, (word, between) => {
      assert.notEqual(refusalOf(`a ${[...word].join(between)} b`), undefined);
    }),
  );
});

test('property: any text is judged, and only by the filter’s own sentences', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (prompt) => {
      assert.notEqual(refusalOf(prompt, ['clown']), 'unexpected');
    }),
  );
});

test('rows of signs that stand for letters are gone through at once', () => {
  const match = createMatcher(['aeiouaeioux', 'ililililx']);
  assert.equal(match('*'.repeat(300)), undefined);
  assert.equal(match('*1|'.repeat(100)), undefined);
});
