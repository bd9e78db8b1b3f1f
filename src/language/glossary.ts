import {
  type Borders,
  findPhrase,
  findPhrases,
  longestFirst,
  type Phrase,
  phraseOf,
  plainOf,
  type Range,
  rangeIn,
  type Searched,
  searched,
  wholeOf,
} from '../../pipeline/text/phrases.js';
import { glossaries, type WordGroup, type WordsOfLanguage } from './glossaries.js';
import { type Clause, divideNegated } from './negation.js';
import { createWordChecker, type WordCheck, type WordChecker } from './known-words.js';

/** Turns words of other languages into those the loaded model knows. */
export interface Glossary {
  /**
   * A prompt with every phrase the language's glossary knows replaced by the model's own, and the small words between
   * them left out. What is not known stays as it was written, so that the member can be told; so does what they do not
   * want, joined by hyphens to a word that means nothing.
   */
  understand(prompt: string, locale: string): string;
  /** What the model understands of a prompt in its own words. */
  check(prompt: string): WordCheck;
}

const ALL_KNOWN: WordChecker = { check: () => ({ means: true, unknown: [], slips: [] }), unknownIn: () => [] };

/** Where nothing is known about the model. */
export const NO_GLOSSARY: Glossary = {
  understand: (prompt) => prompt,
  check: ALL_KNOWN.check,
};

/** The groups of a model's vocabulary, each a label to its phrases, the preferred one first. */
export type ModelVocabulary = Readonly<
  Partial<Record<(typeof groups)[number], Readonly<Record<string, readonly string[]>>>>
> & {
  /** Every word it was trained on; missing where nobody knows. */
  readonly words?: readonly string[];
  /** Whether it understands other words too. */
  readonly open?: boolean | undefined;
};

/** Scripts that part no words by spaces. */
const UNPARTED: ReadonlySet<string> = new Set(['Jpan', 'Hans', 'Hant']);
const PARTS = /[,;.、，。；،؛।\n]+/u;

/** English that tells somebody where to look: models know "looking left". */
const TOLD = /\b(?:look|glance|face|turn) (?:to (?:the|your|my) )?(left|right|up|down)\b/giu;

/** The glossary of a model, in every language there is one for. */
export function glossaryOf(vocabulary: ModelVocabulary): Glossary {
  const known = new Map<string, Reader>();
  const english = groups.flatMap((group) => Object.values(vocabulary[group] ?? {}).flat());
  const knownInEnglish = new Set(english);
  const asAsked = (prompt: string): string =>
    prompt.replaceAll(TOLD, (told, where: string) => {
      const asked = `looking ${where.toLowerCase()}`;
      return knownInEnglish.has(asked) ? asked : told;
    });
  const inEnglish = createDivide('en', english.map(phraseOf), 'words');
  const readerOf = (locale: string): Reader | undefined => {
    const words = glossaries[locale];
    if (!words) return undefined;
    const reader = known.get(locale) ?? createReader(words, { vocabulary, locale });
    known.set(locale, reader);
    return reader;
  };
  const { words, open = false } = vocabulary;
  const { check, unknownIn } = words && !open ? createWordChecker({ words, phrases: english }) : ALL_KNOWN;
  return {
    check,
    // Members write in the language they think in, whatever the one of their app: the one that leaves least unknown counts.
    understand(written, locale) {
      const prompt = asAsked(written);
      const own = readerOf(locale);
      let best = own ? own.read(prompt) : withoutNegated(prompt, inEnglish);
      let left = unknownIn(best).length;
      // What is not wanted in the member's language, or in English, is wanted in no other.
      const wanted = withoutNegated(own ? withoutNegated(prompt, own.divide) : prompt, inEnglish);
      for (const other of Object.keys(glossaries)) {
        if (left === 0) return best;
        const read = other === locale ? undefined : readerOf(other)?.read(wanted);
        const unknown = read === undefined ? left : unknownIn(read).length;
        if (read !== undefined && unknown < left) [best, left] = [read, unknown];
      }
      return best;
    },
  };
}

/** What a label of the model's vocabulary is called in each language that has a word for it. */
export function presetNames(group: WordGroup, label: string): Readonly<Record<string, string>> {
  const named = Object.entries(glossaries).flatMap(([locale, words]) => {
    const name = words[group]?.[label]?.[0];
    return name === undefined ? [] : [[locale, name] as const];
  });
  return Object.fromEntries(named);
}

type Divide = (piece: string) => readonly Clause[];

/** What reads prompts of one language. */
interface Reader {
  read(prompt: string): string;
  /** Divides a piece of a prompt by what is wanted of it. */
  readonly divide: Divide;
}

interface ReaderContext {
  readonly vocabulary: ModelVocabulary;
  readonly locale: string;
}

function createReader(words: WordsOfLanguage, { vocabulary, locale }: ReaderContext): Reader {
  const parted = !UNPARTED.has(new Intl.Locale(locale).maximize().script ?? '');
  const borders = parted ? 'compounds' : 'anywhere';
  const phrases = phrasesOf(words, vocabulary);
  const divide = createDivide(locale, phrases, borders);
  const reading: Reading = {
    borders,
    phrases,
    small: longestFirst(words.fillers.map((filler) => knownPhrase(filler, ''))),
  };
  const colours: Colours = {
    known: new Set(Object.values(vocabulary.colours ?? {}).flatMap(([first]) => first ?? [])),
    follow: COLOUR_FOLLOWS.has(locale),
  };
  const readPrompt = (prompt: string): string => {
    const pieces = plainOf(prompt).split(PARTS);
    const read = pieces
      .flatMap(divide)
      .flatMap(({ text, wanted }) =>
        wanted ? joinColours(replacePhrases(searched(text), reading), colours) : [hyphenated(text)],
      );
    const text = read.filter((part) => part !== '').join(', ');
    return text === '' ? prompt : text.normalize('NFC');
  };
  return { read: readPrompt, divide };
}

