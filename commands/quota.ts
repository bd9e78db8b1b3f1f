import type { Usage } from '../src/jobs/limits.js';
import type { Translate } from '../src/language/texts.js';
import type { Command } from './command.js';

/** How many albums one may still ask for, and when they are counted anew. */
export const quota: Command = {
  name: 'quota',
  description: 'commands.quota.description',
  options: [],
  async run({ invocation, reply, t, services }) {
    const usages = await services.limits.usage(invocation);
    const { own, perMember } = await services.jobs.overview(invocation.member);
    const line = t('commands.quota.line', { own: own.length, perMember });
    await reply.say([...usages.map((usage) => describe(usage, t)), line].join('\n'));
  },
};

function describe({ scope, period, used, amount, wait }: Usage, t: Translate): string {
  const known = scope === 'global' ? 'server' : scope;
  return t(`commands.quota.${known}`, { period: t(`limits.${period}`), used, amount, wait: t.duration(wait) });
}
