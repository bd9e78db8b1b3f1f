import { PROMPT_KINDS, type PromptKind } from './prompt-kinds.js';

/** One of `SAMPLED_KINDS`. */
export type SampledKind = PromptKind['from'];

/** The lists of presets that there are samples of. */
export const SAMPLED_KINDS: readonly SampledKind[] = PROMPT_KINDS.map(({ from }) => from);

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
