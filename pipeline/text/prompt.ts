import type { TextSettings, Vocabulary } from '../bundle-manifest.js';
import { LikenessError } from '../errors.js';
import { EXPRESSIONS, type Expression } from '../face/face.js';

/** The longest prompt that is looked at, in characters after normalising. */
export const MAX_PROMPT_CHARACTERS = 300;

const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}'-]*/gu;
const ENDS_IN_WORD = /[\p{L}\p{N}-]$/u;
const BEGINS_WORD = /^[\p{L}\p{N}-]/u;

/** The sides a face can be asked to look to, as the viewer of the picture sees them. */
export const SIDES = ['left', 'right', 'front'] as const;

/** One of `SIDES`. */
export type Side = (typeof SIDES)[number];

/** What can be added to a portrait by words. */
export const ADDITIONS = ['accessory', 'backdrop', 'light'] as const;

/** One of `ADDITIONS`. */
export type Addition = (typeof ADDITIONS)[number];

/** What a prompt asks for; the album is chosen by expression and side. */
export interface Asked extends Readonly<Partial<Record<Addition, string>>> {
  readonly expression?: Expression;
  readonly side?: Side;
  readonly style?: string;
  readonly height?: string;
  readonly tilt?: string;
  readonly framing?: string;
}

/** A prompt as the pipeline understands it. */
export interface ReadPrompt {
  /** Normalised, without words that cannot be used. */
  readonly text: string;
  /** The full sentence for the text encoder. */
  readonly sentence: string;
  readonly asked: Asked;
  /** Words of the prompt that the bundle was not trained on, in their order, each once. */
  readonly unknownWords: readonly string[];
}

/** What reading a prompt depends on. */
export interface PromptContext {
  readonly text: TextSettings;
  readonly vocabulary: Vocabulary;
  /** One of the bundle's class words; the first of them when missing. */
  readonly classWord?: string | undefined;
  /** Whether the tokenizer makes the sks token of a word or a part of it; the sks token itself when missing. */
  readonly holdsSks?: ((word: string) => boolean) | undefined;
}

/**
 * Understands a prompt: normalises it, puts it into the bundle's template, finds what it asks for and which words the
 * bundle does not know.
 * @throws LikenessError `prompt-empty`, `prompt-too-long` (in characters) or `class-unknown`.
 */
export function readPrompt(prompt: string, context: PromptContext): ReadPrompt {
  const normalised = normalisePrompt(prompt);
  const text = withoutSks(normalised, context);
  if (wordsOf(text).length === 0) throw new LikenessError('prompt-empty');
  if (text.length > MAX_PROMPT_CHARACTERS) {
    throw new LikenessError('prompt-too-long', { given: text.length, limit: MAX_PROMPT_CHARACTERS });
  }
  return {
    text,
    sentence: context.text.template.replace('{class}', classWordOf(context)).replace('{prompt}', () => text),
    asked: readAsked(text, context.vocabulary),
    unknownWords: unknownWords(normalised, context),
  };
}

/**
 * Unicode compatibility form, lower case, straight quotes, single spaces, no control characters, and none of the
 * brackets that special tokens such as `<start>` are written with.
 */
export function normalisePrompt(prompt: string): string {
  return prompt
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u2018\u2019]/gu, "'")
    .replace(/[\u201c\u201d]/gu, '"')
    .replace(/\p{Cf}+/gu, '')
    .replace(/[\s\p{Cc}<>|[\]]+/gu, ' ')
    .trim();
}

function classWordOf({ text: { classWords }, classWord }: PromptContext): string {
  const [fallback = 'person'] = classWords;
  const word = classWord === undefined ? fallback : normalisePrompt(classWord);
  if (!classWords.includes(word))
    throw new LikenessError('class-unknown', { given: word, known: classWords.join(', ') });
  return word;
}

function wordsOf(text: string): string[] {
  return text.match(WORD) ?? [];
}

// The sks token stands for the person and is the template's to place: a second one would hide part of the prompt.
function withoutSks(text: string, context: PromptContext): string {
  return tidyCommas(text.replace(WORD, (word) => (holdsSks(word, context) ? ' ' : word)));
}

