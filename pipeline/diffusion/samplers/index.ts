import { ddim } from './ddim.js';
import { dpmpp2m } from './dpmpp-2m.js';
import { euler } from './euler.js';
import { lcm } from './lcm.js';
import type { Sampler } from './sampler.js';

/** The samplers on offer, by the name that configuration, requests and manifests use. */
export const samplers = { ddim, euler, 'dpmpp-2m': dpmpp2m, lcm } as const satisfies Record<string, Sampler>;

/** A name in `samplers`. */
export type SamplerName = keyof typeof samplers;

/** The names of all samplers, for schemas and help texts. */
export const SAMPLER_NAMES = ['ddim', 'euler', 'dpmpp-2m', 'lcm'] as const satisfies readonly SamplerName[];
