/**
 * Words of one language that prompts may not hold. They are written in plain lower-case letters; `*` at the end stands
 * for any ending, and a space for whatever parts two words.
 */
export interface WordLists {
  /** Sexualised, about anyone. */
  readonly sexual: readonly string[];
  /** Sexualised about children by themselves. */
  readonly abuse: readonly string[];
  /** Said of children and young people. */
  readonly young: readonly string[];
  /** Harmless by themselves, never beside words for the young. */
  readonly suggestive: readonly string[];
  /** Hateful. */
  readonly hateful: readonly string[];
}

/** The words of a text in which commas part them. */
export function words(text: string): readonly string[] {
  return text.split(',').map((word) => word.trim());
}
