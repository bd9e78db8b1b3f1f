import { type ErrorCode, LikenessError } from '../errors.js';
import { createMatcher, type Matcher } from './matcher.js';
import { normaliseText } from './normalise.js';
import { harmlessPhrases } from './words/harmless.js';
import { wordLists } from './words/lists.js';
import type { WordLists } from './words/word-lists.js';

/** Keeps words that are not wanted away from the model. */
export interface PromptFilter {
  /**
   * Looks at everything that will be in the prompt, and at the words a server blocks besides. What was found is the
   * error's `entry`, as the list has it, never as the member wrote it.
   * @throws LikenessError `prompt-minor`, `prompt-sexual`, `prompt-hateful`, `word-blocked`.
   */
  check(prompt: string, blockedWords: readonly string[]): void;
}

/** An age below eighteen, in figures. */
const YOUNG_AGE =
  /(?<!\p{N})(?:\d|1[0-7])[\s-]*(?:yo|y\/o|yrs?|years?)(?!\p{L})|(?<!\p{L})aged?\s+(?:\d|1[0-7])(?!\p{N})/u;

/** Phrases that mean nothing by a word of theirs that is listed, in normalised text. */
const HARMLESS = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${harmlessPhrases.map(normaliseText).join('|')})(?![\\p{L}\\p{N}])`,
  'gu',
);

/** Lists of servers' own words whose matchers are kept. */
const MOST_SERVERS = 200;

/** The filter of every language there is a list for. */
export function createPromptFilter(lists: readonly WordLists[] = Object.values(wordLists)): PromptFilter {
  const matcherOf = (name: keyof WordLists): Matcher => createMatcher(lists.flatMap((list) => list[name]));
  const [sexual, abuse, young] = [matcherOf('sexual'), matcherOf('abuse'), matcherOf('young')];
  const [suggestive, hateful] = [matcherOf('suggestive'), matcherOf('hateful')];
  const isYoung = (prompt: string): boolean => young(prompt) !== undefined || YOUNG_AGE.test(normaliseText(prompt));
  const servers = new Map<string, Matcher>();
  const blockedBy = (words: readonly string[]): Matcher => {
    const key = JSON.stringify(words);
    const matcher = servers.get(key) ?? createMatcher(words);
    if (servers.size >= MOST_SERVERS) servers.clear();
    servers.set(key, matcher);
    return matcher;
  };
  const refuse = (code: ErrorCode, entry: string | undefined): void => {
    if (entry !== undefined) throw new LikenessError(code, { entry });
  };
  return {
    check(given, blockedWords) {
      const prompt = normaliseText(given).replaceAll(HARMLESS, ' , ');
      refuse('prompt-minor', abuse(prompt));
      const found = sexual(prompt);
      if (isYoung(prompt)) refuse('prompt-minor', found ?? suggestive(prompt));
      refuse('prompt-sexual', found);
      refuse('prompt-hateful', hateful(prompt));
      refuse('word-blocked', blockedBy(blockedWords)(given));
    },
  };
}
