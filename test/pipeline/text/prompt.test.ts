import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadManifest } from '../../../pipeline/bundle.js';
import { LikenessError, type PipelineErrorCode } from '../../../pipeline/errors.js';
import { MAX_PROMPT_CHARACTERS, normalisePrompt, readPrompt } from '../../../pipeline/text/prompt.js';
import { withAdded } from '../../fakes/added-phrases.js';
import { FIXTURE_BUNDLE } from '../../fixtures/bundle-copy.js';

const { text, vocabulary } = await loadManifest(FIXTURE_BUNDLE);
const added = withAdded((await loadManifest('models/tiny')).vocabulary);
const read = (prompt: string, classWord?: string) => readPrompt(prompt, { text, vocabulary, classWord });

function refuses(code: PipelineErrorCode): (error: unknown) => boolean {
  return (error) => error instanceof LikenessError && error.code === code;
}

describe('readPrompt', () => {
  it('puts the prompt and the class word into the template', () => {
    assert.equal(read('Smiling,  looking left').sentence, 'smiling, looking left, person is sks');
    assert.equal(read('smiling', 'Woman').sentence, 'smiling, woman is sks');
  });

  it('tidies commas', () => {
    assert.equal(read(' ,smiling,, a man ,').sentence, 'smiling, a man, person is sks');
  });

  it('takes a prompt by the letter, whatever signs are in it', () => {
    assert.equal(read('$& a {class}').sentence, '$& a {class}, person is sks');
  });

  it('finds expression, side and style', () => {
    assert.deepEqual(read('smiling, looking left, pencil sketch').asked, {
      expression: 'happy',
      side: 'left',
      style: 'pencil sketch',
    });
    assert.deepEqual(read('a woman').asked, {});
  });

  it('finds a phrase whose words hyphens join, but not as a part of another word', () => {
    assert.equal(read('smiling, pencil-sketch').asked.style, 'pencil sketch');
    assert.deepEqual(read('no-pencil-sketch').asked, {});
  });

  it('takes no notice of accents: a word that is understood is not named as unknown', () => {
    const { asked, unknownWords } = read('smilíng, pencil skétch');
    assert.deepEqual([asked, unknownWords], [{ expression: 'happy', style: 'pencil sketch' }, []]);
  });

  it('takes what is asked for first, not by the longest words, of two things that exclude each other', () => {
    assert.equal(read('sad, smiling').asked.expression, 'sad');
    assert.equal(read('smiling, sad').asked.expression, 'happy');
  });

  it('takes the longest phrase first and no word twice', () => {
    assert.deepEqual(read('black and white').asked, { style: 'black and white' });
    assert.deepEqual(read('looking straight ahead').asked, { side: 'front' });
  });

  it('finds phrases only as whole words', () => {
    assert.deepEqual(read('leftover sadness').asked, {});
    assert.deepEqual(read('sad-looking').asked, {});
    assert.deepEqual(read('\u{2000b}sad, sad\u{2000b}').asked, {}, 'a letter of two code units');
    assert.deepEqual(read('sadsad, sad').asked, { expression: 'sad' });
  });

  it('names each unknown word once, in its order', () => {
    assert.deepEqual(read('a spaceship, smiling, in space, spaceship').unknownWords, ['spaceship', 'in', 'space']);
  });

  it('knows a hyphened word by itself or by its parts', () => {
    assert.deepEqual(read('close-up, black-and-white, left-handed').unknownWords, ['left-handed']);
  });

  it('named words with the apostrophe that ends a quotation: it is none of theirs', () => {
    assert.deepEqual(read("'smiling', 'on mars'").unknownWords, ['on', 'mars']);
  });

  it('keeps the sks token for the template and says so', () => {
    const prompt = read('sks smiling');
    assert.equal(prompt.sentence, 'smiling, person is sks');
    assert.deepEqual(prompt.unknownWords, ['sks']);
  });

  it('leaves out words that the tokenizer would make the sks token of, and says so', () => {
    const holdsSks = (word: string) => word.includes('sks');
    const prompt = readPrompt('masks, smiling, sks1', { text, vocabulary, holdsSks });
    assert.equal(prompt.sentence, 'smiling, person is sks');
    assert.deepEqual(prompt.unknownWords, ['masks', 'sks1']);
  });

  it('lets no special token in', () => {
    assert.equal(read('<start> smiling [PAD]<|end|>').text, 'start smiling pad end');
  });

  it('refuses a prompt without a word', () => {
    for (const prompt of ['', '  \n', '!?', '\u200b', 'sks'])
      assert.throws(() => read(prompt), refuses('prompt-empty'));
  });

  it('refuses a prompt that is far too long, and takes the longest allowed', () => {
    assert.equal(read('a'.repeat(MAX_PROMPT_CHARACTERS)).text.length, MAX_PROMPT_CHARACTERS);
    assert.throws(() => read('a'.repeat(MAX_PROMPT_CHARACTERS + 1)), refuses('prompt-too-long'));
  });

  it('refuses a class word the bundle does not have', () => {
    assert.throws(() => read('smiling', 'dog'), refuses('class-unknown'));
  });
});

