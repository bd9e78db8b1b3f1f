import type { PresetKind } from './presets.js';

/** The lists of presets that there are samples of. */
export const SAMPLED_KINDS = [
  'styles',
  'expressions',
  'angles',
  'accessories',
  'backdrops',
  'lights',
] as const satisfies readonly PresetKind[];

/** One of `SAMPLED_KINDS`. */
export type SampledKind = (typeof SAMPLED_KINDS)[number];

/** One picture that shows every preset of a list, in the list's order, row by row: of a person who does not exist. */
export interface SampleSheet {
  readonly kind: SampledKind;
  /** Presets in a row. */
  readonly columns: number;
  readonly jpeg: Uint8Array;
}

/** What the loaded model can do, to look at. */
export interface Samples {
  /** None where nobody made any. */
  sheets(): Promise<readonly SampleSheet[]>;
}
