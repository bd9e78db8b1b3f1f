import type { Logger } from 'pino';
import { type Presets, presetsOf } from './chat/presets.js';
import {
  DEFAULT_LIMITS,
  type Engine,
  type EngineEvent,
  type EngineLimits,
  type Manifest,
  createEngine,
  loadManifest,
  openFaceAnalyser,
} from '../pipeline/index.js';
import type { CliServices } from './cli/services.js';
import { type Config, secretsOf } from './config.js';
import { createExaminations } from './compose/examinations.js';
import { setPaused } from './compose/pause.js';
import { composeOperations, type Operations } from './compose/operations.js';
import { glossaryOf, presetNames } from './language/glossary.js';
import { createLog } from './operations/log.js';
import type { DiscordEndpoints } from './platforms/discord/platform.js';

/** The parts of the program as the command line is given them. */
export function composeCli(endpoints: DiscordEndpoints = {}): CliServices {
  return {
    serve,
    setPaused,
    createEngine: (config) => engineOf(config),
    openFaceAnalyser: () => openFaceAnalyser(),
    ...createExaminations(endpoints),
  };
}

/** Who is to be told what while the program serves. */
export interface ServeHooks {
  /** Asks to stop: what is being made is delivered first. */
  readonly signal: AbortSignal;
  /** The web chat answers at this address. */
  readonly onReady: (address: string) => void;
  /** Albums are made here for chats elsewhere. */
  readonly onWorking?: () => void;
}

/**
 * Serves, by this process's role, until the signal aborts, then delivers what is being made and lets go of everything.
 * @throws LikenessError `bundle-missing`, `bundle-corrupt`, `bundle-invalid`, `port-in-use`, and those of `composeProgram`.
 */
export async function serve(config: Config, hooks: ServeHooks): Promise<void> {
  const log = createLog({ level: config.logLevel, secrets: secretsOf(config) });
  const operations = composeOperations(config.metrics, log);
  await operations.start();
  try {
    await serveRole(config, hooks, { log, operations });
  } finally {
    await operations.stop();
  }
}

/** What the chats are served with. */
interface Surroundings {
  readonly log: Logger;
  readonly operations: Operations;
}

async function serveRole(
  config: Config,
  { signal, onReady, onWorking }: ServeHooks,
  { log, operations }: Surroundings,
): Promise<void> {
  const { metrics, health } = operations;
  const manifest = await loadManifest(config.bundle);
  const presets = presetsOfBundle(manifest);
  const glossary = glossaryOf(manifest.vocabulary);
  const engine = engineOf(config, operations.onEngine);
  try {
    const starting = config.role === 'chat' ? undefined : engine.start();
    // Whoever waits for it below is told.
    starting?.catch(() => undefined);
    // The libraries of the chats are many: they are read while the engine's process starts.
    const { composeProgram } = await import('./compose/program.js');
    const program = await composeProgram({ config, engine, presets, glossary, log, metrics });
    try {
      await program.start();
      await starting;
      health.clear('loading');
      if (program.address === undefined) onWorking?.();
      else onReady(program.address);
      await aborted(signal);
    } finally {
      health.hinder('draining');
      await program.stop();
    }
  } finally {
    await engine.close();
  }
}

function engineOf({ bundle, engine }: Config, onEvent?: (event: EngineEvent) => void): Engine {
  return createEngine({
    bundle,
    threads: engine.threads,
    provider: engine.provider,
    memory: engine.memory,
    limits: limitsOf(engine),
    ...(onEvent && { onEvent }),
  });
}

/** An album may be silent, and a bundle be loaded, for a fifth of the time an album may take. */
function limitsOf({ memoryLimitMiB, timeLimitSeconds }: Config['engine']): Partial<EngineLimits> {
  const requestMs = timeLimitSeconds * 1000;
  const silenceMs = Math.max(DEFAULT_LIMITS.silenceMs, requestMs / 5);
  return { memoryBytes: memoryLimitMiB * 2 ** 20, requestMs, silenceMs, startMs: silenceMs };
}

/** The choices that commands offer, from what the bundle says it was trained on. */
export function presetsOfBundle({ vocabulary, text }: Pick<Manifest, 'vocabulary' | 'text'>): Presets {
  return presetsOf({ ...vocabulary, classWords: text.classWords }, presetNames);
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
