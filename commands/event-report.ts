import type { Server } from '../src/chat/member.js';
import type { CommandServices } from './command.js';
import type { EventCall } from './event-entries.js';

/** What is needed to show an entry to the moderators. */
export type EntryReportServices = Pick<CommandServices, 'events' | 'reports' | 'translate'>;

/** Reports the entry whose number was said. */
export async function reportEntry({ reply, t, services, server, options }: EventCall): Promise<void> {
  const number = options.integer('number');
  if (number === undefined) return reply.say(t('commands.event.report-how'));
  await showEntry(server, number, services);
  await reply.say(t('commands.event.reported'));
}

/** Shows an entry to the moderators, once however often it is reported; who reported it is not said. */
export async function showEntry(server: Server, number: number, services: EntryReportServices): Promise<void> {
  const event = await services.events.find(server);
  const texts = services.translate(event.locale);
  const picture = await services.events.picture(event, number, texts);
  const text = texts('event.reported', { title: event.title, number });
  await services.reports.send(server, `entry:${event.id}/${number}`, async () => ({ text, pictures: [picture] }));
}
