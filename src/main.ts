import { join } from 'node:path';
import type { Keyv } from 'keyv';
import { pino, type Logger } from 'pino';
import { commands, defaultCommand } from '../commands/index.js';
import { type Presets, presetsOf } from '../commands/presets.js';
import { type Manifest } from '../pipeline/bundle-manifest.js';
import { loadManifest } from '../pipeline/bundle.js';
import { createEngine, type Engine } from '../pipeline/engine/supervisor.js';
import { LikenessError } from '../pipeline/errors.js';
import { openFaceAnalyser } from '../pipeline/face/analyser.js';
import type { CliServices } from './cli/services.js';
import { type Config, defaultLimits } from './config.js';
import { closeDatabase, IN_MEMORY, openDatabase, type SqlDatabase } from './data/database.js';
import { openFacts } from './data/facts.js';
import { deriveKey, loadKey } from './data/key.js';
import { createHost } from './host.js';
import type { PortraitEngine } from './jobs/engine.js';
import { createEstimator } from './jobs/estimate.js';
import { createExpiry } from './jobs/expiry.js';
import { createJobs } from './jobs/jobs.js';
import type { Job } from './jobs/job.js';
import { createLimits, limitEngine, type LimitSettings } from './jobs/limits.js';
import { createSqliteStore } from './jobs/sqlite.js';
import { createStatusBoard } from './jobs/status-board.js';
import type { JobStore } from './jobs/store.js';
import { createWorker } from './jobs/worker.js';
import { MAX_PHOTO_BYTES } from './media/intake.js';
import { createPhotoBox } from './media/photo-box.js';
import { createMembers } from './members/members.js';
import { createDiscordPlatform, type DiscordEndpoints } from './platforms/discord/platform.js';
import type { ChatHost, ChatPlatform, Member, PlatformName } from './platforms/platform.js';
import { createTelegramPlatform } from './platforms/telegram/platform.js';
import { createWebPlatform } from './platforms/web/platform.js';
import { languages, translator } from './texts.js';
import { createDiskVault } from './vault/disk.js';
import { createMemoryVault } from './vault/memory.js';
import type { Vault } from './vault/vault.js';

/** The parts of the program as the command line is given them. */
export function composeCli(): CliServices {
  return { serve, createEngine: engineOf, openFaceAnalyser: () => openFaceAnalyser() };
}

/** Who is to be told what while the program serves. */
export interface ServeHooks {
  /** Asks to stop: what is being made is delivered first. */
  readonly signal: AbortSignal;
  /** The web chat answers at this address. */
  readonly onReady: (address: string) => void;
}

/**
 * Serves every configured chat until the signal aborts, then delivers what is being made and lets go of everything.
 * @throws LikenessError `bundle-missing`, `bundle-corrupt`, `bundle-invalid`, `port-in-use`.
 */
export async function serve(config: Config, { signal, onReady }: ServeHooks): Promise<void> {
  const log = pino({ level: config.logLevel }, pino.destination(2));
  const presets = presetsOfBundle(await loadManifest(config.bundle));
  const engine = engineOf(config, log);
  try {
    const chat = composeChat({ config, engine, presets, log });
    try {
      await chat.start();
      await engine.start();
      onReady(chat.address);
      await aborted(signal);
    } finally {
      await chat.stop();
    }
  } finally {
    await engine.close();
  }
}

