import type { Command } from './command.js';

/** What can be done, with one line a command; those of moderators are shown to moderators. */
export const help: Command = {
  name: 'help',
  description: 'commands.help.description',
  options: [],
  async run({ invocation: { member, place, standing }, reply, t, services }) {
    const administers = await standing.mayAdminister();
    const list = services.commands
      .filter(({ forAdministrators }) => administers || !forAdministrators)
      .map(({ name, description }) => t('commands.help.line', { name, description: t(description) }));
    // In a server of Discord's a bot hears no photo that is not given to a command of its own.
    const needsCommand = member.platform === 'discord' && place.kind === 'group';
    const intro = t(needsCommand ? 'commands.help.intro-discord' : 'commands.help.intro');
    const example = t(needsCommand ? 'commands.help.example-discord' : 'commands.help.example');
    await reply.say([intro, list.join('\n'), example].join('\n\n'));
  },
};
