import type { Command } from './command.js';
import { readOptions } from './options.js';

/** What is kept and for how long; `forget` deletes all of it. */
export const privacy: Command = {
  name: 'privacy',
  description: 'commands.privacy.description',
  options: [{ type: 'switch', name: 'forget', description: 'commands.privacy.forget' }],
  async run({ invocation, reply, t, services }) {
    const options = readOptions(privacy, invocation.options, services.presets);
    if (!options.switch('forget')) return reply.say(t('commands.privacy.text'));
    await services.forget(invocation.member);
    await reply.say(t('commands.privacy.forgotten'));
  },
};
