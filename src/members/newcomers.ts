import type { Keyv } from 'keyv';
import type { Member, Server } from '../chat/member.js';
import { createSerial } from '../data/serial.js';

/** For so long after they first asked for something in a server its members are new there, in milliseconds. */
const NEW_FOR = 60 * 60_000;
/** Members remembered of one server; those who came first make way. */
const MAX_MEMBERS = 20_000;
/** Servers of which something is kept, in a fact of its own. */
const INDEX = 'seen';

/** Who has asked for portraits in which server before. */
export interface Newcomers {
  /** Whether the member asks here for the first time, or did so less than an hour ago. */
  isNew(server: Server, id: string): Promise<boolean>;
  /** Notes that the member asks here. */
  note(server: Server, id: string): Promise<void>;
  /** Deletes what is kept of a member, everywhere. */
  forget(member: Member): Promise<void>;
  /** Deletes what is kept of a server, or moves it to the id it has from now on. */
  readonly places: {
    forget(server: Server): Promise<void>;
    move(from: Server, to: Server): Promise<void>;
  };
}

/** When a member first asked, in milliseconds since 1970, by their id; in the order they came. */
type Seen = readonly (readonly [id: string, at: number])[];

/** What is kept of servers in a Keyv store, one key a server and one for their names. */
export function createNewcomers(facts: Keyv, now: () => number = Date.now): Newcomers {
  const nameOf = ({ platform, id }: Server): string => `server:${platform}:${id}:seen`;
  const serial = createSerial();
  const index = async (): Promise<string[]> => (await facts.get<string[]>(INDEX)) ?? [];
  const read = async (name: string): Promise<Seen> => (await facts.get<Seen>(name)) ?? [];
  const drop = async (name: string): Promise<void> => {
    await facts.delete(name);
    const rest = (await index()).filter((known) => known !== name);
    await facts.set(INDEX, rest);
  };
  const keep = async (name: string, seen: Seen): Promise<void> => {
    if (seen.length === 0) return drop(name);
    const known = await index();
    if (!known.includes(name)) await facts.set(INDEX, [...known, name]);
    await facts.set(name, seen.slice(-MAX_MEMBERS));
  };
  return {
    async isNew(server, id) {
      const found = (await read(nameOf(server))).find(([known]) => known === id);
      return found === undefined || now() - found[1] < NEW_FOR;
    },
    note: (server, id) =>
      serial(async () => {
        const seen = await read(nameOf(server));
        if (!seen.some(([known]) => known === id)) await keep(nameOf(server), [...seen, [id, now()]]);
      }),
    forget: ({ platform, id }) =>
      serial(async () => {
        for (const name of await index()) {
          if (!name.startsWith(`server:${platform}:`)) continue;
          const seen = await read(name);
          const rest = seen.filter(([known]) => known !== id);
          if (rest.length < seen.length) await keep(name, rest);
        }
      }),
    places: {
      forget: (server) => serial(() => drop(nameOf(server))),
      move: (from, to) =>
        serial(async () => {
          const seen = await read(nameOf(from));
          if (seen.length > 0) await keep(nameOf(to), seen);
          await drop(nameOf(from));
        }),
    },
  };
}
