import type { Logger } from 'pino';
import type { CommandServices } from '../../commands/command.js';
import { commands } from '../../commands/index.js';
import type { Audit } from '../audit/audit.js';
import { auditAnswers, auditJobs } from '../audit/watch.js';
import type { Member } from '../chat/member.js';
import type { Presets } from '../chat/presets.js';
import { type Config } from '../config.js';
import type { EventKeeper } from '../events/events.js';
import { createHost, type Host, type HostOptions } from '../host/host.js';
import type { Job } from '../jobs/job.js';
import { createRefusedPhotos } from '../jobs/refused-photos.js';
import { restoreJobs } from '../jobs/restore.js';
import { type StatusBoard } from '../jobs/status-board.js';
import { type Glossary, NO_GLOSSARY } from '../language/glossary.js';
import { languages, translator } from '../language/texts.js';
import { createPhotoBox } from '../media/photo-box.js';
import { createMembers } from '../members/members.js';
import { logJobs } from '../operations/log.js';
import type { Health } from '../operations/health.js';
import { createMetrics, type Metrics } from '../operations/metrics.js';
import { measureJobs, measurePhotos, watchStore } from '../operations/watch.js';
import { createHistory } from '../platforms/web/history.js';
import { createPromptFilter } from '../safety/prompt-filter.js';
import { composeCommunity, composeEvents, composeOwners } from './community.js';
import { type AlbumSource, composeJobs, countJobs, type Ticker, type Workers } from './jobs.js';
import { composeSamples } from './model.js';
import { createReport, openAudit } from './operations.js';
import { createPlatforms, type Platforms, type PlatformSettings } from './platforms.js';
import { openStorage, type Storage } from './storage.js';

interface CommonParts {
  readonly config: PlatformSettings &
    Partial<Pick<Config, 'bundle' | 'data' | 'key' | 'history' | 'limits' | 'engine' | 'owners'>>;
  readonly presets: Presets;
  /** Words of other languages; where it is not given there are none. */
  readonly glossary?: Glossary;
  readonly log: Logger;
  /** Counts what happens; of no use to anyone where it is not given. */
  readonly metrics?: Metrics;
  /** Is told which platforms cannot be reached. */
  readonly health?: Health;
  /** The clock whose hours and days limits go by, in milliseconds since 1970; the machine's unless given. */
  readonly now?: () => number;
}

/** What the chats are composed of. */
export type ChatParts = CommonParts & AlbumSource;

/** The chats and everything behind them but the engine. */
export interface Chat {
  readonly address: string;
  /** Takes up what an earlier run of the program left, and begins to take requests. */
  start(): Promise<void>;
  /** Refuses new requests and delivers what is being made; what waits is taken up by the next run. */
  stop(): Promise<void>;
}