export interface ChatParts {
  readonly config: Pick<Config, 'host' | 'port'> &
    Partial<Pick<Config, 'data' | 'key' | 'limits' | 'engine'>> & {
      readonly discord?: Config['discord'] & DiscordEndpoints;
      readonly telegram?: Partial<Config['telegram']>;
    };
  readonly engine: PortraitEngine;
  readonly presets: Presets;
  readonly log: Logger;
}

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
export function composeChat({ config, engine, presets, log }: ChatParts): Chat {
  const { host: hostName, port, limits: set = defaultLimits, engine: { concurrency } = { concurrency: 1 } } = config;
  const web = createWebPlatform({
    host: hostName,
    port,
    commands,
    defaultCommand,
    presets,
    maxPhotoBytes: MAX_PHOTO_BYTES,
  });
  const { database, facts, vault } = openStorage(config);
  const platforms = new Map<PlatformName, ChatPlatform>();
  const bots = { facts, presets, log };
  for (const platform of [web, ...discordOf(config, bots), ...telegramOf(config, bots)]) {
    platforms.set(platform.name, platform);
  }
  const members = createMembers(facts);
  const store = createSqliteStore(database);
  const estimator = createEstimator();
  const board = createStatusBoard({ store, platforms, estimator });
  const onError = (error: unknown, job?: Job): void => logError(log, error, job ? { job: job.id } : {});
  const endings = { store, board, vault, onError };
  const worker = createWorker({ ...endings, engine: limitEngine(engine, concurrency), estimator, concurrency });
  const expiry = createExpiry(endings);
  const limits = createLimits({ settings: limitSettings(set), facts, dailyQuota: members.dailyQuota });
  const line = { perMember: set.memberInLine, total: set.line };
  const jobs = createJobs({ store, worker, board, vault, estimator, limits, line });
  const forget = async (member: Member): Promise<void> => {
    await jobs.forget(member);
    await members.forget(member);
    await platforms.get(member.platform)?.forget(member);
  };
  const photos = createPhotoBox(vault);
  const services = { presets, jobs, limits, members, photos, commands, languages, translate: translator, forget };
  const host = createHost({
    platforms,
    services,
    onError: (error, command) => logError(log, error, { command }),
  });
  let sweeping = Promise.resolve();
  let ticking: NodeJS.Timeout | undefined;
  const tick = (): void => {
    worker.wake();
    sweeping = sweeping.then(expiry.sweep).catch((error: unknown) => onError(error));
  };
  return {
    get address() {
      return web.address;
    },
    async start() {
      await takeUp({ store, platforms, log });
      try {
        await startAll(platforms.values(), host);
      } catch (error) {
        closeDatabase(database);
        throw explainListening(error, config);
      }
      await board.resume();
      ticking = setInterval(tick, TICK).unref();
      tick();
    },
    async stop() {
      clearInterval(ticking);
      await host.close();
      await Promise.all([worker.drain(), sweeping]);
      await Promise.all([...platforms.values()].map((platform) => platform.stop()));
      await vault.close();
      closeDatabase(database);
    },
  };
}

/** Starts platform after platform; when one cannot, those before it are stopped again. */
async function startAll(platforms: Iterable<ChatPlatform>, host: ChatHost): Promise<void> {
  const started: ChatPlatform[] = [];
  try {
    for (const platform of platforms) {
      await platform.start(host);
      started.push(platform);
    }
  } catch (error) {
    await Promise.all(started.map((platform) => platform.stop()));
    throw error;
  }
}

/** What every bot is given. */
interface BotParts extends Pick<ChatParts, 'presets' | 'log'> {
  readonly facts: Keyv;
}

/** The Discord bot, where there is a token for one. */
function discordOf({ discord }: ChatParts['config'], { facts, presets, log }: BotParts): ChatPlatform[] {
  if (discord?.token === undefined) return [];
  const bot = createDiscordPlatform({
    ...discord,
    token: discord.token,
    commands,
    defaultCommand,
    presets,
    maxPhotoBytes: MAX_PHOTO_BYTES,
    facts,
    onError: (error) => logError(log, error, { platform: 'discord' }),
  });
  return [bot];
}