function tidyCommas(text: string): string {
  return text
    .split(',')
    .map((part) => part.replace(/ +/g, ' ').trim())
    .filter((part) => part !== '')
    .join(', ');
}

function holdsSks(word: string, context: PromptContext): boolean {
  return context.holdsSks?.(word) ?? word === context.text.sksToken;
}

function unknownWords(text: string, context: PromptContext): string[] {
  const { words, open } = context.vocabulary;
  const known = new Set(words);
  const isKnown = (word: string) =>
    open || known.has(word) || (word.includes('-') && word.split('-').every((part) => known.has(part)));
  return [...new Set(wordsOf(text))].filter((word) => holdsSks(word, context) || !isKnown(word));
}

function readAsked(text: string, vocabulary: Vocabulary): Asked {
  const { expressions, sides, styles, heights, tilts, framings, accessories, backdrops, lights } = findPhrases(
    text,
    vocabulary,
  );
  const expression = EXPRESSIONS.find((name) => name === expressions);
  const side = SIDES.find((name) => name === sides);
  return {
    ...(expression && { expression }),
    ...(side && { side }),
    ...(styles !== undefined && { style: styles }),
    ...(heights !== undefined && { height: heights }),
    ...(tilts !== undefined && { tilt: tilts }),
    ...(framings !== undefined && { framing: framings }),
    ...(accessories !== undefined && { accessory: accessories }),
    ...(backdrops !== undefined && { backdrop: backdrops }),
    ...(lights !== undefined && { light: lights }),
  };
}

const ASKED_GROUPS = [
  ...(['expressions', 'sides', 'styles', 'heights', 'tilts', 'framings'] as const),
  ...(['accessories', 'backdrops', 'lights'] as const),
] as const;

type AskedGroup = (typeof ASKED_GROUPS)[number];

/** For each group the label of its longest phrase in the text; a stretch of text counts for one phrase only. */
function findPhrases(text: string, vocabulary: Vocabulary): Partial<Record<AskedGroup, string>> {
  const found: Partial<Record<AskedGroup, string>> = {};
  let rest = text;
  for (const { group, label, phrase } of longestFirst(vocabulary)) {
    const without = withoutPhrase(rest, phrase);
    if (without === rest) continue;
    rest = without;
    found[group] ??= label;
  }
  return found;
}

interface AskedPhrase {
  readonly group: AskedGroup;
  readonly label: string;
  readonly phrase: string;
}

/** Ordering the phrases of a vocabulary takes longer than looking for them. */
const ordered = new WeakMap<Vocabulary, readonly AskedPhrase[]>();

function longestFirst(vocabulary: Vocabulary): readonly AskedPhrase[] {
  const known = ordered.get(vocabulary);
  if (known) return known;
  const phrases = ASKED_GROUPS.flatMap((group) =>
    Object.entries(vocabulary[group]).flatMap(([label, words]) =>
      words.flatMap(withHyphens).map((phrase) => ({ group, label, phrase })),
    ),
  ).sort((first, second) => second.phrase.length - first.phrase.length);
  ordered.set(vocabulary, phrases);
  return phrases;
}

/** A phrase as it may be written. */
function withHyphens(phrase: string): string[] {
  return phrase.includes(' ') ? [phrase, phrase.replaceAll(' ', '-')] : [phrase];
}

/**
 * The text with spaces wherever the phrase stands as whole words. No pattern is made of the phrase: compiling those of a
 * vocabulary takes V8 35 ms, and forgets them until the next request.
 */
function withoutPhrase(text: string, phrase: string): string {
  let rest = text;
  for (let at = rest.indexOf(phrase); at >= 0; at = rest.indexOf(phrase, at + 1)) {
    const end = at + phrase.length;
    // Two code units make sure of a letter outside the basic plane.
    const isWhole =
      !ENDS_IN_WORD.test(rest.slice(Math.max(0, at - 2), at)) && !BEGINS_WORD.test(rest.slice(end, end + 2));
    if (isWhole) rest = rest.slice(0, at) + ' '.repeat(phrase.length) + rest.slice(end);
  }
  return rest;
}