/** Builds the parts and hands them to each other. */
export function composeChat({
  config,
  presets,
  glossary = NO_GLOSSARY,
  log,
  metrics = createMetrics(),
  health,
  now,
  ...source
}: ChatParts): Chat {
  const storage = source.storage ?? openStorage(config, now);
  const { facts, vault, tag } = storage;
  const report = createReport(log, metrics);
  const audit = openAudit(config, (error) => report(error, { part: 'audit' }));
  const store = watchStore(storage.store, [measureJobs(metrics), logJobs(log, tag), auditJobs(audit, tag)]);
  const members = createMembers(facts);
  const samples = composeSamples(config.bundle, presets, log);
  const platforms = createPlatforms({
    config,
    facts,
    sessionKey: storage.sessionKey,
    history: createHistory({ days: config.history?.days ?? 0, vault: storage.albums, facts, now: now ?? Date.now }),
    presets,
    samples,
    glossary,
    members,
    log,
    report,
    metrics,
    ...(source.storage && { lock: source.storage.lock }),
    ...(health && { health }),
  });
  const onError = (error: unknown, job?: Job): void => report(error, job ? describeJob(job, tag) : {});
  const community = composeCommunity(facts, platforms.all);
  const events = composeEvents(storage, platforms.all, report);
  const sweeps = [() => host.tellInterrupted()];
  const { board, workers, limits, jobs, ticker } = composeJobs(
    { config, storage, store, platforms: platforms.all, community, events, presets, sweeps, onError, now },
    source,
    { metrics, audit },
  );
  const { isOwner, pause } = composeOwners(config.owners, storage.pause, { worker: workers, board });
  const services: CommandServices = {
    presets,
    glossary,
    samples,
    jobs,
    limits,
    members,
    servers: community.servers,
    events,
    bans: community.bans,
    reports: community.reports,
    pause,
    isOwner,
    words: createPromptFilter(),
    photos: measurePhotos(createPhotoBox(vault, createRefusedPhotos(storage.counts, now)), metrics),
    commands,
    languages,
    translate: translator,
    forget: composeForget([jobs, events, members, community.newcomers], { platforms, audit, tag }),
  };
  const host = createHost({
    platforms: platforms.all,
    services,
    kept: [community.newcomers.places],
    interrupted: interruptedAt(storage),
    watchQueue: board.watch,
    onError: (error, command) => report(error, { command }),
    onRefused: metrics.refused,
    onAnswered: auditAnswers(audit, tag),
  });
  metrics.countJobs(() => countJobs(store));
  const close = async (): Promise<void> => {
    await audit.close();
    if (!source.storage) await storage.close();
  };
  const recover = (): Promise<void> => recoverJobs({ storage, store, platforms: platforms.all, log });
  return createChat({ platforms, host, workers, events, board, ticker, recover, close });
}

/** What the log says of a job. */
function describeJob({ id, member }: Job, tag: Storage['tag']): Readonly<Record<string, string>> {
  return { job: id, member: tag(member), platform: member.platform };
}

/** What earlier runs left: jobs of a database that is damaged are dropped, the others go on. */
async function recoverJobs({
  storage,
  ...parts
}: Parameters<typeof restoreJobs>[0] & { readonly storage: Storage }): Promise<void> {
  const lost = await storage.recover();
  if (lost > 0) parts.log.error({ jobs: lost }, 'the database was damaged: jobs that cannot be read are dropped');
  await restoreJobs(parts);
}

interface RunningParts {
  readonly platforms: Platforms;
  readonly host: Host;
  readonly workers: Workers;
  readonly events: Pick<EventKeeper, 'resume' | 'stop'>;
  readonly board: Pick<StatusBoard, 'resume'>;
  readonly ticker: Ticker;
  readonly recover: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Starts and stops the parts in their order. */
function createChat({ platforms, host, workers, events, board, ticker, recover, close }: RunningParts): Chat {
  return {
    get address() {
      return platforms.web.address;
    },
    async start() {
      await recover();
      await events.resume();
      try {
        await platforms.start(host);
      } catch (error) {
        await close();
        throw error;
      }
      await board.resume();
      await host.tellInterrupted();
      await workers.start();
      ticker.start();
    },
    async stop() {
      const drained = workers.drain();
      // Nothing more is taken before nothing more is kept: what comes meanwhile waits at its platform, or is refused.
      await platforms.stopTaking();
      await Promise.all([host.close(), ticker.stop()]);
      await drained;
      await events.stop();
      await platforms.stop();
      await host.close();
      await close();
    },
  };
}

/** What members asked for of an earlier run that was killed, but for what became jobs. */
function interruptedAt({ pending, store }: Storage): HostOptions['interrupted'] {
  return { pending, isAccepted: async (request) => (await store.find(request)) !== undefined };
}

/** Deletes what each part keeps of a member. */
function composeForget(
  parts: readonly { forget(member: Member): Promise<void> }[],
  { platforms, audit, tag }: Pick<Storage, 'tag'> & { readonly platforms: Platforms; readonly audit: Audit },
): (member: Member) => Promise<void> {
  return async (member) => {
    for (const part of parts) await part.forget(member);
    await audit.forget(tag(member));
    await platforms.all.get(member.platform)?.forget(member);
  };
}
