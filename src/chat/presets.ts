import { findPhrases, longestFirst, phraseOf, searched, wholeOf } from '../../pipeline/text/phrases.js';
import { PROMPT_KINDS, type PromptKind } from './prompt-kinds.js';

/** The lists of presets there are. */
export type PresetKind = PromptKind['from'] | 'classWords';

/** A choice offered by name, and the words it adds to the prompt. */
export interface Preset {
  readonly name: string;
  readonly words: string;
  /** What it is called in other languages, by their tags. */
  readonly names?: Readonly<Record<string, string>>;
}

/** The choices the loaded model knows. */
export type Presets = Readonly<Record<PresetKind, readonly Preset[]>>;

/** A group of a model's vocabulary that presets are made from. */
type PresetGroup = PromptKind['groups'][number];

/** The part of a model's vocabulary presets are made from: name to synonyms, the preferred one first. */
export type PresetVocabulary = Readonly<Partial<Record<PresetGroup, Readonly<Record<string, readonly string[]>>>>> & {
  readonly classWords: readonly string[];
};

/** What a preset is called in other languages: its group in the vocabulary and its name there to names by language. */
export type NamesOf = (group: keyof PresetVocabulary, name: string) => Readonly<Record<string, string>>;

/**
 * Makes the presets of a model's vocabulary. In a list of several groups the first is named by its labels, the others by
 * what they add to the prompt: the head can look left and be tilted left.
 */
export function presetsOf(vocabulary: PresetVocabulary, namesOf: NamesOf = () => ({})): Presets {
  const fromSynonyms = (group: PresetGroup, isFirst: boolean): Preset[] =>
    Object.entries(vocabulary[group] ?? {}).flatMap(([label, [words]]) =>
      words === undefined ? [] : [{ name: isFirst ? label : words, words, names: namesOf(group, label) }],
    );
  const listOf = ({ groups }: PromptKind): Preset[] =>
    groups.flatMap((group, index) => fromSynonyms(group, index === 0));
  const [style, expression, angle, accessory, backdrop, light, framing] = PROMPT_KINDS;
  return {
    styles: listOf(style),
    expressions: listOf(expression),
    angles: listOf(angle),
    accessories: listOf(accessory),
    backdrops: listOf(backdrop),
    lights: listOf(light),
    framings: listOf(framing),
    classWords: vocabulary.classWords.map((word) => ({ name: word, words: word, names: namesOf('classWords', word) })),
  };
}

/** Finds a preset by its name in any language or its words, whatever the case and accents, and whether or not hyphens join them. */
export function findPreset(presets: readonly Preset[], given: string): Preset | undefined {
  const plain = (text: string): string => searched(text).bare.trim();
  const wanted = plain(given);
  const isWanted = (name: string): boolean => plain(name) === wanted;
  return (
    presets.find(({ name, words }) => isWanted(name) || isWanted(words)) ??
    presets.find(({ names = {} }) => Object.values(names).some(isWanted))
  );
}

/** The first style that a prompt asks for, by name or words. */
export function styleIn(prompt: string, { styles }: Presets): Preset | undefined {
  const phrases = styles.flatMap((style) => [style.name, style.words].map((name) => ({ ...phraseOf(name), style })));
  const text = searched(prompt);
  return findPhrases(longestFirst(phrases), text, wholeOf(text, 'words'))[0]?.phrase.style;
}

/** What a preset is called in a language. */
export function nameIn(locale: string, { name, names = {} }: Preset): string {
  return names[locale] ?? name;
}
