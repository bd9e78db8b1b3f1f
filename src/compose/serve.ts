import type { Logger } from 'pino';
import { loadManifest } from '../../pipeline/index.js';
import { type Config, secretsOf } from '../config.js';
import { glossaryOf } from '../language/glossary.js';
import { createLog } from '../operations/log.js';
import { engineOf, presetsOfBundle } from './model.js';
import { composeOperations, type Operations } from './operations.js';

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
    const { composeProgram } = await import('./program.js');
    const program = await composeProgram({ config, engine, presets, glossary, log, metrics, health });
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

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
