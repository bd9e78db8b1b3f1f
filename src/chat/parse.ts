import type { CommandDefinition, CommandOption } from './command-definition.js';
import type { OptionValues } from './invocation.js';

/** What a typed line asks for: a command's name and its options, not yet checked. */
export interface ParsedLine {
  readonly command: string;
  readonly options: OptionValues;
}

/**
 * Reads a line of chat: `/portrait smiling, looking left style:pencil sketch count:6`. A value goes on until the next
 * `name:` of an option the command has, so values may hold spaces; a switch may stand alone. A line without a slash is
 * for the command `fallback`.
 */
export function parseLine(line: string, commands: readonly CommandDefinition[], fallback: string): ParsedLine {
  const match = /^\s*\/([\w-]+)(?:@\S+)?\s*([^]*)$/.exec(line);
  const name = match?.[1]?.toLowerCase() ?? fallback;
  const words = match ? (match[2] ?? '') : line;
  const command = commands.find((candidate) => candidate.name === name);
  return { command: name, options: command ? parseOptions(command, words) : {} };
}

function parseOptions(command: CommandDefinition, words: string): OptionValues {
  const names = command.options.map((option) => option.name);
  const main = command.options.find(takesFreeWords)?.name;
  const options: Record<string, string> = {};
  const pieces = words.split(new RegExp(`(?:^|\\s)(${names.join('|') || '(?!)'}):`, 'i'));
  const free = pieces[0]?.trim() ?? '';
  const bare = command.options.find(({ type, name }) => type === 'switch' && name === free.toLowerCase());
  if (bare) options[bare.name] = 'yes';
  else if (free !== '' && main !== undefined) options[main] = free;
  for (let index = 1; index < pieces.length; index += 2) {
    const name = pieces[index]?.toLowerCase() ?? '';
    options[name] = unquote(pieces[index + 1]?.trim() ?? '');
  }
  return options;
}

/** Whether the words that belong to no named option are this one's. */
function takesFreeWords(option: CommandOption): boolean {
  return option.type === 'action' || (option.type === 'text' && option.main === true);
}

function unquote(value: string): string {
  return /^(["'“]).*["'”]$/.test(value) ? value.slice(1, -1) : value;
}

/** Writes a command and its options as a line that `parseLine` reads back. */
export function formatLine(command: CommandDefinition, options: OptionValues): string {
  const main = command.options.find(takesFreeWords)?.name;
  const named = command.options.filter(({ name }) => name !== main && options[name] !== undefined);
  const words = named.map(({ name }) => `${name}:${options[name]}`);
  return [`/${command.name}`, main === undefined ? undefined : options[main], ...words]
    .filter((part) => part !== undefined && part !== '')
    .join(' ');
}
