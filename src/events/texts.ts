import type { Translate } from '../language/texts.js';
import { type AvatarEvent, type Entry, readyEntries, winnersOf } from './event.js';

/** What everyone reads of an event while it is open, and when it is over. */
export function describeEvent(event: AvatarEvent, t: Translate): string {
  const how = event.endedAt === undefined ? [t('event.how')] : [];
  return [t('event.title', { title: event.title }), ...describeStanding(event, t), ...how].join('\n');
}

/** Theme, counts and deadline of an event, a line each. */
export function describeStanding(event: AvatarEvent, t: Translate): string[] {
  const { prompt, limit, blind, ballots, endedAt } = event;
  const theme = t('event.theme', { prompt });
  const counts = t('event.counts', { entries: readyEntries(event).length, limit, votes: ballots.length });
  if (endedAt !== undefined) return [theme, counts, t('event.over')];
  return [theme, counts, t('event.ends', { time: formatTime(event, t) }), t(blind ? 'event.blind' : 'event.named')];
}

/** What everyone reads when it is over. */
export function describeEnd(event: AvatarEvent, t: Translate): string {
  const head = t('event.ended', { title: event.title });
  if (readyEntries(event).length === 0) return [head, ...describeWinners(event, t)].join('\n');
  return [head, ...describeWinners(event, t), t('event.take-along')].join('\n');
}

/** Who won, a line each, or why nobody did. */
export function describeWinners(event: AvatarEvent, t: Translate): string[] {
  if (readyEntries(event).length === 0) return [t('event.nobody')];
  const winners = winnersOf(event).map(({ entry, votes }) =>
    t('event.winner', { name: labelOf(event, entry, t), count: votes }),
  );
  return winners.length > 0 ? winners : [t('event.no-votes')];
}

/** What an entry is called: its number alone while names are hidden, or where its member gave none. */
export function labelOf({ blind, endedAt }: AvatarEvent, { number, name }: Entry, t: Translate): string {
  const hidden = name === undefined || (blind && endedAt === undefined);
  return hidden ? t('event.number', { number }) : t('event.number-name', { number, name });
}

/** When it ends: on Discord by each reader's own clock, and how long it is until then; elsewhere the same for everyone. */
function formatTime({ endsAt, server: { platform } }: AvatarEvent, { locale }: Translate): string {
  const seconds = Math.floor(endsAt / 1000);
  if (platform === 'discord') return `<t:${seconds}:f> (<t:${seconds}:R>)`;
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });
  return `${format.format(endsAt)} UTC`;
}
