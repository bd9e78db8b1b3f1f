import { english } from './en.js';
import type { WordLists } from './word-lists.js';

/** The lists by language. A prompt is held to all of them: people write in other languages than they are answered in. */
export const wordLists: Readonly<Record<string, WordLists>> = { en: english };