/** Languages in which a colour stands behind what has it. */
const COLOUR_FOLLOWS: ReadonlySet<string> = new Set(['es', 'fr', 'it', 'pt-BR', 'ar']);

interface Colours {
  /** The model's words for colours. */
  readonly known: ReadonlySet<string>;
  /** Whether they stand behind what has them. */
  readonly follow: boolean;
}

/** Puts the colours of a piece before what has them, as the model reads them. */
function joinColours(parts: readonly string[], { known, follow }: Colours): string[] {
  const ordered = follow ? parts.toReversed() : parts;
  const joined: string[] = [];
  let colour: string | undefined;
  for (const part of ordered.filter((each) => each !== '')) {
    const isColour = known.has(part);
    if (colour !== undefined) joined.push(isColour ? colour : `${colour} ${part}`);
    else if (!isColour) joined.push(part);
    colour = isColour ? part : undefined;
  }
  if (colour !== undefined) joined.push(colour);
  return follow ? joined.toReversed() : joined;
}

/** Divides a piece of a prompt by what is wanted of it, but for phrases that negate and mean something themselves. */
function createDivide(locale: string, phrases: readonly Phrase[], borders: Borders): Divide {
  const negating = phrases.filter(({ literals }) =>
    divideNegated(literals.join(''), locale).some(({ wanted }) => !wanted),
  );
  return (piece) => {
    const text = searched(piece);
    const isKnown = negating.some((phrase) => findPhrase(phrase, text, wholeOf(text, borders)) !== undefined);
    return isKnown ? [{ text: piece, wanted: true }] : divideNegated(piece, locale);
  };
}

/** The prompt as it is, but for what is not wanted. */
function withoutNegated(prompt: string, divide: Divide): string {
  const clauses = plainOf(prompt).split(PARTS).map(divide);
  if (clauses.flat().every(({ wanted }) => wanted)) return prompt;
  const pieces = clauses.map((piece) =>
    piece.map(({ text, wanted }) => (wanted ? text.trim() : hyphenated(text))).join(', '),
  );
  return pieces.join(', ').normalize('NFC');
}

/** Words as one, which no phrase is found in. */
function hyphenated(text: string): string {
  return text.trim().replaceAll(/\s+/g, '-');
}

interface KnownPhrase extends Phrase {
  readonly meaning: string;
}

function knownPhrase(written: string, meaning: string): KnownPhrase {
  return { ...phraseOf(written), meaning };
}

const groups = [
  'styles',
  'expressions',
  'mouths',
  'sides',
  'tilts',
  'heights',
  'framings',
  'ages',
  'accessories',
  'backdrops',
  'lights',
  'colours',
] as const satisfies readonly WordGroup[];

/** The phrases that mean something to the model, the longest first. */
function phrasesOf(words: WordsOfLanguage, vocabulary: ModelVocabulary): KnownPhrase[] {
  const said = Object.entries(words.classWords ?? {}).map(([word, phrases]) => ({ phrases, meaning: word }));
  for (const group of groups) {
    for (const [label, phrases] of Object.entries(words[group] ?? {})) {
      const meaning = vocabulary[group]?.[label]?.[0];
      if (meaning !== undefined) said.push({ phrases, meaning });
    }
  }
  return longestFirst(said.flatMap(({ phrases, meaning }) => phrases.map((written) => knownPhrase(written, meaning))));
}

interface Reading {
  readonly borders: Borders;
  readonly phrases: readonly KnownPhrase[];
  /** The small words that mean nothing to the model. */
  readonly small: readonly KnownPhrase[];
}

/** The meanings of a piece's phrases and what is left between them, in their order. */
function replacePhrases(piece: Searched, { borders, phrases, small }: Reading): string[] {
  const written = (range: Range): string => {
    const { from, to } = rangeIn(piece, range);
    return piece.text.slice(from, to).replaceAll(/\s+/g, ' ').trim();
  };
  const whole = wholeOf(piece, borders);
  const found = findPhrases(phrases, piece, whole);
  return between(whole, found).flatMap((range, index) => {
    const meaning = found[index]?.phrase.meaning;
    return [...leftOf(range), ...(meaning === undefined ? [] : [meaning])];
  });

  function leftOf(range: Range): string[] {
    const fillers = findPhrases(small, piece, { ...range, borders });
    const words = between(range, fillers)
      .map(written)
      .filter((part) => part !== '');
    // Where no spaces part words a small one may be a part of any other: only where nothing else is left it means nothing.
    if (borders === 'anywhere') return words.length === 0 ? [] : [written(range)];
    return [words.join(' ')];
  }
}

/** What is left of a range before, between and behind others in it. */
function between({ from, to }: Range, others: readonly Range[]): Range[] {
  const starts = [from, ...others.map((other) => other.to)];
  return starts.map((start, index) => ({ from: start, to: others[index]?.from ?? to }));
}
