import { readOptions } from '../src/chat/options.js';
import type { Command } from './command.js';

/** What members want to know, in the order of its lines. */
const POINTS = ['kept', 'how-long', 'who', 'leaves', 'delete'] as const;

/** What is kept, in five lines or all its `details`; `forget` deletes it, once its member is `sure`, and `opt-out` keeps anyone from being portrayed who asks for that. */
export const privacy: Command = {
  name: 'privacy',
  description: 'commands.privacy.description',
  options: [
    { type: 'switch', name: 'details', description: 'commands.privacy.details' },
    { type: 'switch', name: 'forget', description: 'commands.privacy.forget' },
    { type: 'switch', name: 'sure', description: 'commands.privacy.sure' },
    { type: 'switch', name: 'opt-out', description: 'commands.privacy.opt-out' },
  ],
  async run({ invocation, reply, t, services }) {
    const options = readOptions(privacy, invocation.options, services.presets);
    const optOut = options.choice('opt-out');
    const sure = options.switch('sure');
    if (options.switch('forget') && !sure) {
      const label = t('commands.privacy.forget-all');
      return reply.say(t('commands.privacy.forget-question'), [{ label, line: '/privacy forget sure', danger: true }]);
    }
    const forget = sure && options.switch('forget');
    if (optOut !== undefined) await services.members.optOut(invocation.member, optOut);
    if (forget) await services.forget(invocation.member);
    const said = [
      ...(forget ? [t('commands.privacy.forgotten')] : []),
      ...(optOut === undefined ? [] : [t(optOut ? 'commands.privacy.opted-out' : 'commands.privacy.opted-in')]),
    ];
    if (said.length > 0) return reply.say(said.join('\n'));
    if (options.switch('details')) return reply.say(t('commands.privacy.details-text'));
    await reply.list(
      POINTS.map((point) => ({
        head: t(`commands.privacy.points.${point}.head`),
        text: t(`commands.privacy.points.${point}.text`),
      })),
      [
        { label: t('commands.privacy.details-label'), line: '/privacy details' },
        { label: t('commands.privacy.forget-all'), line: '/privacy forget' },
      ],
    );
  },
};
