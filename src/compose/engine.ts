import type { Audit } from '../audit/audit.js';
import { auditPictures } from '../audit/watch.js';
import type { PortraitEngine } from '../jobs/engine.js';
import type { Metrics } from '../operations/metrics.js';
import { measureEngine } from '../operations/watch.js';
import { guardEngine } from '../safety/output-check.js';

export interface EngineParts {
  readonly metrics: Metrics;
  readonly audit: Audit;
}

/** An engine as workers get it: measured, and its pictures checked. */
export function harness(engine: PortraitEngine, { metrics, audit }: EngineParts): PortraitEngine {
  return guardEngine(measureEngine(engine, metrics), { onWithheld: auditPictures(audit) });
}
