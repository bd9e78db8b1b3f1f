/** Control characters and halves of characters: they mean nothing in words, and break pictures and databases. */
const CONTROLS = /[\p{Cc}\p{Cs}]/gu;
const SPACES = '\t\n\r';
/** Characters that turn the direction of the text around them, or that nobody sees; joiners belong to several scripts. */
const INVISIBLE = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu;

/** A member's words without what is no letter, sign or space: it is taken away before anything else is done with them. */
export function cleanText(text: string): string {
  return text.replaceAll(CONTROLS, (found) => (SPACES.includes(found) ? found : ' ')).replaceAll(INVISIBLE, '');
}
