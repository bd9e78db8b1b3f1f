// The grammar of typed commands. The server and the page of the web chat read lines by this one module: the page loads it as it
// stands here, so that it imports nothing and is written in the browser's language.

/**
 * What a line must know of an option: whether it is a switch, whether it takes the words that belong to no named one, and
 * the options of each thing it does.
 * @typedef {object} OptionGrammar
 * @property {string} name
 * @property {'text' | 'preset' | 'integer' | 'switch' | 'action'} type
 * @property {boolean} [main]
 * @property {readonly { readonly name: string, readonly options: readonly string[] }[]} [actions]
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
 * `name:` of an option the command has, so values may hold spaces; but a number ends at the blank, and what follows it is for
 * no named option. A line without a slash is for the command `fallback`. Slash and colon may be as wide as the letters of Chinese,
 * Japanese and Korean keyboards.
 * @param {string} line
 * @param {readonly CommandGrammar[]} commands
 * @param {string} fallback
 * @returns {LineParts}
 */
export function splitLine(line, commands, fallback) {
  const match = /^\s*[/／]([\w-]+)(?:@\S+)?\s*([^]*)$/.exec(line);
  const slash = match?.[1]?.toLowerCase();
  const command = commands.find(({ name }) => name === (slash ?? fallback));
  const names = command?.options.map(({ name }) => name).join('|') || '(?!)';
  const [first = '', ...pieces] = (match?.[2] ?? line).split(new RegExp(`(?:^|\\s)(${names})[:：]`, 'i'));
  const words = [first.trim()];
  const named = [];
  for (let index = 0; index < pieces.length; index += 2) {
    const name = (pieces[index] ?? '').toLowerCase();
    const [value, rest] = endNumber((pieces[index + 1] ?? '').trim(), typeOf(name, command));
    words.push(rest);
    named.push({ name, value: unquote(value) });
  }
  return { slash, command, words: words.filter((part) => part !== '').join(' '), named };
}

/**
 * @param {string} name
 * @param {CommandGrammar | undefined} command
 */
function typeOf(name, command) {
  return command?.options.find((option) => option.name === name)?.type;
}

/**
 * What was written after an option's name, and what of it is not its value any more.
 * @param {string} written
 * @param {OptionGrammar['type'] | undefined} type
 * @returns {[string, string]}
 */
function endNumber(written, type) {
  const [, number = '', rest = ''] = /^([+-]?\p{Nd}+)\s+([^]*)$/u.exec(written) ?? [];
  return type === 'integer' && number !== '' ? [number, rest] : [written, ''];
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
    const main = command.options.find(takesFreeWords);
    const bare = words.toLowerCase().split(/\s+/);
    const switches = command.options.filter(({ type }) => type === 'switch').map(({ name }) => name);
    if (bare.every((word) => switches.includes(word))) for (const word of bare) options[word] = 'yes';
    else if (main?.type === 'action') Object.assign(options, readAction(words, main, command));
    else if (words !== '' && main) options[main.name] = words;
    for (const { name, value } of named) options[name] = value;
  }
  return { command: slash ?? fallback, options };
}

/**
 * Reads what is to be done and the words after it, which are switches or for the first of its options that takes words or a
 * number: `/event create Masked ball`.
 * @param {string} words
 * @param {OptionGrammar} main
 * @param {CommandGrammar} command
 * @returns {Record<string, string>}
 */
function readAction(words, main, command) {
  if (words === '') return {};
  const [, first = '', rest = ''] = /^(\S+)\s*([^]*)$/.exec(words) ?? [];
  const action = main.actions?.find(({ name }) => name === first.toLowerCase());
  if (!action || rest === '') return { [main.name]: words };
  const own = command.options.filter(({ name }) => action.options.includes(name));
  const switches = own.filter(({ type }) => type === 'switch').map(({ name }) => name);
  const bare = rest.toLowerCase().split(/\s+/);
  if (bare.every((word) => switches.includes(word)))
    return { [main.name]: first, ...Object.fromEntries(bare.map((word) => [word, 'yes'])) };
  const taker = own.find(({ type }) => type === 'text' || type === 'integer');
  return taker ? { [main.name]: first, [taker.name]: unquote(rest) } : { [main.name]: words };
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
