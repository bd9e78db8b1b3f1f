import { parseLine } from '../../../chat/grammar.js';

/** @typedef {import('../../../chat/form.js').CommandForm} CommandForm */

/**
 * What lines are read by.
 * @param {readonly CommandForm[]} commands
 */
export function grammarOf(commands) {
  return commands.map(({ name, grammar }) => ({ name, options: grammar }));
}

/**
 * Whether a line is for something that takes photos, as the definition of its command says.
 * @param {string} line
 * @param {readonly CommandForm[]} commands
 * @param {string} fallback
 */
export function takesPhotos(line, commands, fallback) {
  const { command: name, options } = parseLine(line, grammarOf(commands), fallback);
  const command = commands.find((candidate) => candidate.name === name);
  const action = command?.options.find(({ type }) => type === 'action');
  const chosen = (action && options[action.name]) ?? '';
  return command?.photos !== undefined && (action?.withPhotos?.includes(chosen.trim().toLowerCase()) ?? true);
}