describe('what is added to a portrait', () => {
  const asked = (prompt: string) => readPrompt(prompt, { text, vocabulary: added }).asked;

  it('is read by its own phrases, whatever stands beside it', () => {
    assert.deepEqual(asked('smiling, wearing a santa hat, in the snow, in red light, watercolour'), {
      expression: 'happy',
      style: 'watercolour',
      accessory: 'santa hat',
      backdrop: 'snow',
      light: 'red light',
    });
  });

  it('takes its stretch of text from every other phrase', () => {
    assert.deepEqual(asked('in front of a black wall'), { backdrop: 'black background' });
    assert.deepEqual(asked('black background'), { backdrop: 'black background' });
    assert.deepEqual(asked('blue light under a blue sky'), { backdrop: 'sky', light: 'blue light' });
    assert.deepEqual(asked('wearing a flower crown'), { accessory: 'flower crown' });
    assert.deepEqual(asked('black and white, white background'), {
      style: 'black and white',
      backdrop: 'white background',
    });
  });

  it('means one thing by each phrase', () => {
    const { styles: style, accessories: accessory, backdrops: backdrop, lights: light } = added;
    for (const [kind, labels] of Object.entries({ style, accessory, backdrop, light })) {
      for (const [label, phrases] of Object.entries(labels)) {
        for (const phrase of phrases) assert.deepEqual(asked(phrase), { [kind]: label }, phrase);
      }
    }
  });

  it('means its colour by each word for one, and nothing else', () => {
    for (const phrase of Object.values(added.colours).flat()) assert.deepEqual(asked(phrase), {}, phrase);
  });

  it('is nothing to a model without such groups, whose words stay unknown', () => {
    const { asked: found, unknownWords } = read('smiling, santa hat');
    assert.deepEqual([found, unknownWords], [{ expression: 'happy' }, ['santa', 'hat']]);
  });
});

describe('a scene that the program draws', () => {
  const drawn = (prompt: string) => readPrompt(prompt, { text, vocabulary: added, draft: {} });

  it('has what is worn in each place, a backdrop and a light, and no network is told of them', () => {
    const { scene, sentence, leftOut, asked } = drawn(
      'smiling, wearing a crown, sunglasses, on the beach, in red light',
    );
    assert.deepEqual(scene, {
      backdrop: { label: 'beach', colour: undefined },
      light: 'red light',
      wear: [
        { label: 'crown', colour: undefined },
        { label: 'sunglasses', colour: undefined },
      ],
    });
    assert.equal(sentence, 'smiling, person is sks');
    assert.deepEqual(leftOut, []);
    assert.deepEqual(asked, { expression: 'happy', accessory: 'crown', backdrop: 'beach', light: 'red light' });
    assert.equal(drawn('in space').sentence, 'portrait, person is sks');
  });

  it('takes a laugh for a smile with teeth, and tells the network that finishes drafts of the smile alone', () => {
    const laughing = drawn('grinning, looking left');
    assert.deepEqual(laughing.asked, { expression: 'happy', mouth: 'laughing', side: 'left' });
    assert.equal(laughing.sentence, 'smiling, looking left, person is sks');
    const closed = drawn('a happy face, mouth closed');
    assert.deepEqual(closed.asked, { expression: 'happy', mouth: 'mouth closed' });
    assert.equal(closed.sentence, 'a happy face, person is sks');
    assert.deepEqual(drawn('without teeth').asked, { mouth: 'mouth closed' });
    assert.deepEqual(
      [laughing, closed].flatMap(({ unknownWords }) => unknownWords),
      [],
    );
  });

  it('gives a colour to what stands next to it', () => {
    const worn = (prompt: string) => drawn(prompt).scene.wear.map(({ label, colour }) => [label, colour]);
    assert.deepEqual(worn('a red crown'), [['crown', 'red']]);
    assert.deepEqual(worn('glasses and a green wizard hat'), [
      ['glasses', undefined],
      ['wizard hat', 'green'],
    ]);
    assert.deepEqual(worn('a top hat in blue'), [['top hat', 'blue']]);
    assert.deepEqual(worn('with a red nose and pink headphones'), [
      ['red nose', undefined],
      ['headphones', 'pink'],
    ]);
    assert.deepEqual(drawn('a teal gradient').scene.backdrop, { label: 'gradient', colour: 'turquoise' });
    assert.deepEqual(drawn('smiling, blue').leftOut, ['blue']);
  });

  it('takes two styles in the order of the text, and leaves out a third', () => {
    const { styles, leftOut } = drawn('watercolour, pencil sketch, an aquarelle, comic book');
    assert.deepEqual(styles, ['watercolour', 'pencil sketch']);
    assert.deepEqual(leftOut, ['comic book']);
  });

  it('takes the first of what cannot stand together, and says what it left out', () => {
    const { scene, leftOut } = drawn(
      'on the beach in the snow, glasses, sunglasses, crown, top hat, red light, candlelight',
    );
    assert.equal(scene.backdrop?.label, 'beach');
    assert.equal(scene.light, 'red light');
    assert.deepEqual(
      scene.wear.map(({ label }) => label),
      ['glasses', 'crown'],
    );
    assert.deepEqual(leftOut, ['in the snow', 'sunglasses', 'top hat', 'candlelight']);
    assert.deepEqual(drawn('crown, wearing a crown').leftOut, [], 'said twice');
  });
});

describe('normalisePrompt', () => {
  it('brings look-alikes to one form', () => {
    assert.equal(normalisePrompt(' Ｓmi\u200bling\t“now”  don’t\u0007stop '), 'smiling "now" don\'t stop');
  });
});
