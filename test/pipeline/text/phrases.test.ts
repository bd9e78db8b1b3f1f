import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type Borders,
  findPhrase,
  findPhrases,
  isAmong,
  longestFirst,
  phraseOf,
  rangeIn,
  searched,
  wholeOf,
} from '../../../pipeline/text/phrases.js';

/** What of a text is the phrase, as it is written there. */
function found(phrase: string, given: string, borders: Borders = 'words'): string | undefined {
  const text = searched(given);
  const range = findPhrase(phraseOf(phrase), text, wholeOf(text, borders));
  if (!range) return undefined;
  const { from, to } = rangeIn(text, range);
  return given.slice(from, to);
}

describe('a phrase in a text', () => {
  it('is found whatever its case, accents, hyphens, gaps and apostrophes', () => {
    assert.equal(found('pencil sketch', 'a Pencil  Sketch!'), 'Pencil  Sketch');
    assert.equal(found('pencil sketch', 'a pencil-sketch'), 'pencil-sketch');
    assert.equal(found('cache-œil', 'un cache œil'), 'cache œil');
    assert.equal(found('peinture à l’huile', "PEINTURE A L'HUILE"), "PEINTURE A L'HUILE");
    assert.equal(found('Weihnachtsmütze', 'mit weihnachtsmutze'), 'weihnachtsmutze');
    assert.equal(found('lumiere', 'en lumie\u0300re'), 'lumie\u0300re', 'accents of their own');
    assert.equal(found('lumière', 'en lumière, froide'), 'lumière', 'letters with accents');
  });

  it('is a whole word, of letters of any script', () => {
    assert.equal(found('sad', 'sadness'), undefined);
    assert.equal(found('фон', 'фон1'), undefined);
    assert.equal(found('sad', '\u{2000b}sad, sad\u{2000b}'), undefined, 'a letter of two code units');
    assert.equal(found('sad', 'sadsad, (sad)'), 'sad');
  });

  it('is no part of words that hyphens join, unless compounds are asked for', () => {
    for (const given of ['left-handed', 'un-left', 'no-left-turn']) {
      assert.equal(found('left', given), undefined, given);
      assert.equal(found('left', given, 'compounds'), 'left', given);
    }
    assert.equal(found('left', 'sad - left'), 'left');
  });

  it('may stand anywhere in a script that parts no words, but not in half a letter', () => {
    assert.equal(found('笑顔', '満面の笑顔で', 'anywhere'), '笑顔');
    assert.equal(found('か', 'か\u3099', 'anywhere'), undefined);
  });

  it('has any ending where it says so, the longest', () => {
    assert.equal(found('rot* Krone', 'mit roten Krone'), 'roten Krone');
    assert.equal(found('krone*', 'zwei kronenartige Hüte'), 'kronenartige');
  });
});

describe('the phrases of a text', () => {
  const phrases = longestFirst(['white', 'black and white', 'black', 'wall'].map(phraseOf));
  const all = (given: string) => {
    const text = searched(given);
    return findPhrases(phrases, text, wholeOf(text, 'words')).map(({ phrase }) => phrase.written);
  };

  it('come in its order, the longest of those that share a stretch', () => {
    assert.deepEqual(all('white wall, black and white'), ['white', 'wall', 'black and white']);
    assert.deepEqual(all('black wall and white'), ['black', 'wall', 'white']);
    assert.deepEqual(all('black and black and white and white'), ['black', 'black and white', 'white']);
    assert.deepEqual(all('grey'), []);
  });
});

describe('a word among others', () => {
  const isKnown = isAmong(['sépia', 'close', 'up', 'black-and-white']);

  it('is known by itself or by the parts that hyphens join, whatever its accents', () => {
    for (const word of ['sepia', 'sépia', 'close-up', 'black-and-white']) assert.ok(isKnown(word), word);
    for (const word of ['close-by', 'white', 'sepi']) assert.ok(!isKnown(word), word);
  });
});
