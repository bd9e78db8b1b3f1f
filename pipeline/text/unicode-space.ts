/**
 * What counts as a space in a `tokenizer.json`: JavaScript's `\s` holds U+FEFF and lacks U+0085, while the tokenizers that a
 * bundle is trained with go by Unicode's White_Space. The library takes `\s` as JavaScript does, in the file's patterns and
 * in one of its own.
 */

const SPACE = '\\p{White_Space}';

/** How byte-level tokenizers cut text (Radford et al. 2019); the library keeps this pattern to itself. */
const BYTE_LEVEL = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

/** Whether a text is nothing but spaces. */
export function isBlank(text: string): boolean {
  return /^\p{White_Space}*$/u.test(text);
}

/** A copy of a tokenizer's definition, its patterns written out in Unicode's terms. */
export function withUnicodeSpace(json: object): unknown {
  return rewrite(json, (key, value) => {
    if (key === 'Regex' && typeof value === 'string') return spelledOut(value);
    return key === 'pre_tokenizer' ? rewrite(value, (_, part) => (isCutting(part) ? cutBefore(part) : part)) : value;
  });
}

function rewrite(json: unknown, change: (key: string, value: unknown) => unknown): unknown {
  return JSON.parse(JSON.stringify(json), change);
}

function spelledOut(pattern: string): string {
  return pattern.replaceAll('\\s', SPACE).replaceAll('\\S', `[^${SPACE}]`);
}

/** A byte-level pre-tokenizer that cuts by its own pattern. */
function isCutting(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || !('type' in value) || value.type !== 'ByteLevel') return false;
  return 'use_regex' in value && value.use_regex === true && 'add_prefix_space' in value && !value.add_prefix_space;
}

/** The same in two steps: cut by the pattern, written out, and then to bytes. */
function cutBefore(byteLevel: object): object {
  const cut = { type: 'Split', pattern: { Regex: spelledOut(BYTE_LEVEL) }, behavior: 'Isolated', invert: false };
  return { type: 'Sequence', pretokenizers: [cut, { ...byteLevel, use_regex: false }] };
}
