import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Stage } from '../../pipeline/index.js';
import type { PlatformName } from '../chat/member.js';
import { LikenessError } from '../errors.js';
import type { JobEnd, JobState } from '../jobs/job.js';

const WAIT_SECONDS = [0.1, 0.5, 1, 5, 15, 30, 60, 120, 300, 600, 1200, 1800];
const ALBUM_SECONDS = [0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300, 600];
const STEP_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Jobs that are not over, by state. */
export type JobCounts = Partial<Record<JobState, number>>;

/** What is counted while the program runs. No label says who asked or for what. */
export interface Metrics {
  readonly contentType: string;
  /** Everything, as Prometheus reads it. */
  text(): Promise<string>;
  /** Counts anew, by this, whenever the metrics are read. */
  countJobs(count: () => Promise<JobCounts>): void;
  accepted(platform: PlatformName): void;
  /** A job was taken up for the first time, so many milliseconds after it was accepted. */
  waited(milliseconds: number): void;
  ended(end: JobEnd): void;
  /** One step of work of the engine. */
  step(stage: Stage, milliseconds: number): void;
  album(outcome: 'made' | 'failed' | 'cancelled', milliseconds: number): void;
  engine(event: 'started' | 'ended'): void;
  sent(platform: PlatformName, kind: string, outcome: 'sent' | 'failed'): void;
  /** Something went wrong that the log tells of. */
  error(error: unknown): void;
  /** A member was told why their request is not fulfilled. */
  refused(error: unknown): void;
  /** A photo was not taken. */
  photoRefused(error: unknown): void;
}

/** Metrics of one running program; `process` adds those of the process itself. */
export function createMetrics({ process = false }: { readonly process?: boolean } = {}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: string[]): Counter =>
    new Counter({ name: `likeness_${name}`, help, labelNames, registers });
  const histogram = (name: string, help: string, more: { buckets: number[]; labelNames?: string[] }): Histogram =>
    new Histogram({ name: `likeness_${name}`, help, registers, ...more });
  if (process) collectDefaultMetrics({ register: registry });

  const accepted = counter('jobs_accepted_total', 'Jobs accepted.', ['platform']);
  const ended = counter('jobs_ended_total', 'Jobs that are over.', ['end']);
  const waits = histogram('job_wait_seconds', 'From acceptance to first work.', { buckets: WAIT_SECONDS });
  const steps = histogram('engine_step_seconds', 'One step of the engine.', {
    buckets: STEP_SECONDS,
    labelNames: ['stage'],
  });
  const albums = histogram('engine_album_seconds', 'One album of the engine.', {
    buckets: ALBUM_SECONDS,
    labelNames: ['outcome'],
  });
  const up = new Gauge({ name: 'likeness_engine_up', help: 'Whether the engine process serves.', registers });
  const engineEnds = counter('engine_ends_total', 'Unexpected ends of the engine process.', []);
  const sends = counter('sends_total', 'Answers sent to members.', ['platform', 'kind', 'outcome']);
  const errors = counter('errors_total', 'Errors written to the log.', ['code']);
  const refusals = counter('refusals_total', 'Requests refused with a sentence.', ['code']);
  const photos = counter('intake_refusals_total', 'Photos not taken.', ['code']);
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    countJobs(count) {
      const labelNames = ['state'];
      const gauge = new Gauge({
        name: 'likeness_jobs',
        help: 'Jobs that are not over.',
        labelNames,
        registers: [],
        async collect() {
          for (const [state, jobs] of Object.entries(await count())) this.set({ state }, jobs);
        },
      });
      registry.registerMetric(gauge);
    },
    accepted: (platform) => accepted.inc({ platform }),
    waited: (milliseconds) => waits.observe(milliseconds / 1000),
    ended: (end) => ended.inc({ end }),
    step: (stage, milliseconds) => steps.observe({ stage }, milliseconds / 1000),
    album: (outcome, milliseconds) => albums.observe({ outcome }, milliseconds / 1000),
    engine(event) {
      up.set(event === 'started' ? 1 : 0);
      if (event === 'ended') engineEnds.inc();
    },
    sent: (platform, kind, outcome) => sends.inc({ platform, kind, outcome }),
    error: (error) => errors.inc({ code: codeOf(error) }),
    refused: (error) => refusals.inc({ code: codeOf(error) }),
    photoRefused: (error) => photos.inc({ code: codeOf(error) }),
  };
}

/** Codes are few and ours; whatever else is thrown counts as one. */
function codeOf(error: unknown): string {
  return error instanceof LikenessError ? error.code : 'unexpected';
}
