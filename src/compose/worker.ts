import type { Logger } from 'pino';
import type { Config } from '../config.js';
import type { PortraitEngine } from '../jobs/engine.js';
import { createEstimator } from '../jobs/estimate.js';
import { handOverTo } from '../jobs/hand-over.js';
import type { Job } from '../jobs/job.js';
import { createWorker } from '../jobs/worker.js';
import { logJobs } from '../operations/log.js';
import type { Metrics } from '../operations/metrics.js';
import { measureJobs, watchStore } from '../operations/watch.js';
import { createTicker } from './jobs.js';
import { createReport, watchEngine, openAudit } from './operations.js';
import type { SharedStorage } from './storage.js';

export interface WorkerParts {
  readonly config: Partial<Pick<Config, 'data' | 'engine'>>;
  readonly storage: SharedStorage;
  readonly engine: PortraitEngine;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** A process, or a part of one, that makes albums and talks to no member. */
export interface WorkerHalf {
  start(): Promise<void>;
  /** Takes no more jobs, and hands over what is being made. */
  stop(): Promise<void>;
}

/** Builds a worker for the jobs of a storage that others share. */
export function composeWorker({ config, storage, engine, log, metrics }: WorkerParts): WorkerHalf {
  const { concurrency } = config.engine ?? { concurrency: 1 };
  const { news, vault, tag } = storage;
  const store = watchStore(storage.store, [measureJobs(metrics), logJobs(log, tag)]);
  const report = createReport(log, metrics);
  const audit = openAudit(config, (error) => report(error, { part: 'audit' }));
  const worker = createWorker({
    store,
    vault,
    board: {
      refresh: async () => news.tell({ kind: 'queue' }),
      progress: ({ id: jobId }, progress) => news.tell({ kind: 'progress', jobId, progress }),
    },
    conclude: handOverTo(storage),
    engine: watchEngine(engine, { metrics, audit }),
    estimator: createEstimator(),
    paused: storage.pause.isOn,
    concurrency,
    onError: (error: unknown, job?: Job) =>
      report(error, job ? { job: job.id, member: tag(job.member), platform: job.member.platform } : {}),
  });
  const ticker = createTicker({ wake: worker.wake, sweeps: [], onError: (error) => report(error, {}) });
  return {
    async start() {
      await news.hear((told) => {
        if (told.kind === 'work') worker.wake();
        if (told.kind === 'abort') worker.abort(told.jobId);
      });
      ticker.start();
    },
    async stop() {
      await ticker.stop();
      await worker.drain();
      await audit.close();
    },
  };
}
