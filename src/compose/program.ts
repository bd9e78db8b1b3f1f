import type { Config } from '../config.js';
import { LikenessError } from '../errors.js';
import type { PortraitEngine } from '../jobs/engine.js';
import { watchFor } from '../operations/health.js';
import { createMetrics } from '../operations/metrics.js';
import { composeChat, type ChatParts } from './chat.js';
import { createReport } from './operations.js';
import { openSharedStorage } from './storage.js';
import { composeWorker } from './worker.js';

export interface ProgramParts extends Pick<ChatParts, 'presets' | 'glossary' | 'log' | 'metrics' | 'health'> {
  readonly config: ChatParts['config'] & Pick<Config, 'data' | 'role' | 'redis'>;
  /** Of no use to a process that only talks to members. */
  readonly engine: PortraitEngine;
}

/** What one process does, by its role. */
export interface Program {
  /** Of the web chat, where this process has one. */
  readonly address: string | undefined;
  start(): Promise<void>;
  /** Delivers or hands over what is being made, and lets go of everything. */
  stop(): Promise<void>;
}

/**
 * Builds the parts of this process: everything in one on its data folder, or its part of several around one Redis.
 * @throws LikenessError `role-needs-redis`, `redis-unreachable`, `key-differs`, `key-invalid`, `data-in-use`, `data-unusable`.
 */
export async function composeProgram(parts: ProgramParts): Promise<Program> {
  const { role, redis } = parts.config;
  if (redis.url !== undefined) return composeShared(parts, redis.url);
  if (role !== 'all') throw new LikenessError('role-needs-redis', { role });
  return composeChat(parts);
}

async function composeShared(parts: ProgramParts, url: string): Promise<Program> {
  const { config, engine, presets, glossary, log, metrics = createMetrics(), health } = parts;
  const { role, data, key, history } = config;
  const report = createReport(log, metrics);
  const storage = await openSharedStorage(
    { url, data, key, ...(history && { history }) },
    { onError: (error) => report(error, { service: 'redis' }), onReach: watchFor(health, 'redis-down') },
  );
  const chat =
    role === 'worker'
      ? undefined
      : composeChat({
          config,
          storage,
          presets,
          ...(glossary && { glossary }),
          log,
          metrics,
          ...(health && { health }),
        });
  const worker = role === 'chat' ? undefined : composeWorker({ config, storage, engine, log, metrics });
  return {
    get address() {
      return chat?.address;
    },
    async start() {
      await chat?.start();
      await worker?.start();
    },
    async stop() {
      await worker?.stop();
      await chat?.stop();
      await storage.close();
    },
  };
}
