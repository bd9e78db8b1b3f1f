import type { CommandDefinition } from './command-definition.js';
import { takesFreeWords } from './grammar.js';
import type { OptionValues } from './invocation.js';

export { parseLine } from './grammar.js';

/** Writes a command and its options as a line that `parseLine` reads back. */
export function formatLine(command: CommandDefinition, options: OptionValues): string {
  const main = command.options.find(takesFreeWords)?.name;
  const named = command.options.filter(({ name }) => name !== main && options[name] !== undefined);
  const words = named.map(({ name }) => `${name}:${options[name]}`);
  return [`/${command.name}`, main === undefined ? undefined : options[main], ...words]
    .filter((part) => part !== undefined && part !== '')
    .join(' ');
}