/** The Telegram bot, where there is a token for one. */
function telegramOf({ telegram = {} }: ChatParts['config'], { facts, presets, log }: BotParts): ChatPlatform[] {
  const { token, apiRoot, webhookUrl: url, webhookHost: host = '127.0.0.1', webhookPort: port = 8788 } = telegram;
  if (token === undefined) return [];
  const bot = createTelegramPlatform({
    token,
    commands,
    defaultCommand,
    presets,
    maxPhotoBytes: MAX_PHOTO_BYTES,
    facts,
    ...(apiRoot !== undefined && { apiRoot }),
    ...(url !== undefined && { webhook: { url, host, port } }),
    onError: (error) => logError(log, error, { platform: 'telegram' }),
    onGone: ({ method, description }) => log.info({ platform: 'telegram', method, description }, 'cannot be reached'),
  });
  return [bot];
}

/** Everything that outlives a restart. */
interface Storage {
  readonly database: SqlDatabase;
  readonly facts: Keyv;
  readonly vault: Vault;
}

/**
 * Opens the data folder; where none is named, everything is in this process's memory.
 * @throws LikenessError `data-in-use`, `data-unusable`, `key-invalid`.
 */
function openStorage({ data, key: given }: ChatParts['config']): Storage {
  const database = openDatabase(data === undefined ? IN_MEMORY : join(data, 'likeness.db'));
  const facts = openFacts(database);
  if (data === undefined) return { database, facts, vault: createMemoryVault() };
  const key = deriveKey(loadKey({ given, file: join(data, 'key') }), 'vault');
  return { database, facts, vault: createDiskVault({ folder: join(data, 'vault'), key }) };
}

/** Readies what an earlier run left: nobody else works on it, and each platform remembers whom it has to answer. */
async function takeUp({ store, platforms, log }: Leftovers): Promise<void> {
  await store.recover();
  const { running, waiting } = await store.active();
  if (running.length + waiting.length === 0) return;
  log.info({ running: running.length, waiting: waiting.length }, 'taking up jobs');
  for (const job of [...running, ...waiting]) {
    const platform = platforms.get(job.member.platform);
    if (platform) {
      platform.reply(job.address);
      continue;
    }
    log.warn({ job: job.id, platform: job.member.platform }, 'dropped: its platform is switched off');
    await store.cancel(job.id);
  }
}

interface Leftovers {
  readonly store: JobStore;
  readonly platforms: ReadonlyMap<PlatformName, ChatPlatform>;
  readonly log: Logger;
}

function limitSettings(set: Config['limits']): LimitSettings {
  return {
    member: { hour: set.memberPerHour, day: set.memberPerDay },
    server: { hour: set.serverPerHour, day: set.serverPerDay },
    global: { hour: set.globalPerHour, day: set.globalPerDay },
  };
}

function engineOf({ bundle, engine }: Config, log?: Logger): Engine {
  return createEngine({
    bundle,
    threads: engine.threads,
    limits: { memoryBytes: engine.memoryLimitMiB * 2 ** 20, requestMs: engine.timeLimitSeconds * 1000 },
    onEvent: (event) => {
      if (event.type === 'started') log?.info({ enginePid: event.pid }, 'engine started');
      else
        log?.error(
          { enginePid: event.pid, restartInMs: event.restartInMs, reason: event.error.message },
          'engine ended',
        );
    },
  });
}

/** The choices that commands offer, from what the bundle says it was trained on. */
export function presetsOfBundle({ vocabulary, text }: Pick<Manifest, 'vocabulary' | 'text'>): Presets {
  return presetsOf({ ...vocabulary, classWords: text.classWords });
}

function logError(log: Logger, error: unknown, context: Readonly<Record<string, string>>): void {
  // What a member can be told about is part of everyday life; its raw cause is for whoever asks for more.
  if (error instanceof LikenessError) log.info({ ...context, code: error.code, cause: error.cause }, 'refused');
  else log.error({ ...context, err: error }, 'failed');
}

function explainListening(error: unknown, { host, port }: ChatParts['config']): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EADDRINUSE' ? new LikenessError('port-in-use', { host, port }, { cause: error }) : error;
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
