import { type Member, type ReplyAddress, sameMember, type Server } from '../chat/member.js';
import type { FacePlace } from '../chat/picture.js';
import { type ErrorCode, LikenessError } from '../errors.js';

/** What the moderators decide when they create an event. */
export interface EventTerms {
  readonly title: string;
  /** Words that every entry's prompt is made of. */
  readonly prompt: string;
  /** Most entries. */
  readonly limit: number;
  /** Names are hidden until the end. */
  readonly blind: boolean;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
}

/** An entry's picture: its id among the kept portraits. */
export interface EntryPortrait {
  readonly id: string;
  readonly face?: FacePlace;
}

/** One member's entry; without a portrait while that is being made. */
export interface Entry {
  /** From 1, never given twice in an event. */
  readonly number: number;
  readonly member: Member;
  /** Where the member asked for it: after a restart their platform is to know them by it. */
  readonly address: ReplyAddress;
  /** What the member chose to be called. */
  readonly name?: string;
  /** Key of the job that makes the portrait. */
  readonly key: string;
  /** When they joined, in milliseconds since 1970. */
  readonly at: number;
  readonly portrait?: EntryPortrait;
}

/** One member's vote. */
interface Ballot {
  readonly voter: Member;
  readonly number: number;
}

/** An event, as plain JSON. */
export interface AvatarEvent extends EventTerms {
  readonly id: string;
  readonly server: Server;
  /** Where its posts go. */
  readonly address: ReplyAddress;
  readonly locale: string;
  readonly entries: readonly Entry[];
  readonly ballots: readonly Ballot[];
  /** Number of the next entry. */
  readonly next: number;
  /** Id of the post with the live counts. */
  readonly post?: string;
  /** Milliseconds since 1970; set once, when it is over. */
  readonly endedAt?: number;
  /** The winners were told. */
  readonly announced?: boolean;
}

/** What can happen to an event. */
export type EventAction =
  | ({ readonly kind: 'join' } & Pick<Entry, 'member' | 'address' | 'key' | 'name' | 'at'>)
  | { readonly kind: 'enter'; readonly member: Member; readonly key: string; readonly portrait: EntryPortrait }
  /** The job of an entry ended without a portrait. */
  | { readonly kind: 'fail'; readonly member: Member; readonly key: string }
  | { readonly kind: 'withdraw'; readonly member: Member }
  | { readonly kind: 'vote'; readonly member: Member; readonly number: number }
  | { readonly kind: 'forget'; readonly member: Member }
  | { readonly kind: 'end'; readonly at: number };

/** An entry that has its portrait. */
export type ReadyEntry = Entry & { readonly portrait: EntryPortrait };

/** An entry and how many voted for it. */
export interface EventStanding {
  readonly entry: ReadyEntry;
  readonly votes: number;
}

/**
 * The event after an action.
 * @throws LikenessError `event-over`, `event-full`, `event-joined-already`, `event-not-joined`, `event-no-entries`,
 * `event-entry-unknown`, `event-own-entry`.
 */
export function apply(event: AvatarEvent, action: EventAction): AvatarEvent {
  switch (action.kind) {
    case 'join':
      return join(event, action);
    case 'enter':
      return enter(event, action);
    case 'fail':
      return { ...event, entries: event.entries.filter((entry) => entry.portrait || !isOf(entry, action)) };
    case 'withdraw':
      demand(entryOf(event, action.member) !== undefined, 'event-not-joined');
      return without(event, action.member);
    case 'vote':
      return vote(event, action);
    case 'forget': {
      const left = without(event, action.member);
      return { ...left, ballots: left.ballots.filter(({ voter }) => !sameMember(voter, action.member)) };
    }
    case 'end':
      demandOpen(event);
      return { ...event, endedAt: action.at, entries: readyEntries(event) };
  }
}

/** A member's own entry. */
export function entryOf({ entries }: AvatarEvent, member: Member): Entry | undefined {
  return entries.find((entry) => sameMember(entry.member, member));
}

/** The number a member votes for. */
export function voteOf({ ballots }: AvatarEvent, member: Member): number | undefined {
  return ballots.find(({ voter }) => sameMember(voter, member))?.number;
}

/** The entries that have their portraits, by number. */
export function readyEntries({ entries }: AvatarEvent): ReadyEntry[] {
  return entries.flatMap((entry) => (entry.portrait ? [{ ...entry, portrait: entry.portrait }] : []));
}

/** Every entry with its votes, the most first, and the earlier of equals. */
export function standings(event: AvatarEvent): EventStanding[] {
  return readyEntries(event)
    .map((entry) => ({ entry, votes: event.ballots.filter(({ number }) => number === entry.number).length }))
    .toSorted((a, b) => b.votes - a.votes || a.entry.number - b.entry.number);
}

/** Those with the most votes; nobody where nobody voted. */
export function winnersOf(event: AvatarEvent): EventStanding[] {
  const all = standings(event);
  const most = all[0]?.votes ?? 0;
  return most === 0 ? [] : all.filter(({ votes }) => votes === most);
}

type Action<Name extends EventAction['kind']> = Extract<EventAction, { readonly kind: Name }>;

function join(event: AvatarEvent, action: Action<'join'>): AvatarEvent {
  const { kind: _, ...entrant } = action;
  demandOpen(event);
  demand(entryOf(event, entrant.member) === undefined, 'event-joined-already');
  if (event.entries.length >= event.limit) throw new LikenessError('event-full', { limit: event.limit });
  return { ...event, entries: [...event.entries, { ...entrant, number: event.next }], next: event.next + 1 };
}

function enter(event: AvatarEvent, action: Action<'enter'>): AvatarEvent {
  demandOpen(event);
  const entry = event.entries.find((candidate) => isOf(candidate, action));
  if (!entry) throw new LikenessError('event-not-joined');
  const entered = { ...entry, portrait: action.portrait };
  return { ...event, entries: event.entries.map((other) => (other === entry ? entered : other)) };
}

function vote(event: AvatarEvent, { member, number }: Action<'vote'>): AvatarEvent {
  demandOpen(event);
  const ready = readyEntries(event);
  demand(ready.length > 0, 'event-no-entries');
  const entry = ready.find((candidate) => candidate.number === number);
  if (!entry) throw new LikenessError('event-entry-unknown', { number });
  demand(!sameMember(entry.member, member), 'event-own-entry');
  const others = event.ballots.filter(({ voter }) => !sameMember(voter, member));
  return { ...event, ballots: [...others, { voter: member, number }] };
}

/** Without a member's entry and the votes for it. */
function without(event: AvatarEvent, member: Member): AvatarEvent {
  const gone = entryOf(event, member);
  if (!gone) return event;
  return {
    ...event,
    entries: event.entries.filter((entry) => entry !== gone),
    ballots: event.ballots.filter(({ number }) => number !== gone.number),
  };
}

function isOf(entry: Entry, { member, key }: Pick<Entry, 'member' | 'key'>): boolean {
  return entry.key === key && sameMember(entry.member, member);
}

function demandOpen({ endedAt }: AvatarEvent): void {
  demand(endedAt === undefined, 'event-over');
}

function demand(holds: boolean, code: ErrorCode): void {
  if (!holds) throw new LikenessError(code);
}
