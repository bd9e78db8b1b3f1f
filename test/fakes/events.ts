import type { Keyv } from 'keyv';
import { createEvents, type EventsOptions } from '../../src/events/events.js';
import { createKeptPortraits } from '../../src/events/portraits.js';
import { createEventStore } from '../../src/events/store.js';

/** The real events on some facts, without platforms or jobs unless a test has them. */
export function eventsOn(facts: Keyv, options: Partial<EventsOptions> = {}) {
  return createEvents({
    store: createEventStore(facts),
    portraits: createKeptPortraits({ facts, key: Buffer.alloc(32, 5) }),
    jobs: { find: async () => undefined },
    platforms: new Map(),
    onError: (error) => {
      throw error;
    },
    ...options,
  });
}
