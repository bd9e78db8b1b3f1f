/** Control characters and halves of characters: they mean nothing in words, and break pictures and databases. */
const CONTROLS = /[\p{Cc}\p{Cs}]/gu;
const SPACES = '\t\n\r';
/**
 * Characters that turn the direction of the text around them, or that nobody sees: a name of nothing but fillers would be none. Joiners
 * belong to several scripts, and tags to the flags that they follow.
 */
const INVISIBLE =
  /\u034f|[\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|(?<!\u{1f3f4}[\u{e0020}-\u{e007e}]*)[\u{e0000}-\u{e007f}]/gu;
/** They end a line or a paragraph where no line ends. */
const SEPARATORS = /[\u2028\u2029]/gu;

/** A member's words without what is no letter, sign or space: it is taken away before anything else is done with them. */
export function cleanText(text: string): string {
  const words = text.replaceAll(CONTROLS, (found) => (SPACES.includes(found) ? found : ' '));
  return words.replaceAll(INVISIBLE, '').replaceAll(SEPARATORS, ' ');
}

/** How Discord writes members, roles, channels, times and commands, which it shows as such, in a bot's words too. */
const FORMS = /<((?:@[!&]?|#|t:)-?\d+(?::\w)?|\/[^<>:]+:\d+)>/g;

/**
 * A member's words as they may stand in a line that a bot says to everyone: of one line, so that none seems to be the bot's, and
 * naming nobody and nothing that could be pressed.
 */
export function cleanLine(words: string): string {
  return words.replaceAll(FORMS, '$1').replaceAll(/\s+/g, ' ').trim();
}
