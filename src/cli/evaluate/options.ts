import { checkRequest } from '../../../pipeline/index.js';
import { readSampler } from '../portrait.js';
import type { Measuring } from './measure.js';

/** Options of `likeness evaluate`, as given. */
export interface EvaluateOptions {
  readonly people?: number;
  readonly prompt?: readonly string[];
  readonly count: number;
  readonly strength: number;
  readonly seed: number;
  /** For each portrait. */
  readonly candidates?: readonly number[];
  readonly sampler?: string;
  readonly steps?: number;
  readonly styleClassifier?: string;
  readonly addedClassifier?: string;
  readonly draftOnly?: boolean;
  readonly json?: boolean;
}

/** How every album of an evaluation is asked for. */
export type Settings = Pick<Measuring, 'settings' | 'candidates'>;

/** The settings the options say; each refusal is a LikenessError that comes before any work. */
export function readSettings(options: EvaluateOptions): Settings {
  const { count, strength, steps, seed, draftOnly } = options;
  const sampler = options.sampler === undefined ? undefined : readSampler(options.sampler);
  const settings = { count, strength, steps, sampler, ...(draftOnly && { draftOnly }) };
  const candidates = options.candidates ?? [undefined];
  for (const each of candidates) {
    const request = { ...settings, seed, prompt: '', photos: [new Uint8Array()] };
    checkRequest({ ...request, candidates: each === undefined ? undefined : each * count });
  }
  return { settings, candidates };
}
