import type { Logger } from 'pino';
import type { EngineEvent } from '../../pipeline/index.js';
import type { Config } from '../config.js';
import { createHealth, type Health } from '../operations/health.js';
import { createMetrics, type Metrics } from '../operations/metrics.js';
import { createOperationsServer } from '../operations/server.js';

/** What the program is watched by: always counted, and served where there is a port for it. */
export interface Operations {
  readonly health: Health;
  readonly metrics: Metrics;
  readonly onEngine: (event: EngineEvent) => void;
  /** @throws LikenessError `port-in-use`. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

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
