import type { TextSettings, Vocabulary } from '../bundle-manifest.js';
import { LikenessError } from '../errors.js';
import { EXPRESSIONS, type Expression } from '../face/face.js';
import { readScene, type ScenePhrase, type SceneWish } from '../scene/wish.js';
import {
  findPhrases,
  isAmong,
  longestFirst,
  type Phrase,
  phraseOf,
  rangeIn,
  searched,
  WORD,
  wholeOf,
  wordsOf,
} from './phrases.js';

/** The longest prompt that is looked at, in characters after normalising. */
export const MAX_PROMPT_CHARACTERS = 300;

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
  readonly mouth?: string;
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
  /** What is drawn around and on the person: empty where the bundle paints it by itself. */
  readonly scene: SceneWish;
  /** Styles to draw in, in the order of the text: of two the mean is drawn. */
  readonly styles: readonly string[];
  /** Phrases that are known, and have no place beside others, as they were written. */
  readonly leftOut: readonly string[];
  /** Words of the prompt that the bundle was not trained on, in their order, each once. */
  readonly unknownWords: readonly string[];
}

/** What reading a prompt depends on. */
export interface PromptContext {
  readonly text: TextSettings;
  readonly vocabulary: Vocabulary;
  /** Of a bundle whose portraits begin as drafts: accessories, backdrops and lights are drawn, and no network is told of them. */
  readonly draft?: object | undefined;
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
  const found = findAsked(text, context.vocabulary);
  const drawn = context.draft ? found.filter(isScenePhrase) : [];
  const { wish, leftOut } = readScene(drawn, text);
  const styles = distinctStyles(found);
  const told = context.draft ? toldOf(text, found, context.vocabulary) : text;
  return {
    text,
    sentence: context.text.template.replace('{class}', classWordOf(context)).replace('{prompt}', () => told),
    asked: { ...readAsked(found), ...(context.draft && addedBy(wish)) },
    scene: wish,
    styles: styles.slice(0, MOST_STYLES).map(({ label }) => label),
    leftOut: [...leftOut, ...(context.draft ? styles.slice(MOST_STYLES) : [])].map(({ from, to }) =>
      text.slice(from, to),
    ),
    unknownWords: unknownWords(normalised, context),
  };
}

/** More styles than these are left out. */
const MOST_STYLES = 2;

function distinctStyles(found: readonly Found[]): Found[] {
  const styles = found.filter(({ group }) => group === 'styles');
  return styles.filter(({ label }, index) => styles.findIndex((each) => each.label === label) === index);
}

/** The expression that an opened mouth belongs to, by the label of the mouth. */
const EXPRESSION_OF_MOUTH: Readonly<Record<string, Expression>> = { laughing: 'happy' };

/** What a network that finishes drafts is told: no scene, and of a mouth its expression; a portrait where nothing is left. */
function toldOf(text: string, found: readonly Found[], { expressions }: Vocabulary): string {
  const drawn = found.filter((each) => isScenePhrase(each) || each.group === 'mouths');
  const bare = drawn.reduceRight((rest, { label, from, to }) => {
    const meaning = expressions[EXPRESSION_OF_MOUTH[label] ?? '']?.[0] ?? '';
    return `${rest.slice(0, from)} ${meaning} ${rest.slice(to)}`;
  }, text);
  const told = tidyCommas(bare);
  return wordsOf(told).length === 0 ? 'portrait' : told;
}

function addedBy({ backdrop, light, wear: [accessory] }: SceneWish): Pick<Asked, Addition> {
  return {
    ...(accessory && { accessory: accessory.label }),
    ...(backdrop && { backdrop: backdrop.label }),
    ...(light !== undefined && { light }),
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
  const { words: trained, open } = context.vocabulary;
  const isKnown = open ? () => true : isAmong(trained);
  // A quotation mark that is written as an apostrophe is no part of the word before it.
  const words = wordsOf(text)
    .map((word) => word.replace(/'+$/, ''))
    .filter((word) => word !== '');
  return [...new Set(words)].filter((word) => holdsSks(word, context) || !isKnown(word));
}

function readAsked(found: readonly Found[]): Asked {
  const labelOf = (group: AskedGroup): string | undefined => found.find((each) => each.group === group)?.label;
  const expression =
    EXPRESSIONS.find((name) => name === labelOf('expressions')) ?? EXPRESSION_OF_MOUTH[labelOf('mouths') ?? ''];
  const side = SIDES.find((name) => name === labelOf('sides'));
  const named = NAMED_GROUPS.flatMap(([name, group]) => {
    const label = labelOf(group);
    return label === undefined ? [] : [[name, label] as const];
  });
  return { ...(expression && { expression }), ...(side && { side }), ...Object.fromEntries(named) };
}

/** What a prompt asks for by any label of a group. */
const NAMED_GROUPS = [
  ['style', 'styles'],
  ['mouth', 'mouths'],
  ['height', 'heights'],
  ['tilt', 'tilts'],
  ['framing', 'framings'],
  ['accessory', 'accessories'],
  ['backdrop', 'backdrops'],
  ['light', 'lights'],
] as const satisfies readonly (readonly [keyof Asked, AskedGroup])[];

const ASKED_GROUPS = [
  ...(['expressions', 'mouths', 'sides', 'styles', 'heights', 'tilts', 'framings'] as const),
  ...(['accessories', 'backdrops', 'lights', 'colours'] as const),
] as const;

type AskedGroup = (typeof ASKED_GROUPS)[number];

/** A phrase of the vocabulary and where it stands in a text. */
interface Found {
  readonly group: AskedGroup;
  readonly label: string;
  readonly from: number;
  readonly to: number;
}

const SCENE_GROUPS: readonly AskedGroup[] = ['accessories', 'backdrops', 'lights', 'colours'];

function isScenePhrase(found: Found): found is Found & ScenePhrase {
  return SCENE_GROUPS.includes(found.group);
}

/** What the phrases of a text ask for, in its order. */
function findAsked(given: string, vocabulary: Vocabulary): Found[] {
  const text = searched(given);
  return findPhrases(phrasesOf(vocabulary), text, wholeOf(text, 'words')).map(
    ({ phrase: { group, label }, ...range }) => ({
      group,
      label,
      ...rangeIn(text, range),
    }),
  );
}

interface AskedPhrase extends Phrase {
  readonly group: AskedGroup;
  readonly label: string;
}

/** Ordering the phrases of a vocabulary takes longer than looking for them. */
const ordered = new WeakMap<Vocabulary, readonly AskedPhrase[]>();

function phrasesOf(vocabulary: Vocabulary): readonly AskedPhrase[] {
  const known = ordered.get(vocabulary);
  if (known) return known;
  const written = ASKED_GROUPS.flatMap((group) =>
    Object.entries(vocabulary[group]).flatMap(([label, phrases]) =>
      phrases.map((phrase) => ({ ...phraseOf(phrase), group, label })),
    ),
  );
  const phrases = longestFirst(written);
  ordered.set(vocabulary, phrases);
  return phrases;
}
