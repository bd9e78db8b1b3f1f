import { pino, type Logger } from 'pino';
import { commands, defaultCommand } from '../commands/index.js';
import { type Presets, presetsOf } from '../commands/presets.js';
import { type Manifest } from '../pipeline/bundle-manifest.js';
import { loadManifest } from '../pipeline/bundle.js';
import { createEngine, type Engine } from '../pipeline/engine/supervisor.js';
import { LikenessError } from '../pipeline/errors.js';
import { openFaceAnalyser } from '../pipeline/face/analyser.js';
import type { CliServices } from './cli/services.js';
import type { Config } from './config.js';
import { createHost } from './host.js';
import type { PortraitEngine } from './jobs/engine.js';
import { createEstimator } from './jobs/estimate.js';
import { createJobs } from './jobs/jobs.js';
import { createMemoryStore } from './jobs/memory.js';
import { createStatusBoard } from './jobs/status-board.js';
import { createWorker } from './jobs/worker.js';
import { MAX_PHOTO_BYTES } from './media/intake.js';
import { createPhotoBox } from './media/photo-box.js';
import { createMemoryConsents } from './members/consents.js';
import type { ChatPlatform, Member, PlatformName } from './platforms/platform.js';
import { createWebPlatform } from './platforms/web/platform.js';
import { createMemoryVault } from './vault/memory.js';

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
    await chat.start();
    try {
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
  readonly config: Pick<Config, 'host' | 'port'>;
  readonly engine: PortraitEngine;
  readonly presets: Presets;
  readonly log: Logger;
}

/** The chats and everything behind them but the engine. */
export interface Chat {
  readonly address: string;
  start(): Promise<void>;
  /** Refuses new wishes, delivers what is being made, wipes what is kept. */
  stop(): Promise<void>;
}

/** Builds the parts and hands them to each other. */
export function composeChat({ config, engine, presets, log }: ChatParts): Chat {
  const { host: hostName, port } = config;
  const web = createWebPlatform({
    host: hostName,
    port,
    commands,
    defaultCommand,
    presets,
    maxPhotoBytes: MAX_PHOTO_BYTES,
  });
  const platforms = new Map<PlatformName, ChatPlatform>([['web', web]]);
  const vault = createMemoryVault();
  const photos = createPhotoBox(vault);
  const consents = createMemoryConsents();
  const store = createMemoryStore();
  const estimator = createEstimator();
  const board = createStatusBoard({ store, platforms, estimator });
  const worker = createWorker({
    store,
    engine,
    vault,
    board,
    estimator,
    onError: (error, job) => logError(log, error, { job: job.id }),
  });
  const jobs = createJobs({ store, worker, board, vault, estimator });
  const forget = async (member: Member): Promise<void> => {
    await jobs.forget(member);
    await consents.withdraw(member);
    await platforms.get(member.platform)?.forget(member);
  };
  const host = createHost({
    platforms,
    services: { presets, jobs, consents, photos, commands, forget },
    onError: (error, command) => logError(log, error, { command }),
  });
  return {
    get address() {
      return web.address;
    },
    start: () => web.start(host).catch((error: unknown) => Promise.reject(explainListening(error, config))),
    async stop() {
      host.close();
      await worker.drain();
      await web.stop();
      vault.close();
    },
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
