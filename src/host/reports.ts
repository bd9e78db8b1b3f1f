import type { CommandServices } from '../../commands/command.js';
import { type EntryReportServices, showEntry } from '../../commands/event-report.js';
import type { MemberReport, SeenAlbum } from '../chat/host.js';
import type { Server } from '../chat/member.js';
import { LikenessError } from '../errors.js';
import type { Translate } from '../language/texts.js';

type ReportServices = EntryReportServices & Pick<CommandServices, 'bans' | 'servers'>;

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

async function showAlbum(server: Server, { id, owner, named, show }: SeenAlbum, services: ReportServices) {
  const { language = 'en' } = await services.servers.settings(server);
  const text = services.translate(language)('album.was-reported', { owner: named, id: owner });
  await services.reports.send(server, `album:${id}`, async () => ({ text, ...(await show()) }));
}
