import type { PlatformName, Server } from '../chat/member.js';
import type { ChatPlatform } from '../chat/platform.js';
import { type Config, defaultLimits } from '../config.js';
import type { EventKeeper } from '../events/events.js';
import type { AlbumDelivery } from '../jobs/delivery.js';
import type { EndingParts } from '../jobs/ending.js';
import type { PortraitEngine } from '../jobs/engine.js';
import { type Estimator, createEstimator } from '../jobs/estimate.js';
import { createExpiry } from '../jobs/expiry.js';
import { createDeliverer } from '../jobs/hand-over.js';
import { createJobs, type Jobs } from '../jobs/jobs.js';
import { type Asker, createLimits, type Limits, type LimitSettings } from '../jobs/limits.js';
import type { News } from '../jobs/news.js';
import { type StatusBoard, createStatusBoard } from '../jobs/status-board.js';
import type { JobStore } from '../jobs/store.js';
import { createDeliveringWorker, type Worker, type DeliveringWorkerOptions } from '../jobs/worker.js';
import { limitsOf } from '../members/servers.js';
import type { JobCounts } from '../operations/metrics.js';
import type { Community } from './community.js';
import { type EngineWatchers, watchEngine } from './operations.js';
import type { SharedStorage, Storage } from './storage.js';

/** What the jobs of the chats are composed of. */
export interface JobParts {
  readonly config: Partial<Pick<Config, 'limits' | 'engine'>>;
  readonly storage: Storage;
  /** The storage's store, watched. */
  readonly store: JobStore;
  readonly platforms: ReadonlyMap<PlatformName, ChatPlatform>;
  readonly community: Community;
  readonly events: Pick<EventKeeper, 'keep' | 'sweep'>;
  readonly presets: AlbumDelivery['presets'];
  /** What else is to be looked at again and again. */
  readonly sweeps: readonly (() => Promise<void>)[];
  readonly onError: EndingParts['onError'];
  readonly now: (() => number) | undefined;
}

/** The queue's parts, handed to each other. */
export interface ChatJobs {
  readonly board: StatusBoard;
  readonly workers: Workers;
  readonly limits: Limits;
  readonly jobs: Jobs;
  readonly ticker: Ticker;
}

/** The jobs of the chats: their queue, its limits, the workers and the status messages. */
export function composeJobs(parts: JobParts, source: AlbumSource, watchers: EngineWatchers): ChatJobs {
  const { config, storage, store, platforms, community, events, presets, onError, now } = parts;
  const { limits: limitConfig = defaultLimits, engine: { concurrency } = { concurrency: 1 } } = config;
  const { vault, counts } = storage;
  const estimator = createEstimator();
  const paused = storage.pause.isOn;
  const board = createStatusBoard({ store, platforms, estimator, paused });
  const workers = createWorkers(
    source,
    { store, board, vault, onError, estimator, concurrency, enter: events.keep, presets, paused },
    watchers,
  );
  const limits = composeLimits(limitConfig, { counts, now }, community);
  const queue = { perMember: limitConfig.memberInLine, total: limitConfig.line };
  const jobs = createJobs({ store, board, vault, onError, worker: workers, estimator, limits, queue });
  const expiry = createExpiry({ store, board, vault, onError });
  const sweeps = [expiry.sweep, storage.sweep, ...parts.sweeps];
  const ticker = createTicker({ wake: workers.wake, sweeps, patient: [events.sweep], onError });
  return { board, workers, limits, jobs, ticker };
}

/** The workers that make what the chats ask for, as the chats know them: in this process or in others. */
export interface Workers extends Pick<Worker, 'wake' | 'abort'> {
  start(): Promise<void>;
  /** Resolves when what they made for this process is delivered. */
  drain(): Promise<void>;
}

/** What workers report to. */
interface WorkersParts
  extends
    EndingParts,
    Pick<AlbumDelivery, 'enter' | 'presets'>,
    Pick<DeliveringWorkerOptions, 'paused' | 'concurrency'> {
  readonly board: StatusBoard;
  readonly estimator: Estimator;
}

