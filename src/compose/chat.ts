import type { Logger } from 'pino';
import { commands } from '../../commands/index.js';
import type { Presets } from '../chat/presets.js';
import type { Audit } from '../audit/audit.js';
import { auditAnswers, auditJobs } from '../audit/watch.js';
import { type Config, defaultLimits } from '../config.js';
import { type Glossary, NO_GLOSSARY } from '../language/glossary.js';
import { createHost } from '../host/host.js';
import { createEstimator } from '../jobs/estimate.js';
import { createExpiry } from '../jobs/expiry.js';
import { createJobs } from '../jobs/jobs.js';
import type { Job } from '../jobs/job.js';
import { type Asker, createLimits, type Limits, type LimitSettings } from '../jobs/limits.js';
import type { JobStore, LineLimits } from '../jobs/store.js';
import { createStatusBoard } from '../jobs/status-board.js';
import { takeUp } from '../jobs/take-up.js';
import { createPhotoBox } from '../media/photo-box.js';
import { createMembers } from '../members/members.js';
import { limitsOf } from '../members/servers.js';
import { logJobs } from '../operations/log.js';
import { createMetrics, type JobCounts, type Metrics } from '../operations/metrics.js';
import { measureJobs, measurePhotos, watchStore } from '../operations/watch.js';
import type { Member, Server } from '../chat/member.js';
import { createPromptFilter } from '../safety/prompt-filter.js';
import { languages, translator } from '../language/texts.js';
import { openAudit } from './audit.js';
import { type Community, composeCommunity } from './community.js';
import { composeEvents } from './events.js';
import { composeOwners } from './owners.js';
import { createHands, type Maker } from './hands.js';
import { createReport } from './log.js';
import { createPlatforms, type Platforms, type PlatformSettings } from './platforms.js';
import { composeSamples } from './samples.js';
import { openStorage, type Storage } from './storage.js';

interface CommonParts {
  readonly config: PlatformSettings & Partial<Pick<Config, 'bundle' | 'data' | 'key' | 'limits' | 'engine' | 'owners'>>;
  readonly presets: Presets;
  /** Words of other languages; where it is not given there are none. */
  readonly glossary?: Glossary;
  readonly log: Logger;
  /** Counts what happens; of no use to anyone where it is not given. */
  readonly metrics?: Metrics;
  /** The clock whose hours and days limits go by, in milliseconds since 1970; the machine's unless given. */
  readonly now?: () => number;
}

export type ChatParts = CommonParts & Maker;

/** The chats and everything behind them but the engine. */
export interface Chat {
  readonly address: string;
  /** Takes up what an earlier run of the program left, and begins to take wishes. */
  start(): Promise<void>;
  /** Refuses new wishes and delivers what is being made; what waits is taken up by the next run. */
  stop(): Promise<void>;
}

/** Milliseconds between two looks for jobs whose time has come: to be tried again, or waiting for too long. */
const TICK = 5000;

