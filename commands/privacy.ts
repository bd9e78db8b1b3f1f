import { readOptions } from '../src/chat/options.js';
import type { Command } from './command.js';

/** What is kept and for how long; `forget` deletes it, and `opt-out` keeps anyone from being portrayed who asks for that. */
export const privacy: Command = {
  name: 'privacy',
  description: 'commands.privacy.description',
  options: [
    { type: 'switch', name: 'forget', description: 'commands.privacy.forget' },
    { type: 'switch', name: 'opt-out', description: 'commands.privacy.opt-out' },
  ],
  async run({ invocation, reply, t, services }) {
    const options = readOptions(privacy, invocation.options, services.presets);
    const optOut = options.choice('opt-out');
    const forget = options.switch('forget');
    if (optOut !== undefined) await services.members.optOut(invocation.member, optOut);
    if (forget) await services.forget(invocation.member);
    const said = [
      ...(forget ? [t('commands.privacy.forgotten')] : []),
      ...(optOut === undefined ? [] : [t(optOut ? 'commands.privacy.opted-out' : 'commands.privacy.opted-in')]),
    ];
    await reply.say(said.length > 0 ? said.join('\n') : t('commands.privacy.text'));
  },
};
