import { Tokenizer } from '@huggingface/tokenizers';
import type { TextSettings } from '../bundle-manifest.js';
import { LikenessError } from '../errors.js';
import { intTensor, type Tensor } from '../tensor.js';

/** Text to what `text_encoder` takes. */
export interface TextTokenizer {
  /** The token ids of a text, without start, end and padding. */
  encode(text: string): readonly number[];
  /**
   * Start, the ids, end, padded to the bundle's length: int64 `[1, length]`.
   * @throws LikenessError `prompt-too-detailed` when they do not fit.
   */
  sequence(text: string): Tensor;
}

/**
 * The bundle's own tokenizer, read from the `tokenizer.json` it was trained with.
 * @throws LikenessError `bundle-invalid` when it cannot be read or the sks token is not exactly one token.
 */
export function createTokenizer(tokenizerJson: object, settings: TextSettings): TextTokenizer {
  const tokenizer = construct(tokenizerJson, settings);
  const encode = (text: string) => (text === '' ? [] : tokenizer.encode(text, { add_special_tokens: false }).ids);
  assertSksIsOneToken(encode, settings);
  return {
    encode,
    sequence: (text) => padded(encode(text), settings),
  };
}

function construct(tokenizerJson: object, { tokenizer }: TextSettings): Tokenizer {
  try {
    return new Tokenizer(tokenizerJson, {});
  } catch (cause) {
    throw new LikenessError('bundle-invalid', { problem: `${tokenizer}: not a tokenizer` }, { cause });
  }
}

function assertSksIsOneToken(encode: (text: string) => readonly number[], settings: TextSettings): void {
  const { sksToken, sksTokenId, tokenizer } = settings;
  const ids = encode(`person is ${sksToken}`);
  const alone = encode(sksToken);
  const once = ids.filter((id) => id === sksTokenId).length === 1 && ids.at(-1) === sksTokenId;
  if (once && alone.length === 1 && alone[0] === sksTokenId) return;
  throw new LikenessError('bundle-invalid', {
    problem: `${tokenizer}: "${sksToken}" is not the one token ${sksTokenId}`,
  });
}

function padded(ids: readonly number[], { length, startTokenId, endTokenId, padTokenId }: TextSettings): Tensor {
  const limit = length - 2;
  if (ids.length > limit) throw new LikenessError('prompt-too-detailed', { given: ids.length, limit });
  const sequence = [startTokenId, ...ids, endTokenId];
  return intTensor([1, length], [...sequence, ...Array<number>(length - sequence.length).fill(padTokenId)]);
}
