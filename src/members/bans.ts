import type { Keyv } from 'keyv';
import type { Server } from '../chat/member.js';
import { renameFact } from '../data/rename-fact.js';

/** Whom the moderators of servers do not let ask for portraits there, by their ids on the platform. */
export interface Bans {
  has(server: Server, id: string): Promise<boolean>;
  ban(server: Server, id: string): Promise<void>;
  /** Answers whether there was a ban to lift. */
  unban(server: Server, id: string): Promise<boolean>;
  /** Deletes all bans of a server. */
  forget(server: Server): Promise<void>;
  /** Moves a server's bans to the id it has from now on. */
  move(from: Server, to: Server): Promise<void>;
}

/** Bans in a Keyv store, one key a server; no setting taken back lifts one. */
export function createBans(facts: Keyv): Bans {
  const keyOf = ({ platform, id }: Server): string => `server:${platform}:${id}:banned`;
  const read = async (server: Server): Promise<string[]> => (await facts.get<string[]>(keyOf(server))) ?? [];
  return {
    has: async (server, id) => (await read(server)).includes(id),
    async ban(server, id) {
      const banned = await read(server);
      if (!banned.includes(id)) await facts.set(keyOf(server), [...banned, id]);
    },
    async unban(server, id) {
      const banned = await read(server);
      if (!banned.includes(id)) return false;
      const rest = banned.filter((other) => other !== id);
      await (rest.length > 0 ? facts.set(keyOf(server), rest) : facts.delete(keyOf(server)));
      return true;
    },
    forget: async (server) => void (await facts.delete(keyOf(server))),
    move: (from, to) => renameFact(facts, keyOf(from), keyOf(to)),
  };
}
