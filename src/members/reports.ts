import type { Keyv } from 'keyv';
import type { PlatformName, ReplyAddress, Server } from '../chat/member.js';
import type { ChatPlatform } from '../chat/platform.js';
import type { PublicPost } from '../chat/reply.js';
import { renameFact } from '../data/rename-fact.js';
import { createSerial } from '../data/serial.js';
import { LikenessError } from '../errors.js';

/** Tells the moderators of servers what members report, where they want to be told. */
export interface Reports {
  /** From now on reports of a server are posted in the conversation of an address. */
  settle(server: Server, address: ReplyAddress): Promise<void>;
  /**
   * Posts what is drawn of a subject there, once however often it is reported.
   * @throws LikenessError `reports-nowhere` where there is no such place, or it is gone.
   */
  send(server: Server, subject: string, draw: () => Promise<PublicPost>): Promise<void>;
  /** Deletes what is kept of a server. */
  forget(server: Server): Promise<void>;
  /** Moves what is kept of a server to the id it has from now on. */
  move(from: Server, to: Server): Promise<void>;
}

/** Subjects remembered of one server. */
const MAX_SUBJECTS = 500;

/** Places for reports, and what was reported, in a Keyv store: two keys a server. */
export function createReports(facts: Keyv, platforms: ReadonlyMap<PlatformName, ChatPlatform>): Reports {
  const keyOf = ({ platform, id }: Server): string => `server:${platform}:${id}:reports`;
  const subjectsOf = ({ platform, id }: Server): string => `server:${platform}:${id}:reported`;
  // Of two that report the same at once, the second finds it reported.
  const serial = createSerial();
  const find = (server: Server): Promise<ReplyAddress | undefined> => facts.get<ReplyAddress>(keyOf(server));
  return {
    settle: async (server, address) => void (await facts.set(keyOf(server), address)),
    send: (server, subject, draw) =>
      serial(async () => {
        const known = (await facts.get<string[]>(subjectsOf(server))) ?? [];
        if (known.includes(subject)) return;
        const address = await find(server);
        const post = address && (await platforms.get(server.platform)?.post(address, await draw()));
        if (post === undefined) throw new LikenessError('reports-nowhere');
        await facts.set(subjectsOf(server), [...known, subject].slice(-MAX_SUBJECTS));
      }),
    async forget(server) {
      for (const key of [keyOf(server), subjectsOf(server)]) await facts.delete(key);
    },
    async move(from, to) {
      for (const key of [keyOf, subjectsOf]) await renameFact(facts, key(from), key(to));
    },
  };
}
