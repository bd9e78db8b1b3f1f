import type { WordGroup } from '../language/glossaries.js';

interface KindOfWords {
  /** The option of `/portrait` that chooses one. */
  readonly option: string;
  /** The list of presets it is chosen from. */
  readonly from: string;
  /** Groups of a model's vocabulary that the list is made of, in this order. */
  readonly groups: readonly WordGroup[];
  /** Whether forms and buttons ask for it. */
  readonly asked: boolean;
}

/**
 * The kinds of words a portrait is described by, in the order they are offered. A new one comes last: buttons that were
 * sent before know the others by their places.
 */
export const PROMPT_KINDS = [
  { option: 'style', from: 'styles', groups: ['styles'], asked: true },
  { option: 'expression', from: 'expressions', groups: ['expressions', 'mouths'], asked: true },
  { option: 'angle', from: 'angles', groups: ['sides', 'tilts', 'heights'], asked: false },
  { option: 'accessory', from: 'accessories', groups: ['accessories'], asked: true },
  { option: 'backdrop', from: 'backdrops', groups: ['backdrops'], asked: true },
  { option: 'light', from: 'lights', groups: ['lights'], asked: true },
  { option: 'framing', from: 'framings', groups: ['framings'], asked: false },
] as const satisfies readonly KindOfWords[];

/** One of `PROMPT_KINDS`. */
export type PromptKind = (typeof PROMPT_KINDS)[number];

/** A kind that forms and buttons ask for. */
export type AskedKind = Extract<PromptKind, { readonly asked: true }>;

/** The kinds that forms and buttons ask for. */
export const ASKED_KINDS = PROMPT_KINDS.filter((kind): kind is AskedKind => kind.asked);

/** The kinds in the order their words stand in a prompt: the style is what all the others are drawn in, and comes last. */
export const KINDS_IN_PROMPT: readonly PromptKind[] = [
  ...PROMPT_KINDS.filter(({ option }) => option !== 'style'),
  ...PROMPT_KINDS.filter(({ option }) => option === 'style'),
];
