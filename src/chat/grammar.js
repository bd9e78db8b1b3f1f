// The grammar of typed commands. The server and the page of the web chat read lines by this one module: the page loads it as it
// stands here, so that it imports nothing and is written in the browser's language.

/**
 * What a line must know of an option: whether it is a switch, and whether it takes the words that belong to no named one.
 * @typedef {object} OptionGrammar
 * @property {string} name
 * @property {'text' | 'preset' | 'integer' | 'switch' | 'action'} type
 * @property {boolean} [main]
 */
/** @typedef {{ readonly name: string, readonly options: readonly OptionGrammar[] }} CommandGrammar */
/**
 * A line in its parts: the command's name if it was written, what is known of the command, the words before the first
 * named option, and the named options in their order.
 * @typedef {object} LineParts
 * @property {string | undefined} slash
 * @property {CommandGrammar | undefined} command
 * @property {string} words
 * @property {readonly { readonly name: string, readonly value: string }[]} named
 */
/** @typedef {{ readonly command: string, readonly options: Readonly<Record<string, string>> }} ParsedLine */

/**
 * Splits a line of chat: `/portrait smiling, looking left style:pencil sketch count:6`. A value goes on until the next
 * `name:` of an option the command has, so values may hold spaces. A line without a slash is for the command `fallback`.
 * @param {string} line
 * @param {readonly CommandGrammar[]} commands
 * @param {string} fallback
 * @returns {LineParts}
 */
export function splitLine(line, commands, fallback) {
  const match = /^\s*\/([\w-]+)(?:@\S+)?\s*([^]*)$/.exec(line);
  const slash = match?.[1]?.toLowerCase();
  const command = commands.find(({ name }) => name === (slash ?? fallback));
  const names = command?.options.map(({ name }) => name).join('|') || '(?!)';
  const [words = '', ...pieces] = (match?.[2] ?? line).split(new RegExp(`(?:^|\\s)(${names}):`, 'i'));
  const named = [];
  for (let index = 0; index < pieces.length; index += 2) {
    named.push({ name: (pieces[index] ?? '').toLowerCase(), value: unquote((pieces[index + 1] ?? '').trim()) });
  }
  return { slash, command, words: words.trim(), named };
}

/**
 * Reads a line: a command's name and its options, not yet checked. Switches may stand alone.
 * @param {string} line
 * @param {readonly CommandGrammar[]} commands
 * @param {string} fallback
 * @returns {ParsedLine}
 */
export function parseLine(line, commands, fallback) {
  const { slash, command, words, named } = splitLine(line, commands, fallback);
  /** @type {Record<string, string>} */
  const options = {};
  if (command) {
    const main = command.options.find(takesFreeWords)?.name;
    const bare = words.toLowerCase().split(/\s+/);
    const switches = command.options.filter(({ type }) => type === 'switch').map(({ name }) => name);
    if (bare.every((word) => switches.includes(word))) for (const word of bare) options[word] = 'yes';
    else if (words !== '' && main !== undefined) options[main] = words;
    for (const { name, value } of named) options[name] = value;
  }
  return { command: slash ?? fallback, options };
}

/**
 * Whether the words that belong to no named option are this one's.
 * @param {OptionGrammar} option
 */
export function takesFreeWords({ type, main }) {
  return type === 'action' || (type === 'text' && main === true);
}

/** @param {string} value */
function unquote(value) {
  return /^["'“”„‟‘’‚«»‹›「『＂].*["'“”‘’«»‹›」』＂]$/.test(value) ? value.slice(1, -1) : value;
}
