import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadBundle } from '../../../pipeline/bundle.js';
import { createTokenizer } from '../../../pipeline/text/tokenizer.js';

/** What `likeness_training.golden.tokens` writes; ids are framed, cut to `length` and not padded. */
interface Golden {
  readonly length: number;
  readonly tokenizer: string;
  readonly cases: readonly { readonly text: string; readonly ids: readonly number[] }[];
}

const folder = fileURLToPath(new URL('../../fixtures/sd21', import.meta.url));
const golden: Golden = JSON.parse(await readFile(new URL('../../golden/sd21-tokens.json', import.meta.url), 'utf8'));

it("1,000 odd strings give the ids that transformers' CLIP tokenizer gives", async () => {
  const { manifest, tokenizer: json } = await loadBundle(folder);
  assert.equal(manifest.tokenizerSha256, golden.tokenizer);
  assert.equal(manifest.text.length, golden.length);
  assert.equal(golden.cases.length, 1000);
  const tokenizer = createTokenizer(json, manifest.text);
  const differ = golden.cases.filter(({ text, ids }) => {
    const words = ids.slice(1, -1);
    return (
      tokenizer
        .encode(text)
        .slice(0, golden.length - 2)
        .join() !== words.join()
    );
  });
  assert.deepEqual(
    differ.map(({ text }) => text),
    [],
  );
});

it("goes by Unicode's white space, not JavaScript's: U+FEFF is a character, U+0085 is none", async () => {
  const { manifest, tokenizer: json } = await loadBundle(folder);
  const tokenizer = createTokenizer(json, manifest.text);
  assert.equal(tokenizer.encode('\u0085').length, 0);
  assert.ok(tokenizer.encode('\ufeff').length > 0);
  assert.deepEqual(tokenizer.encode('a\u0085portrait'), tokenizer.encode('a portrait'));
});
