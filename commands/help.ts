import type { Command } from './command.js';

/** What can be done, with one line a command. */
export const help: Command = {
  name: 'help',
  description: 'commands.help.description',
  options: [],
  async run({ reply, t, services }) {
    const list = services.commands.map(({ name, description }) => `/${name} – ${t(description)}`);
    await reply.say([t('commands.help.intro'), list.join('\n'), t('commands.help.example')].join('\n\n'));
  },
};
