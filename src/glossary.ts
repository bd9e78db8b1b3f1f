import type { PresetVocabulary } from '../commands/presets.js';
import { glossaries, type WordGroup, type WordsOfLanguage } from './glossaries.js';

/** Turns words of other languages into those the loaded model knows. */
export interface Glossary {
  /**
   * A prompt with every phrase the language's glossary knows replaced by the model's own, and the small words between
   * them left out. What is not known stays as it was written, so that the member can be told.
   */
  understand(prompt: string, locale: string): string;
}

/** Where nothing is known about the model. */
export const NO_GLOSSARY: Glossary = { understand: (prompt) => prompt };

/** The groups of a model's vocabulary, each a label to its phrases, the preferred one first. */
export type ModelVocabulary = Readonly<
  Partial<Record<(typeof groups)[number], Readonly<Record<string, readonly string[]>>>>
>;

/** Scripts that part no words by spaces. */
const UNPARTED: ReadonlySet<string> = new Set(['Jpan', 'Hans', 'Hant']);
const PARTS = /[,;.、，。；،؛।\n]+/u;
/** Accents that are left out where they are hard to type. */
const ACCENT = String.raw`[\u0300-\u036f\u064b-\u0655]`;

/** The glossary of a model, in every language there is one for. */
export function glossaryOf(vocabulary: ModelVocabulary): Glossary {
  const known = new Map<string, Reader>();
  return {
    understand(prompt, locale) {
      const words = glossaries[locale];
      if (!words) return prompt;
      const reader = known.get(locale) ?? createReader(words, { vocabulary, locale });
      known.set(locale, reader);
      return reader(prompt);
    },
  };
}

/** What a label of the model's vocabulary is called in each language that has a word for it. */
export function presetNames(group: keyof PresetVocabulary, label: string): Readonly<Record<string, string>> {
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
  const parted = !UNPARTED.has(new Intl.Locale(locale).maximize().script ?? '');
  const phrases = phrasesOf(words, vocabulary).map(({ phrase, meaning }) => ({
    pattern: new RegExp(patternOf(phrase, parted), 'u'),
    meaning,
  }));
  const fillers = words.fillers.map((filler) => patternOf(filler, parted)).join('|');
  const small = new RegExp(parted ? fillers : `^(?:${fillers})+$`, 'gu');
  return (prompt) => {
    const pieces = plain(prompt).split(PARTS);
    const read = pieces.flatMap((piece) => replacePhrases(piece, { phrases, small }));
    const text = read.filter((part) => part !== '').join(', ');
    return text === '' ? prompt : text.normalize('NFC');
  };
}

interface Phrase {
  readonly pattern: RegExp;
  readonly meaning: string;
}

const groups = ['styles', 'expressions', 'sides', 'tilts', 'heights', 'ages'] as const satisfies readonly WordGroup[];

/** The phrases that mean something to the model, the longest first. */
function phrasesOf(words: WordsOfLanguage, vocabulary: ModelVocabulary): { phrase: string; meaning: string }[] {
  const said = Object.entries(words.classWords ?? {}).map(([word, phrases]) => ({ phrases, meaning: word }));
  for (const group of groups) {
    for (const [label, phrases] of Object.entries(words[group] ?? {})) {
      const meaning = vocabulary[group]?.[label]?.[0];
      if (meaning !== undefined) said.push({ phrases, meaning });
    }
  }
  return said
    .flatMap(({ phrases, meaning }) => phrases.map((phrase) => ({ phrase, meaning })))
    .sort((first, second) => second.phrase.length - first.phrase.length);
}

interface Reading {
  readonly phrases: readonly Phrase[];
  /** Finds the small words that mean nothing to the model. */
  readonly small: RegExp;
}

/** The meanings of a piece's phrases and what is left between them, in their order. */
function replacePhrases(piece: string, { phrases, small }: Reading): string[] {
  for (const { pattern, meaning } of phrases) {
    const match = pattern.exec(piece);
    if (!match) continue;
    const before = piece.slice(0, match.index);
    const after = piece.slice(match.index + match[0].length);
    const rest = (part: string): string[] => replacePhrases(part, { phrases, small });
    return [...rest(before), meaning, ...rest(after)];
  }
  const left = piece.trim().replaceAll(small, ' ');
  return [left.replaceAll(/\s+/g, ' ').trim()];
}

/** A phrase as it may be written: with or without accents, `*` for any ending. */
function patternOf(phrase: string, parted: boolean): string {
  const letters = [...plain(phrase).replaceAll(new RegExp(ACCENT, 'gu'), '')];
  const written = letters.map((letter) => {
    if (letter === '*') return String.raw`[\p{L}\p{M}]*`;
    return /[\s-]/u.test(letter) ? String.raw`[\s-]+` : `${letter}${ACCENT}*`;
  });
  return parted
    ? String.raw`(?<![\p{L}\p{N}\p{M}])${written.join('')}(?![\p{L}\p{N}\p{M}])`
    : String.raw`${written.join('')}(?![\u3099\u309a])`;
}

function plain(text: string): string {
  return text.normalize('NFKD').toLowerCase();
}
