import { createEvents, type EventKeeper } from '../events/events.js';
import { createEventStore } from '../events/store.js';
import type { ChatPlatform } from '../chat/platform.js';
import type { PlatformName } from '../chat/member.js';
import type { Report } from './log.js';
import type { Storage } from './storage.js';

/** The events kept in a storage. */
export function composeEvents(
  { facts, portraits, store }: Storage,
  platforms: ReadonlyMap<PlatformName, ChatPlatform>,
  report: Report,
): EventKeeper {
  const onError = (error: unknown): void => report(error, { part: 'events' });
  return createEvents({ store: createEventStore(facts), portraits, jobs: store, platforms, onError });
}
