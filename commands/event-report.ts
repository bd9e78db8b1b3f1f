import { LikenessError } from '../pipeline/errors.js';
import type { EventCall } from './event-entries.js';

/** Shows an entry to the moderators, once however often it is reported; who reported it is not said. */
export async function reportEntry({ reply, t, services, server, options }: EventCall): Promise<void> {
  const number = options.integer('number');
  if (number === undefined) return reply.say(t('commands.event.report-how'));
  const event = await services.events.find(server);
  const picture = await services.events.picture(event, number, t);
  if (!event.reported?.includes(number)) {
    const texts = services.translate(event.locale);
    const text = texts('event.reported', { title: event.title, number });
    if (!(await services.reports.send(server, { text, pictures: [picture] })))
      throw new LikenessError('reports-nowhere');
    await services.events.act(server, { is: 'report', number });
  }
  await reply.say(t('commands.event.reported'));
}
