/** @typedef {import('../../../chat/form.js').CommandForm} CommandForm */
/** @typedef {{ name: string, value: string }} NamedOption */

/**
 * Splits a line the way the server does: a command, the words before the first option, and the options.
 * @param {string} line
 * @param {readonly CommandForm[]} commands
 * @param {string} fallback
 * @returns {{ command: CommandForm | undefined, slash: string | undefined, words: string, options: NamedOption[] }}
 */
export function splitLine(line, commands, fallback) {
  const [, slash, rest] = /^\s*\/([\w-]*)\s*([^]*)$/.exec(line) ?? [];
  const command = commands.find(({ name }) => name === (slash ?? fallback).toLowerCase());
  const names = command?.options.map(({ name }) => name).join('|') || '(?!)';
  const [words = '', ...pieces] = (slash === undefined ? line : (rest ?? '')).split(
    new RegExp(`(?:^|\\s)(${names}):`, 'i'),
  );
  /** @type {NamedOption[]} */
  const options = [];
  for (let index = 0; index < pieces.length; index += 2) {
    options.push({ name: pieces[index] ?? '', value: (pieces[index + 1] ?? '').trim() });
  }
  return { command, slash, words: words.trim(), options };
}

/**
 * Whether a line is for something that takes photos, as the definition of its command says.
 * @param {string} line
 * @param {readonly CommandForm[]} commands
 * @param {string} fallback
 */
export function takesPhotos(line, commands, fallback) {
  const { command, words, options } = splitLine(line, commands, fallback);
  const action = command?.options.find(({ type }) => type === 'action');
  const chosen = options.find(({ name }) => name.toLowerCase() === action?.name)?.value ?? words;
  return command?.photos !== undefined && (action?.withPhotos?.includes(chosen.toLowerCase()) ?? true);
}
