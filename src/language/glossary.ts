import { glossaries, type WordGroup, type WordsOfLanguage } from './glossaries.js';
import { checkWords, type KnownWords, type WordCheck } from './known-words.js';
import { find, type Phrase, phraseOf, plainOf, type Range, type Searched, searched } from './phrases.js';

/** Turns words of other languages into those the loaded model knows. */
export interface Glossary {
  /**
   * A prompt with every phrase the language's glossary knows replaced by the model's own, and the small words between
   * them left out. What is not known stays as it was written, so that the member can be told.
   */
  understand(prompt: string, locale: string): string;
  /** What the model understands of a prompt in its own words. */
  check(prompt: string): WordCheck;
}

/** Where nothing is known about the model. */
export const NO_GLOSSARY: Glossary = {
  understand: (prompt) => prompt,
  check: () => ({ means: true, unknown: [] }),
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

/** The glossary of a model, in every language there is one for. */
export function glossaryOf(vocabulary: ModelVocabulary): Glossary {
  const known = new Map<string, Reader>();
  const readIn = (prompt: string, locale: string): string => {
    const words = glossaries[locale];
    if (!words) return prompt;
    const reader = known.get(locale) ?? createReader(words, { vocabulary, locale });
    known.set(locale, reader);
    return reader(prompt);
  };
  const trained = !vocabulary.words || vocabulary.open === true ? undefined : knownWordsOf(vocabulary);
  const check = (prompt: string): WordCheck => (trained ? checkWords(prompt, trained) : { means: true, unknown: [] });
  return {
    check,
    // Members write in the language they think in, whatever the one of their app: the one that leaves least unknown counts.
    understand(prompt, locale) {
      let best = readIn(prompt, locale);
      let left = check(best).unknown.length;
      for (const other of Object.keys(glossaries)) {
        if (left === 0) return best;
        if (other === locale) continue;
        const read = readIn(prompt, other);
        const unknown = check(read).unknown.length;
        if (unknown < left) [best, left] = [read, unknown];
      }
      return best;
    },
  };
}

function knownWordsOf(vocabulary: ModelVocabulary): KnownWords {
  const phrases = groups.flatMap((group) => Object.values(vocabulary[group] ?? {}).flat());
  return { words: new Set(vocabulary.words), phrases };
}

/** What a label of the model's vocabulary is called in each language that has a word for it. */
export function presetNames(group: WordGroup, label: string): Readonly<Record<string, string>> {
  const named = Object.entries(glossaries).flatMap(([locale, words]) => {
    const name = words[group]?.[label]?.[0];
    return name === undefined ? [] : [[locale, name] as const];
  });
  return Object.fromEntries(named);
}

type Reader = (prompt: string) => string;

interface ReaderContext {
  readonly vocabulary: ModelVocabulary;
  readonly locale: string;
}

function createReader(words: WordsOfLanguage, { vocabulary, locale }: ReaderContext): Reader {
  const reading: Reading = {
    parted: !UNPARTED.has(new Intl.Locale(locale).maximize().script ?? ''),
    phrases: phrasesOf(words, vocabulary),
    small: longestFirst(words.fillers.map((written) => ({ written, meaning: '' }))),
  };
  return (prompt) => {
    const pieces = plainOf(prompt).split(PARTS);
    const read = pieces.flatMap((piece) => replacePhrases(searched(piece), reading));
    const text = read.filter((part) => part !== '').join(', ');
    return text === '' ? prompt : text.normalize('NFC');
  };
}

interface KnownPhrase extends Phrase {
  readonly meaning: string;
}

const groups = [
  'styles',
  'expressions',
  'sides',
  'tilts',
  'heights',
  'framings',
  'ages',
  'accessories',
  'backdrops',
  'lights',
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
  return longestFirst(said.flatMap(({ phrases, meaning }) => phrases.map((written) => ({ written, meaning }))));
}

function longestFirst(known: readonly { readonly written: string; readonly meaning: string }[]): KnownPhrase[] {
  return known
    .toSorted((first, second) => second.written.length - first.written.length)
    .map(({ written, meaning }) => ({ ...phraseOf(written), meaning }));
}

interface Reading {
  /** Whether the script parts words by spaces. */
  readonly parted: boolean;
  readonly phrases: readonly KnownPhrase[];
  /** The small words that mean nothing to the model. */
  readonly small: readonly KnownPhrase[];
}

/** The meanings of a piece's phrases and what is left between them, in their order. */
function replacePhrases(piece: Searched, { parted, phrases, small }: Reading): string[] {
  const written = ({ from, to }: Range): string =>
    piece.plain.slice(piece.places[from], piece.places[to]).replaceAll(/\s+/g, ' ').trim();
  const parts = (range: Range): string[] =>
    split(range, small, (left) => [written(left)]).filter((part) => part !== '');
  // Without spaces a small word may be a part of any other: only where nothing else is left it means nothing.
  const left = (range: Range): string[] =>
    parted ? [parts(range).join(' ')] : parts(range).length === 0 ? [] : [written(range)];
  return split({ from: 0, to: piece.bare.length }, phrases, left);

  function split(range: Range, known: readonly KnownPhrase[], rest: (left: Range) => string[]): string[] {
    for (const [index, phrase] of known.entries()) {
      const found = find(phrase, piece, { ...range, parted });
      if (!found) continue;
      // No longer phrase is in the whole, so that there is none in its parts.
      const others = known.slice(index);
      const before = split({ from: range.from, to: found.from }, others, rest);
      return [...before, phrase.meaning, ...split({ from: found.to, to: range.to }, others, rest)];
    }
    return rest(range);
  }
}
