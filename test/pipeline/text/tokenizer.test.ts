import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadBundle } from '../../../pipeline/bundle.js';
import { LikenessError } from '../../../pipeline/errors.js';
import { createTokenizer } from '../../../pipeline/text/tokenizer.js';
import { FIXTURE_BUNDLE } from '../../fixtures/bundle-copy.js';

const { tokenizer: json, manifest } = await loadBundle(FIXTURE_BUNDLE);
const tokenizer = createTokenizer(json, manifest.text);

describe('createTokenizer', () => {
  it('gives the ids of the words, in lower case', () => {
    assert.deepEqual(tokenizer.encode('Smiling, LOOKING left'), [11, 4, 14, 15]);
  });

  it('gives the unknown token for a word outside the vocabulary', () => {
    assert.deepEqual(tokenizer.encode('a spaceship'), [10, 3]);
  });

  it('takes the sks token as a whole word only', () => {
    assert.deepEqual(tokenizer.encode('SKS, masks'), [5, 4, 3]);
    assert.deepEqual(tokenizer.encode('sks'), [5]);
  });

  it('frames and pads a sequence to the length of the bundle', () => {
    const { type, dims, data } = tokenizer.sequence('smiling, person is sks');
    assert.equal(type, 'int64');
    assert.deepEqual(dims, [1, 16]);
    assert.deepEqual([...data].map(Number), [1, 11, 4, 7, 6, 5, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('gives start, end and padding for no words at all', () => {
    assert.deepEqual([...tokenizer.sequence('').data].slice(0, 3).map(Number), [1, 2, 0]);
  });

  it('fills the length to the last place, and refuses one word more', () => {
    assert.equal(tokenizer.sequence('a '.repeat(14)).data.at(-1), 2n);
    assert.throws(
      () => tokenizer.sequence('a '.repeat(15)),
      (error) => {
        assert.ok(error instanceof LikenessError);
        assert.equal(error.code, 'prompt-too-detailed');
        assert.deepEqual(error.data, { given: 15, limit: 14 });
        return true;
      },
    );
  });

  it('refuses a tokenizer that splits the sks token or gives it another id', () => {
    for (const settings of [{ sksTokenId: 6 }, { sksToken: 'person' }, { sksToken: 'zwx' }]) {
      assert.throws(
        () => createTokenizer(json, { ...manifest.text, ...settings }),
        (error) => error instanceof LikenessError && error.code === 'bundle-invalid',
      );
    }
  });

  it('knows no such token where the bundle has none: the letters are a word like others', () => {
    const { sksToken: _token, sksTokenId, ...text } = manifest.text;
    const plain = createTokenizer(json, text);
    assert.deepEqual(plain.encode('a photo'), tokenizer.encode('a photo'));
    assert.ok(sksTokenId !== undefined && tokenizer.encode('sks').includes(sksTokenId));
  });

  it('refuses what is no tokenizer', () => {
    assert.throws(
      () => createTokenizer({ version: '1.0' }, manifest.text),
      (error) => error instanceof LikenessError && error.code === 'bundle-invalid',
    );
  });
});
