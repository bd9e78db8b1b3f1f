import type { Audit } from '../audit/audit.js';
import { auditPictures } from '../audit/watch.js';
import type { PortraitEngine } from '../jobs/engine.js';
import { limitEngine } from '../jobs/limits.js';
import type { Metrics } from '../operations/metrics.js';
import { measureEngine } from '../operations/watch.js';
import { guardEngine } from '../safety/output-check.js';

export interface EngineParts {
  readonly metrics: Metrics;
  readonly audit: Audit;
  /** Albums asked for at a time. */
  readonly concurrency: number;
}

/** An engine as workers get it: measured, its pictures checked, asked for so many albums at a time. */
export function harness(engine: PortraitEngine, { metrics, audit, concurrency }: EngineParts): PortraitEngine {
  const measured = measureEngine(engine, metrics);
  return limitEngine(guardEngine(measured, { onWithheld: auditPictures(audit) }), concurrency);
}
