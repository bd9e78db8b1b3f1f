import type { Keyv } from 'keyv';
import type { CommandServices } from '../../commands/command.js';
import type { PlatformName } from '../chat/member.js';
import type { ChatPlatform } from '../chat/platform.js';
import type { Pause } from '../data/pause.js';
import { createEvents, type EventKeeper } from '../events/events.js';
import { createEventStore } from '../events/store.js';
import type { StatusBoard } from '../jobs/status-board.js';
import type { Worker } from '../jobs/worker.js';
import { type Bans, createBans } from '../members/bans.js';
import { createNewcomers, type Newcomers } from '../members/newcomers.js';
import { createReports, type Reports } from '../members/reports.js';
import { createServers, type Servers } from '../members/servers.js';
import type { Report } from './operations.js';
import type { Storage } from './storage.js';

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

/** The events kept in a storage. */
export function composeEvents(
  { facts, portraits, store }: Storage,
  platforms: ReadonlyMap<PlatformName, ChatPlatform>,
  report: Report,
): EventKeeper {
  const onError = (error: unknown): void => report(error, { part: 'events' });
  return createEvents({ store: createEventStore(facts), portraits, jobs: store, platforms, onError });
}

/** What those who run the program may do: known by their ids, or by sitting at its machine. */
export function composeOwners(
  owners: readonly string[] = [],
  pause: Pause,
  { worker, board }: { readonly worker: Pick<Worker, 'wake'>; readonly board: Pick<StatusBoard, 'refresh'> },
): Pick<CommandServices, 'isOwner' | 'pause'> {
  return {
    isOwner: async ({ member: { platform, id }, standing }) =>
      platform === 'web' ? standing.mayAdminister() : owners.includes(`${platform}:${id}`),
    pause: {
      isOn: pause.isOn,
      async set(on) {
        await pause.set(on);
        worker.wake();
        await board.refresh();
      },
    },
  };
}
