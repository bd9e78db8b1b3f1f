import { Tokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import type { TextSettings } from '../bundle-manifest.js';
import { LikenessError } from '../errors.js';
import { intTensor, type Tensor } from '../tensor.js';
import { isBlank, withUnicodeSpace } from './unicode-space.js';

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

const tokenizerSchema = z.looseObject({
  added_tokens: z.array(z.looseObject({ content: z.string() })).default([]),
  model: z.looseObject({ unk_token: z.string().nullish() }),
});

/**
 * The bundle's own tokenizer, read from the `tokenizer.json` it was trained with.
 * @throws LikenessError `bundle-invalid` when it cannot be read, or the sks token, where there is one, is not exactly one token.
 */
export function createTokenizer(tokenizerJson: object, settings: TextSettings): TextTokenizer {
  const encodeWords = wordEncoder(tokenizerJson, settings);
  const encode = encodeAround(settings, encodeWords);
  return { encode, sequence: (text) => padded(encode(text), settings) };
}

/** The sks token is cut out before the library sees the text. */
function encodeAround(
  { sksToken, sksTokenId }: TextSettings,
  encodeWords: (text: string) => number[],
): (text: string) => number[] {
  if (sksToken === undefined || sksTokenId === undefined) return encodeWords;
  const sks = new RegExp(`(?<![\\p{L}\\p{N}\\p{M}_])${sksToken}(?![\\p{L}\\p{N}\\p{M}_])`, 'giu');
  return (text) => text.split(sks).flatMap((words, part) => [...(part > 0 ? [sksTokenId] : []), ...encodeWords(words)]);
}

// The library takes the sks token wherever its letters stand, in "masks" too, though tokenizer.json marks it as a single
// word. So it is cut out before, and the library never sees it.
function wordEncoder(tokenizerJson: object, settings: TextSettings): (text: string) => number[] {
  const { sksToken, sksTokenId } = settings;
  const json = parse(withUnicodeSpace(tokenizerJson), settings);
  const tokenizer = construct({
    ...json,
    added_tokens: json.added_tokens.filter(({ content }) => content !== sksToken),
  });
  if (sksToken !== undefined && idsOf(construct(json), sksToken).join() !== String(sksTokenId)) {
    throw invalid(settings, `"${sksToken}" is not the one token ${sksTokenId}`);
  }
  const unknown = tokenizer.token_to_id(json.model.unk_token ?? '');
  return (text) =>
    idsOf(tokenizer, text)
      .map((id) => id ?? unknown)
      .filter((id) => id !== undefined);

  function construct(definition: object): Tokenizer {
    try {
      return new Tokenizer(definition, {});
    } catch (cause) {
      throw invalid(settings, 'not a tokenizer', cause);
    }
  }
}

/** The library's ids; it gives undefined for the unknown words of a word-level model. */
function idsOf(tokenizer: Tokenizer, text: string): (number | undefined)[] {
  return isBlank(text) ? [] : tokenizer.encode(text, { add_special_tokens: false }).ids;
}

function parse(tokenizerJson: unknown, settings: TextSettings): z.infer<typeof tokenizerSchema> {
  const parsed = tokenizerSchema.safeParse(tokenizerJson);
  if (!parsed.success) throw invalid(settings, 'not a tokenizer', parsed.error);
  return parsed.data;
}

function invalid({ tokenizer }: TextSettings, problem: string, cause?: unknown): LikenessError {
  return new LikenessError('bundle-invalid', { problem: `${tokenizer}: ${problem}` }, { cause });
}

function padded(ids: readonly number[], { length, startTokenId, endTokenId, padTokenId }: TextSettings): Tensor {
  const limit = length - 2;
  if (ids.length > limit) throw new LikenessError('prompt-too-detailed', { given: ids.length, limit });
  const sequence = [startTokenId, ...ids, endTokenId];
  return intTensor([1, length], [...sequence, ...Array<number>(length - sequence.length).fill(padTokenId)]);
}
