import type { Keyv } from 'keyv';
import type { ChatPlatform, PlatformName, PublicPost, ReplyAddress, Server } from '../platforms/platform.js';

/** Tells the moderators of servers what members report, where they want to be told. */
export interface Reports {
  /** From now on reports of a server are posted in the conversation of an address. */
  settle(server: Server, address: ReplyAddress): Promise<void>;
  /** False where there is no such place, or it is gone. */
  send(server: Server, post: PublicPost): Promise<boolean>;
  /** Deletes what is kept of a server. */
  forget(server: Server): Promise<void>;
  /** Moves what is kept of a server to the id it has from now on. */
  move(from: Server, to: Server): Promise<void>;
}

/** Places for reports in a Keyv store, one key a server. */
export function createReports(facts: Keyv, platforms: ReadonlyMap<PlatformName, ChatPlatform>): Reports {
  const keyOf = ({ platform, id }: Server): string => `server:${platform}:${id}:reports`;
  const find = (server: Server): Promise<ReplyAddress | undefined> => facts.get<ReplyAddress>(keyOf(server));
  return {
    settle: async (server, address) => void (await facts.set(keyOf(server), address)),
    async send(server, post) {
      const address = await find(server);
      return address !== undefined && (await platforms.get(server.platform)?.post(address, post)) !== undefined;
    },
    forget: async (server) => void (await facts.delete(keyOf(server))),
    async move(from, to) {
      const address = await find(from);
      if (address === undefined) return;
      await facts.set(keyOf(to), address);
      await facts.delete(keyOf(from));
    },
  };
}
