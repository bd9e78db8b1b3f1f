import { LikenessError } from '../src/errors.js';
import type { MemberReport, SeenAlbum, Server } from '../src/platforms/platform.js';
import type { Translate } from '../src/language/texts.js';
import type { CommandServices } from './command.js';
import type { EventCall } from './event-entries.js';

type ReportServices = Pick<CommandServices, 'bans' | 'events' | 'reports' | 'servers' | 'translate'>;

/** Reports the entry whose number was said. */
export async function reportEntry({ reply, t, services, server, options }: EventCall): Promise<void> {
  const number = options.integer('number');
  if (number === undefined) return reply.say(t('commands.event.report-how'));
  await showEntry(server, number, services);
  await reply.say(t('commands.event.reported'));
}

/**
 * Does what a member reports by a press; answers the sentence for them.
 * @throws LikenessError `banned`, `report-own`, `reports-nowhere`, `event-none`, `event-entry-unknown`.
 */
export async function takeReport(
  { reporter, server: id, what }: MemberReport,
  t: Translate,
  services: ReportServices,
): Promise<string> {
  const server = { platform: reporter.platform, id };
  if (await services.bans.has(server, reporter.id)) throw new LikenessError('banned');
  if (typeof what === 'number') {
    await showEntry(server, what, services);
    return t('commands.event.reported');
  }
  if (what.owner === reporter.id) throw new LikenessError('report-own');
  await showAlbum(server, what, services);
  return t('album.report-thanks');
}

/** Shows an entry to the moderators, once however often it is reported; who reported it is not said. */
async function showEntry(server: Server, number: number, services: ReportServices): Promise<void> {
  const event = await services.events.find(server);
  const texts = services.translate(event.locale);
  const picture = await services.events.picture(event, number, texts);
  const text = texts('event.reported', { title: event.title, number });
  await services.reports.send(server, `entry:${event.id}/${number}`, async () => ({ text, pictures: [picture] }));
}

async function showAlbum(server: Server, { id, owner, named, show }: SeenAlbum, services: ReportServices) {
  const { language = 'en' } = await services.servers.settings(server);
  const text = services.translate(language)('album.was-reported', { owner: named, id: owner });
  await services.reports.send(server, `album:${id}`, async () => ({ text, ...(await show()) }));
}
