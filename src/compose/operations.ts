import { join } from 'node:path';
import type { Logger } from 'pino';
import type { EngineEvent } from '../../pipeline/index.js';
import { type Audit, createAudit, noAudit } from '../audit/audit.js';
import { auditPictures } from '../audit/watch.js';
import type { Config } from '../config.js';
import { LikenessError } from '../errors.js';
import type { PortraitEngine } from '../jobs/engine.js';
import { createHealth, type Health } from '../operations/health.js';
import { createMetrics, type Metrics } from '../operations/metrics.js';
import { createOperationsServer } from '../operations/server.js';
import { measureEngine } from '../operations/watch.js';
import { guardEngine } from '../safety/output-check.js';

/** What the program is watched by: always counted, and served where there is a port for it. */
export interface Operations {
  readonly health: Health;
  readonly metrics: Metrics;
  readonly onEngine: (event: EngineEvent) => void;
  /** @throws LikenessError `port-in-use`. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Health and metrics, and their server where it has a port. */
export function composeOperations({ host, port }: Config['metrics'], log: Logger): Operations {
  const health = createHealth();
  const metrics = createMetrics({ process: port !== undefined });
  const server = port === undefined ? undefined : createOperationsServer({ host, port, health, metrics });
  return {
    health,
    metrics,
    onEngine(event) {
      metrics.engine(event.type);
      if (event.type === 'started') {
        health.clear('engine-down');
        log.info({ enginePid: event.pid, provider: event.provider }, 'engine started');
        return;
      }
      health.hinder('engine-down');
      const { pid: enginePid, restartInMs, error } = event;
      log.error({ enginePid, restartInMs, reason: error.message }, 'engine ended');
    },
    async start() {
      await server?.start();
      if (server) log.info({ address: server.address }, 'serving health and metrics');
    },
    stop: async () => server?.stop(),
  };
}

/** Takes an error that no member was told of in its own words, and where it came from. */
export type Report = (error: unknown, context: Readonly<Record<string, string>>) => void;

/** Counts errors and writes them down: what a member can be told about is part of everyday life, all else a failure. */
export function createReport(log: Logger, metrics: Metrics): Report {
  return (error, context) => {
    metrics.error(error);
    // The raw cause of what a member was told is for whoever asks for more.
    if (error instanceof LikenessError) log.info({ ...context, code: error.code, cause: error.cause }, 'refused');
    else log.error({ ...context, err: error }, 'failed');
  };
}

/** The record of who did what when, in the data folder; without one nothing is recorded. */
export function openAudit({ data }: Partial<Pick<Config, 'data'>>, onError: (error: unknown) => void): Audit {
  return data === undefined ? noAudit : createAudit({ folder: join(data, 'audit'), onError });
}

/** Who watches an engine. */
export interface EngineWatchers {
  readonly metrics: Metrics;
  readonly audit: Audit;
}

/** An engine as workers get it: measured, and its pictures checked. */
export function watchEngine(engine: PortraitEngine, { metrics, audit }: EngineWatchers): PortraitEngine {
  return guardEngine(measureEngine(engine, metrics), { onWithheld: auditPictures(audit) });
}
