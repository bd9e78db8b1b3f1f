import type { CommandDefinition } from '../../chat/command-definition.js';

/** Shows the names of commands in a text as what is pressed to use them. */
export type LinkCommands = (text: string) => string;

/**
 * Links of the commands that Discord knows by these ids. A command of several actions is linked with the one that is named;
 * without one there is nothing to press.
 */
export function linksTo(ids: Readonly<Record<string, string>>, commands: readonly CommandDefinition[]): LinkCommands {
  const known = commands.filter(({ name }) => ids[name] !== undefined);
  if (known.length === 0) return (text) => text;
  const actionsOf = ({ options }: CommandDefinition): readonly string[] | undefined =>
    options.find((option) => option.type === 'action')?.actions.map(({ name }) => name);
  const lines = known.flatMap((command) => {
    const actions = actionsOf(command);
    return actions ? actions.map((action) => `${command.name} ${action}`) : [command.name];
  });
  const pattern = new RegExp(`(?<![\\w/<])/(${lines.join('|')})(?![\\w-])`, 'g');
  return (text) => text.replaceAll(pattern, (_, line: string) => `</${line}:${ids[line.split(' ')[0] ?? ''] ?? ''}>`);
}
