import { randomUUID } from 'node:crypto';
import type { Server } from '../chat/member.js';
import { createSerial } from '../data/serial.js';
import { LikenessError } from '../errors.js';
import type { Vault } from '../vault/vault.js';
import { apply, type AvatarEvent, type EventAction, type EventTerms, readyEntries } from './event.js';
import type { EventStore } from './store.js';

/** An event to be. */
export type EventDraft = EventTerms & Pick<AvatarEvent, 'server' | 'address' | 'locale'>;

/** Changes events one after the other, and deletes each portrait that is no longer in one. */
export interface EventChanges {
  /** The server's event, also when it is over. @throws LikenessError `event-none`. */
  find(server: Server): Promise<AvatarEvent>;
  all(): Promise<readonly AvatarEvent[]>;
  /** In place of one that is over. @throws LikenessError `event-open-already`. */
  create(draft: EventDraft): Promise<AvatarEvent>;
  /** @throws LikenessError `event-none`, and those of `apply`. */
  act(server: Server, action: EventAction): Promise<AvatarEvent>;
  /** Notes what became of an event's posts, where it is still there. */
  note(event: AvatarEvent, posted: Pick<AvatarEvent, 'post'> | Pick<AvatarEvent, 'announced'>): Promise<void>;
  remove(server: Server): Promise<void>;
  move(from: Server, to: Server): Promise<void>;
  /** Resolves when no change is under way. */
  settled(): Promise<void>;
}

export function createChanges(store: EventStore, portraits: Vault): EventChanges {
  const serial = createSerial();
  const find = async (server: Server): Promise<AvatarEvent> => {
    const event = await store.at(server);
    if (!event) throw new LikenessError('event-none');
    return event;
  };
  return {
    find,
    all: () => store.all(),
    create: (draft) =>
      serial(async () => {
        const before = await store.at(draft.server);
        if (before && before.endedAt === undefined) throw new LikenessError('event-open-already');
        if (before) await portraits.wipe(portraitsOf(before));
        const event: AvatarEvent = { ...draft, id: randomUUID(), entries: [], ballots: [], next: 1 };
        await store.put(event);
        return event;
      }),
    act: (server, action) =>
      serial(async () => {
        const event = await find(server);
        const next = apply(event, action);
        await store.put(next);
        const kept = new Set(portraitsOf(next));
        await portraits.wipe(portraitsOf(event).filter((id) => !kept.has(id)));
        return next;
      }),
    note: ({ id, server }, posted) =>
      serial(async () => {
        const known = await store.at(server);
        if (known?.id === id) await store.put({ ...known, ...posted });
      }),
    remove: (server) =>
      serial(async () => {
        const event = await store.at(server);
        if (!event) return;
        await portraits.wipe(portraitsOf(event));
        await store.drop(event);
      }),
    move: (from, to) =>
      serial(async () => {
        const event = await store.at(from);
        if (!event) return;
        await store.put({ ...event, server: to });
        await store.drop(event);
      }),
    settled: () => serial.settled(),
  };
}

function portraitsOf(event: AvatarEvent): string[] {
  return readyEntries(event).map(({ portrait }) => portrait.id);
}
