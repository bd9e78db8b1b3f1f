import { PROMPT_KINDS, type PromptKind } from './prompt-kinds.js';

/** One of `SAMPLED_KINDS`. */
export type SampledKind = PromptKind['from'];

/** The lists of presets that there are samples of. */
export const SAMPLED_KINDS: readonly SampledKind[] = PROMPT_KINDS.map(({ from }) => from);

/** What the loaded model can do, to look at: pictures of a person who does not exist. */
export interface Samples {
  /** Names of the presets of a list that there are pictures of; none where nobody made any. */
  pictured(kind: SampledKind): Promise<readonly string[]>;
  /** The picture of a preset, a square JPEG; undefined where there is none. */
  tile(kind: SampledKind, name: string): Promise<Uint8Array | undefined>;
  /** All pictures of a list as JPEGs of twenty each, under every picture what its preset is called. */
  sheets(kind: SampledKind, labelOf: (name: string) => string): Promise<readonly Uint8Array[]>;
  /** The first pictures of a list on one such JPEG, as many as there are unless said; undefined where there are none. */
  sheet(kind: SampledKind, labelOf: (name: string) => string, count?: number): Promise<Uint8Array | undefined>;
}
