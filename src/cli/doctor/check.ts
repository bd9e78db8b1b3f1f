import type { Config } from '../../config.js';
import type { Observation } from '../../observation.js';
import type { CliContext } from '../services.js';

/** Looks at one part of the installation; an error it throws is one thing wrong. */
export type Check = (context: CliContext, config: Config) => Promise<readonly Observation[]>;
