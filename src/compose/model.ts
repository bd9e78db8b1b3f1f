import type { Logger } from 'pino';
import {
  createEngine,
  DEFAULT_LIMITS,
  type Engine,
  type EngineEvent,
  type EngineLimits,
  type Manifest,
} from '../../pipeline/index.js';
import { type Presets, presetsOf } from '../chat/presets.js';
import type { Samples } from '../chat/samples.js';
import type { Config } from '../config.js';
import { presetNames } from '../language/glossary.js';
import { NO_SAMPLES, samplesIn } from '../media/samples.js';

/** An engine process for the configured bundle, not yet started. */
export function engineOf({ bundle, engine }: Config, onEvent?: (event: EngineEvent) => void): Engine {
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

/** The samples of the bundle, if any: presets are named without them, so that unreadable ones are worth a warning only. */
export function composeSamples(bundle: string | undefined, presets: Presets, log: Logger): Samples {
  if (bundle === undefined) return NO_SAMPLES;
  const onUnreadable = (err: unknown): void => log.warn({ err }, 'the samples of the model cannot be read');
  return samplesIn({ bundle, onUnreadable }, presets);
}
