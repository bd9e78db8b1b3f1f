import type { Keyv } from 'keyv';
import { type Bans, createBans } from '../members/bans.js';
import { createNewcomers, type Newcomers } from '../members/newcomers.js';
import { createReports, type Reports } from '../members/reports.js';
import { createServers, type Servers } from '../members/servers.js';
import type { ChatPlatform } from '../chat/platform.js';
import type { PlatformName } from '../chat/member.js';

/** What moderators decide, and where they are told. */
export interface Community {
  readonly servers: Servers;
  readonly bans: Bans;
  readonly reports: Reports;
  readonly newcomers: Newcomers;
}

/** The parts about servers, on the facts kept of them. */
export function composeCommunity(facts: Keyv, platforms: ReadonlyMap<PlatformName, ChatPlatform>): Community {
  return {
    servers: createServers(facts),
    bans: createBans(facts),
    reports: createReports(facts, platforms),
    newcomers: createNewcomers(facts),
  };
}
