import type { Keyv } from 'keyv';
import type { Server } from '../chat/member.js';
import type { AvatarEvent } from './event.js';

/** The events there are, one a server. */
export interface EventStore {
  at(server: Server): Promise<AvatarEvent | undefined>;
  all(): Promise<readonly AvatarEvent[]>;
  put(event: AvatarEvent): Promise<void>;
  drop(event: AvatarEvent): Promise<void>;
}

/** Names of the events' facts, in a fact of its own. */
const INDEX = 'events';

/** Events in a Keyv store. Who changes them sees to it that two changes never overlap. */
export function createEventStore(facts: Keyv): EventStore {
  const nameOf = ({ platform, id }: Server): string => `event:${platform}:${id}`;
  const names = async (): Promise<string[]> => (await facts.get<string[]>(INDEX)) ?? [];
  return {
    at: (server) => facts.get<AvatarEvent>(nameOf(server)),
    async all() {
      const found = await Promise.all((await names()).map((name) => facts.get<AvatarEvent>(name)));
      return found.filter((event) => event !== undefined);
    },
    async put(event) {
      const name = nameOf(event.server);
      const known = await names();
      if (!known.includes(name)) await facts.set(INDEX, [...known, name]);
      await facts.set(name, event);
    },
    async drop({ server }) {
      const name = nameOf(server);
      await facts.delete(name);
      const rest = (await names()).filter((known) => known !== name);
      await facts.set(INDEX, rest);
    },
  };
}
