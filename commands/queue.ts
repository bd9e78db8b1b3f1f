import type { QueuePlace } from '../src/jobs/jobs.js';
import type { Translate } from '../src/language/texts.js';
import type { Command } from './command.js';

/** How long the queue is and where one's own requests stand in it. */
export const queue: Command = {
  name: 'queue',
  description: 'commands.queue.description',
  options: [],
  async run({ invocation, reply, t, services }) {
    const { running, waiting, own } = await services.jobs.overview(invocation.member);
    if (running + waiting === 0) return reply.say(t('commands.queue.empty'));
    const lines = [
      t('commands.queue.length', { count: running + waiting }),
      ...own.map((place) => describeQueuePlace(place, t)),
    ];
    await reply.say(lines.join('\n'));
  },
};

/** Where one of a member's own requests stands, in one sentence. */
export function describeQueuePlace({ prompt, running, ahead, wait }: QueuePlace, t: Translate): string {
  if (running) return t('commands.queue.running', { prompt });
  if (wait === undefined) return t('commands.queue.waiting', { prompt, place: ahead + 1 });
  return t('commands.queue.waiting-eta', { prompt, place: ahead + 1, eta: t.duration(wait) });
}