/** What makes the albums: an engine of this process's, or workers at a storage that its owner closes. */
export type AlbumSource =
  | { readonly engine: PortraitEngine; readonly storage?: undefined }
  | { readonly engine?: undefined; readonly storage: SharedStorage };

/** The workers that go with what makes the albums. */
function createWorkers(source: AlbumSource, parts: WorkersParts, engine: EngineWatchers): Workers {
  if (source.storage) return createRemoteWorkers(parts, source.storage);
  const worker = createDeliveringWorker({ ...parts, engine: watchEngine(source.engine, engine) });
  return { ...worker, start: async () => undefined };
}

/** Workers at the same storage, wherever they are; what they hand over is delivered here. */
function createRemoteWorkers(parts: WorkersParts, { store: made, news }: SharedStorage): Workers {
  const { store, board, estimator, onError } = parts;
  const deliverer = createDeliverer({ ...parts, made });
  let drained = false;

  const showProgress = async ({ jobId, progress }: Extract<News, { kind: 'progress' }>): Promise<void> => {
    const job = await store.get(jobId);
    // News may come late: whose job is over has been told so.
    if (job?.state === 'running') board.progress(job, progress);
  };
  const hear = async (told: News): Promise<void> => {
    if (drained) return;
    if (told.kind === 'queue') await board.refresh();
    if (told.kind === 'progress') await showProgress(told);
    if (told.kind !== 'made') return;
    if (told.album) estimator.record(told.album.count, told.album.milliseconds);
    deliverer.wake();
  };
  return {
    wake() {
      news.tell({ kind: 'work' });
      deliverer.wake();
    },
    abort: (jobId) => news.tell({ kind: 'abort', jobId }),
    start: () => news.hear((told) => void hear(told).catch((error: unknown) => onError(error))),
    async drain() {
      await deliverer.drain();
      drained = true;
    },
  };
}

/** Milliseconds between two looks for jobs whose time has come: to be tried again, or waiting for too long. */
const TICK = 5000;

/** Looks for jobs whose time has come, again and again. */
export interface Ticker {
  start(): void;
  /** Resolves when the last look is over. */
  stop(): Promise<void>;
}

type Sweep = () => Promise<void>;

interface TickerOptions {
  readonly wake: () => void;
  /** Each is begun again only when it is over. */
  readonly sweeps: readonly Sweep[];
  /** Begun again however long they take: what one of them waits for holds up nothing else of it. */
  readonly patient?: readonly Sweep[];
  readonly onError: (error: unknown) => void;
}

/** Looks for jobs whose time has come, now and again and again; a sweep that takes long holds up no other. */
export function createTicker({ wake, sweeps, patient = [], onError }: TickerOptions): Ticker {
  const running = new Map<Promise<void>, Sweep>();
  let ticking: NodeJS.Timeout | undefined;
  const begin = (sweep: Sweep): void => {
    const over: Promise<void> = sweep()
      .catch(onError)
      .finally(() => running.delete(over));
    running.set(over, sweep);
  };
  const tick = (): void => {
    wake();
    const busy = new Set(running.values());
    for (const sweep of patient) begin(sweep);
    for (const sweep of sweeps) if (!busy.has(sweep)) begin(sweep);
  };
  return {
    start() {
      ticking = setInterval(tick, TICK).unref();
      tick();
    },
    async stop() {
      clearInterval(ticking);
      await Promise.all(running.keys());
    },
  };
}

/** How many jobs there are that are not over, by state. */
export async function countJobs(store: JobStore): Promise<JobCounts> {
  const { running, waiting } = await store.active();
  const delivering = running.filter(({ state }) => state === 'delivering').length;
  return { queued: waiting.length, running: running.length - delivering, delivering };
}

/** The limits of the program and those that servers set, on the counts kept. */
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

function limitSettings(set: Config['limits']): LimitSettings {
  return {
    member: { hour: set.memberPerHour, day: set.memberPerDay },
    server: { hour: set.serverPerHour, day: set.serverPerDay },
    global: { hour: set.globalPerHour, day: set.globalPerDay },
  };
}
