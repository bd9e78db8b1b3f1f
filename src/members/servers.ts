import type { Keyv } from 'keyv';
import { z } from 'zod';
import type { Server } from '../chat/member.js';
import { renameFact } from '../data/rename-fact.js';
import type { ServerLimits } from '../jobs/limits.js';

const ids = z.array(z.string()).default([]);
const amount = z.int().min(1).optional();

const settings = z.object({
  /** Ids of the channels where albums may be asked for; everywhere when there are none. */
  channels: ids,
  /** Ids of the roles of which a member must have one; everyone when there are none. */
  roles: ids,
  /** Albums of one member in this server, and of all of its members. */
  memberPerHour: amount,
  memberPerDay: amount,
  serverPerHour: amount,
  serverPerDay: amount,
  /** Albums an hour of all members together who are new in this server. */
  newcomersPerHour: amount,
  /** Albums a day of one member who has a role, by the role's id, in place of `memberPerDay`. */
  rolesPerDay: z.record(z.string(), z.int().min(1)).default({}),
  /** Portraits in one album at most. */
  largestCount: amount,
  /** Language of answers to members whose own is not known. */
  language: z.string().optional(),
  /** Names of the styles that may be asked for; all when there are none. */
  styles: z.array(z.string()).default([]),
  /** Words that may not be in a prompt. */
  blockedWords: z.array(z.string()).default([]),
});

/** What the administrators of a server decided for it. */
export type ServerSettings = Readonly<z.infer<typeof settings>>;

/** New values by name; undefined takes a setting back. */
export type SettingsChange = { readonly [Name in keyof ServerSettings]?: ServerSettings[Name] | undefined };

/** The settings of servers. */
export interface Servers {
  settings(server: Server): Promise<ServerSettings>;
  /** Changes some and answers all. */
  change(server: Server, change: SettingsChange): Promise<ServerSettings>;
  /** Deletes all that is kept of a server. */
  forget(server: Server): Promise<void>;
  /** Moves what is kept of a server to the id it has from now on. */
  move(from: Server, to: Server): Promise<void>;
}

/** Servers' settings in a Keyv store, one key a server. */
export function createServers(facts: Keyv): Servers {
  const keyOf = ({ platform, id }: Server): string => `server:${platform}:${id}:settings`;
  const read = async (server: Server): Promise<ServerSettings> =>
    settings.parse((await facts.get<unknown>(keyOf(server))) ?? {});
  return {
    settings: read,
    async change(server, change) {
      const changed = settings.parse({ ...(await read(server)), ...change });
      await facts.set(keyOf(server), changed);
      return changed;
    },
    forget: async (server) => void (await facts.delete(keyOf(server))),
    move: (from, to) => renameFact(facts, keyOf(from), keyOf(to)),
  };
}

/** The limits among a server's settings for a member with these roles: of several roles' limits the highest is theirs. */
export function limitsOf(set: ServerSettings, roles: readonly string[] = []): ServerLimits {
  const { memberPerHour, serverPerHour, serverPerDay, rolesPerDay } = set;
  const ofRoles = roles.map((role) => rolesPerDay[role] ?? 0);
  const memberPerDay = Math.max(0, ...ofRoles) || set.memberPerDay;
  return {
    here: { ...(memberPerHour && { hour: memberPerHour }), ...(memberPerDay && { day: memberPerDay }) },
    server: { ...(serverPerHour && { hour: serverPerHour }), ...(serverPerDay && { day: serverPerDay }) },
  };
}
