import type { Logger } from 'pino';
import type { Presets } from '../chat/presets.js';
import type { Samples } from '../chat/samples.js';
import { NO_SAMPLES, samplesIn } from '../media/samples.js';

/** The samples of the bundle, if any: presets are named without them, so that unreadable ones are worth a warning only. */
export function composeSamples(bundle: string | undefined, presets: Presets, log: Logger): Samples {
  if (bundle === undefined) return NO_SAMPLES;
  const onUnreadable = (err: unknown): void => log.warn({ err }, 'the samples of the model cannot be read');
  return samplesIn({ bundle, onUnreadable }, presets);
}
