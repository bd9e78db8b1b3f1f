import { englishWords } from './en.js';
import { words as de } from './de.js';
import { words as es } from './es.js';
import { words as fr } from './fr.js';
import { words as it } from './it.js';
import { words as ptbr } from './pt-br.js';
import { words as pl } from './pl.js';
import { words as ru } from './ru.js';
import { words as uk } from './uk.js';
import { words as tr } from './tr.js';
import { words as ja } from './ja.js';
import { words as ko } from './ko.js';
import { words as zhcn } from './zh-cn.js';
import { words as zhtw } from './zh-tw.js';
import { words as ar } from './ar.js';
import { words as hi } from './hi.js';
import type { WordLists } from './word-lists.js';

/** The lists by language. A prompt is held to all of them: people write in other languages than they are answered in. */
export const wordLists: Readonly<Record<string, WordLists>> = {
  en: englishWords,
  de,
  es,
  fr,
  it,
  'pt-BR': ptbr,
  pl,
  ru,
  uk,
  tr,
  ja,
  ko,
  'zh-CN': zhcn,
  'zh-TW': zhtw,
  ar,
  hi,
};