/** Builds the parts and hands them to each other. */
export function composeChat({ config, presets, log, metrics = createMetrics(), now, ...maker }: ChatParts): Chat {
  const { limits: set = defaultLimits, engine: { concurrency } = { concurrency: 1 } } = config;
  const storage = maker.storage ?? openStorage(config, now);
  const { facts, vault, sessionKey, tag } = storage;
  const report = createReport(log, metrics);
  const audit = openAudit(config, (error) => report(error, { part: 'audit' }));
  const store = watchStore(storage.store, [measureJobs(metrics), logJobs(log, tag), auditJobs(audit, tag)]);
  const members = createMembers(facts);
  const parts = { config, facts, sessionKey, presets, members, log, report, metrics };
  const platforms = createPlatforms({ ...parts, ...(maker.storage && { turn: maker.storage.turn }) });
  const estimator = createEstimator();
  const board = createStatusBoard({ store, platforms: platforms.all, estimator, paused: storage.pause.isOn });
  const onError = (error: unknown, job?: Job): void =>
    report(error, job ? { job: job.id, member: tag(job.member), platform: job.member.platform } : {});
  const community = composeCommunity(facts, platforms.all);
  const events = composeEvents(storage, platforms.all, report);
  const endings = { store, board, vault, onError };
  const making = { ...endings, estimator, concurrency, enter: events.keep, paused: storage.pause.isOn };
  const worker = createHands(maker, making, { metrics, audit });
  const limits = composeLimits(set, { counts: storage.counts, now }, community);
  const jobs = createJobs({ ...endings, worker, estimator, limits, line: lineOf(set) });
  const forget = composeForget([jobs, events, members, community.newcomers], { platforms, audit, tag });
  const services = {
    presets,
    glossary: maker.glossary ?? NO_GLOSSARY,
    jobs,
    limits,
    members,
    events,
    ...community,
    samples: composeSamples(config.bundle, presets, log),
    photos: measurePhotos(createPhotoBox(vault), metrics),
    ...composeOwners(config.owners, storage.pause, { worker, board }),
    ...spoken(),
    forget,
  };
  const host = createHost({
    platforms: platforms.all,
    services,
    kept: [community.newcomers.places],
    watchLine: board.watch,
    onError: (error, command) => report(error, { command }),
    onRefused: metrics.refused,
    onAnswered: auditAnswers(audit, tag),
  });
  metrics.countJobs(() => countJobs(store));
  const close = async (): Promise<void> => {
    await audit.close();
    if (!maker.storage) await storage.close();
  };
  const ticker = createTicker({ wake: worker.wake, sweeps: [createExpiry(endings).sweep, events.sweep], onError });
  return {
    get address() {
      return platforms.web.address;
    },
    async start() {
      await storage.recover();
      await takeUp({ store, platforms: platforms.all, log });
      await events.resume();
      try {
        await platforms.start(host);
      } catch (error) {
        await close();
        throw error;
      }
      await board.resume();
      await worker.start();
      ticker.start();
    },
    async stop() {
      await Promise.all([host.close(), ticker.stop()]);
      await worker.drain();
      await events.stop();
      await platforms.stop();
      await close();
    },
  };
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

interface Ticking {
  readonly wake: () => void;
  readonly sweeps: readonly (() => Promise<void>)[];
  readonly onError: (error: unknown) => void;
}

/** Looks for jobs whose time has come, now and again and again; stopped when the last look is over. */
function createTicker({ wake, sweeps, onError }: Ticking): { start(): void; stop(): Promise<void> } {
  let sweeping = Promise.resolve();
  let ticking: NodeJS.Timeout | undefined;
  const tick = (): void => {
    wake();
    for (const sweep of sweeps) sweeping = sweeping.then(sweep).catch(onError);
  };
  return {
    start() {
      ticking = setInterval(tick, TICK).unref();
      tick();
    },
    async stop() {
      clearInterval(ticking);
      await sweeping;
    },
  };
}

/** What can be said, in which languages, and what may not be. */
function spoken() {
  return { commands, languages, translate: translator, words: createPromptFilter() };
}

/** How many jobs there are that are not over, by state. */
async function countJobs(store: JobStore): Promise<JobCounts> {
  const { running, waiting } = await store.active();
  const delivering = running.filter(({ state }) => state === 'delivering').length;
  return { queued: waiting.length, running: running.length - delivering, delivering };
}

function composeLimits(
  set: Config['limits'],
  counting: Pick<Storage, 'counts'> & { readonly now: (() => number) | undefined },
  { servers, newcomers }: Community,
): Limits {
  const { counts, now = Date.now } = counting;
  const serverLimits = async (server: Server, { member, standing }: Asker) => {
    const own = await servers.settings(server);
    const { newcomersPerHour: hour } = own;
    const isNew = hour !== undefined && (await newcomers.isNew(server, member.id));
    return { ...limitsOf(own, standing?.roles), ...(isNew && { newcomers: { hour } }) };
  };
  const onTaken = async ({ member: { platform, id }, place: { server } }: Asker): Promise<void> => {
    if (server !== undefined) await newcomers.note({ platform, id: server }, id);
  };
  return createLimits({ settings: limitSettings(set), counts, serverLimits, onTaken, now });
}

function lineOf({ memberInLine: perMember, line: total }: Config['limits']): LineLimits {
  return { perMember, total };
}

function limitSettings(set: Config['limits']): LimitSettings {
  return {
    member: { hour: set.memberPerHour, day: set.memberPerDay },
    server: { hour: set.serverPerHour, day: set.serverPerDay },
    global: { hour: set.globalPerHour, day: set.globalPerDay },
  };
}
