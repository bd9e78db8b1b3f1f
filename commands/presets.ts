/** The lists of presets there are. */
export type PresetKind = 'styles' | 'expressions' | 'angles' | 'classWords';

/** A choice offered by name, and the words it adds to the prompt. */
export interface Preset {
  readonly name: string;
  readonly words: string;
}

/** The choices the loaded model knows. */
export type Presets = Readonly<Record<PresetKind, readonly Preset[]>>;

/** The part of a model's vocabulary presets are made from: name to synonyms, the preferred one first. */
export interface PresetVocabulary {
  readonly styles: Readonly<Record<string, readonly string[]>>;
  readonly expressions: Readonly<Record<string, readonly string[]>>;
  readonly sides: Readonly<Record<string, readonly string[]>>;
  readonly tilts?: Readonly<Record<string, readonly string[]>>;
  readonly classWords: readonly string[];
}

/** Makes the presets of a model's vocabulary. An angle is a side or a tilt of the head. */
export function presetsOf(vocabulary: PresetVocabulary): Presets {
  return {
    styles: fromSynonyms(vocabulary.styles),
    expressions: fromSynonyms(vocabulary.expressions),
    angles: [...fromSynonyms(vocabulary.sides), ...fromSynonyms(vocabulary.tilts ?? {})],
    classWords: vocabulary.classWords.map((word) => ({ name: word, words: word })),
  };
}

/** Finds a preset by its name or its words, whatever the case. */
export function findPreset(presets: readonly Preset[], given: string): Preset | undefined {
  const wanted = given.trim().toLowerCase();
  return presets.find((preset) => preset.name.toLowerCase() === wanted || preset.words.toLowerCase() === wanted);
}

function fromSynonyms(entries: Readonly<Record<string, readonly string[]>>): Preset[] {
  return Object.entries(entries).flatMap(([name, [words]]) => (words === undefined ? [] : [{ name, words }]));
}
