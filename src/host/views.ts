import type { CommandServices } from '../../commands/command.js';
import { describeQueuePlace } from '../../commands/queue.js';
import type { ChatHost, EntryView, EventView, Visit } from '../chat/host.js';
import type { Member } from '../chat/member.js';
import { nameIn, type Presets, styleIn } from '../chat/presets.js';
import type { SizedPicture } from '../chat/picture.js';
import { LikenessError } from '../errors.js';
import { type AvatarEvent, entryOf, readyEntries, voteOf, winnersOf } from '../events/event.js';
import { describeStanding, describeWinners, labelOf } from '../events/texts.js';
import { errorText, type Translate } from '../language/texts.js';

/** What platforms show beside the answers to requests. */
export type Views = Pick<ChatHost, 'event' | 'entry' | 'queue' | 'vote'>;

type ViewServices = Pick<CommandServices, 'bans' | 'events' | 'jobs' | 'members' | 'presets' | 'translate'>;

/** Shows members what they may see of what everyone shares, in their language. */
export function createViews(services: ViewServices, onError: (error: unknown) => void): Views {
  const { bans, events, jobs, members, presets, translate } = services;
  const speak = async ({ member, locale }: Pick<Visit, 'member' | 'locale'>): Promise<Translate> =>
    translate((await members.language(member)) ?? locale ?? 'en');
  const find = async ({ member, server }: Visit): Promise<AvatarEvent> => {
    if (await bans.has(server, member.id)) throw new LikenessError('banned');
    return events.find(server);
  };
  return {
    async event(visit) {
      const t = await speak(visit);
      try {
        return viewEvent(await find(visit), visit.member, { t, presets });
      } catch (error) {
        if (!(error instanceof LikenessError)) onError(error);
        return { refusal: errorText(error, t) };
      }
    },
    async entry(visit, number): Promise<SizedPicture | undefined> {
      try {
        return await events.picture(await find(visit), number, await speak(visit));
      } catch (error) {
        if (error instanceof LikenessError) return undefined;
        throw error;
      }
    },
    async vote(visit, number) {
      const t = await speak(visit);
      try {
        await find(visit);
        await events.act(visit.server, { kind: 'vote', member: visit.member, number });
        return t('commands.event.voted', { number });
      } catch (error) {
        if (!(error instanceof LikenessError)) onError(error);
        return errorText(error, t);
      }
    },
    async queue(visit) {
      const t = await speak(visit);
      const { running, waiting, average, own } = await jobs.overview(visit.member);
      return {
        running,
        waiting,
        ...(average !== undefined && { average: t.duration(average) }),
        own: own.map((place) => ({ jobId: place.jobId, text: describeQueuePlace(place, t) })),
      };
    },
  };
}

function viewEvent(
  event: AvatarEvent,
  member: Member,
  { t, presets }: { readonly t: Translate; readonly presets: Presets },
): EventView {
  const open = event.endedAt === undefined;
  const [own, vote] = [entryOf(event, member), voteOf(event, member)];
  const winners = new Set(open ? [] : winnersOf(event).map(({ entry }) => entry.number));
  const entries = readyEntries(event).map((entry): EntryView => ({
    number: entry.number,
    label: labelOf(event, entry, t),
    own: entry.number === own?.number,
    chosen: entry.number === vote,
    winner: winners.has(entry.number),
  }));
  const lines = [...describeStanding(event, t), ...(open ? [] : describeWinners(event, t))];
  const part = own === undefined ? 'none' : own.portrait ? 'entered' : 'making';
  const style = styleIn(event.prompt, presets);
  return {
    id: event.id,
    title: event.title,
    ...(style && { style: nameIn(t.locale, style) }),
    lines,
    open,
    ...(open && { endsAt: event.endsAt }),
    entries,
    part,
  };
}
