import { z } from 'zod';
import { SAMPLER_NAMES } from './diffusion/samplers/index.js';

/** Every graph a bundle may have by name; those of `renderers` come on top. */
export const ALL_GRAPHS = [
  'vision_encoder',
  'identity',
  'text_encoder',
  'unet',
  'encoder',
  'decoder',
  'upscaler',
  'face_mesh',
  'matte',
  'mouth_refiner',
] as const;

/** A graph of a bundle: one by name, or the renderer of a style. */
export type GraphName = (typeof ALL_GRAPHS)[number] | `renderer:${string}`;

const count = z.int().positive();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'Expected 64 lowercase hexadecimal digits');
const fileName = z.string().regex(/^\w[\w.-]*$/, 'Expected the name of a file beside the manifest');
const port = z.object({
  name: z.string().min(1),
  type: z.enum(['float32', 'int64']),
  shape: z.array(z.union([z.int().nonnegative(), z.string()])),
});
const storedFile = z.object({ file: fileName, sha256, bytes: count });
const graph = storedFile.extend({
  /** Weights that lie beside the graph: ONNX files themselves hold 2 GB at most. */
  data: storedFile.optional(),
  inputs: z.array(port).min(1),
  outputs: z.array(port).min(1),
});
const phrases = z.record(z.string(), z.array(z.string().min(1)).min(1));

const text = z
  .object({
    tokenizer: fileName,
    length: count.min(4),
    /** The word that stands for the person, and its token; left out where a bundle knows the person by images alone. */
    sksToken: z
      .string()
      .regex(/^[a-z]+$/, 'Expected one word of small letters')
      .optional(),
    sksTokenId: z.int().nonnegative().optional(),
    padTokenId: z.int().nonnegative(),
    startTokenId: z.int().nonnegative(),
    endTokenId: z.int().nonnegative(),
    template: z.string().includes('{prompt}').includes('{class}'),
    classWords: z.array(z.string().min(1)).min(1),
    /** What guidance leads away from; nothing where it is left out. Unused at a guidance scale of 1. */
    negativePrompt: z.string().min(1).optional(),
  })
  .refine(({ sksToken, sksTokenId }) => (sksToken === undefined) === (sksTokenId === undefined), {
    error: 'Expected both the sks token and its id, or neither',
    path: ['sksTokenId'],
  })
  .refine(
    ({ template, sksToken }) =>
      sksToken === undefined || template.split(/\s+/).filter((word) => word === sksToken).length === 1,
    {
      error: 'Expected the sks token exactly once in the template',
      path: ['template'],
    },
  );

function isFalling(numbers: readonly number[]): boolean {
  return numbers.every((value, index) => index === 0 || value < (numbers[index - 1] ?? 0));
}

/** A portrait is chosen from so many at most: time and memory of an album grow with it. */
const MOST_CANDIDATES = 8;

const diffusion = z
  .object({
    schedule: z.enum(['linear', 'scaled_linear', 'squaredcos_cap_v2']),
    betaStart: z.number().positive(),
    betaEnd: z.number().positive().lt(1),
    trainTimesteps: count,
    timesteps: z.array(z.int().nonnegative()).min(1).optional(),
    prediction: z.enum(['epsilon', 'v_prediction', 'sample']),
    sampler: z.enum(SAMPLER_NAMES),
    steps: count,
    guidanceScale: z.number().min(1),
    timestepSpacing: z.literal('trailing'),
    batch: count,
    candidatesPerPortrait: z.number().min(1).max(MOST_CANDIDATES).default(4),
  })
  .refine(({ timesteps = [], trainTimesteps }) => isFalling([trainTimesteps, ...timesteps]), {
    error: 'Expected timesteps of training, the noisiest first',
    path: ['timesteps'],
  })
  .refine(({ timesteps, trainTimesteps, steps }) => steps <= (timesteps?.length ?? trainTimesteps), {
    error: 'Expected no more steps than there are timesteps',
    path: ['steps'],
  });

/** What `manifest.json` must say; sizes in pixels, latents as the decoder takes them. */
export const manifestSchema = z
  .object({
    format: z.literal(1),
    name: z.string().min(1),
    version: z.string().min(1),
    image: z.object({ size: count }),
    latents: z.object({ channels: count, size: count }),
    diffusion,
    references: z.object({
      count,
      size: count,
      /** How much of the photo a face's picture shows: 1 is as tight as recognisers are trained with, 1.5 half as much more. */
      framing: z.number().min(1).max(3).default(1),
    }),
    text,
    upscale: z.object({ factor: count, filter: z.enum(['lanczos3', 'mitchell', 'cubic']) }),
    graphs: z.object({
      vision_encoder: graph,
      identity: graph,
      text_encoder: graph,
      unet: graph,
      /** Left out where the U-Net works in pixels and starts from a draft. */
      decoder: graph.optional(),
      /** Pictures to latents, where denoising begins from a draft. */
      encoder: graph.optional(),
      upscaler: graph.optional(),
      face_mesh: graph.optional(),
      matte: graph.optional(),
      /** Paints mouths that a draft has moved. */
      mouth_refiner: graph.optional(),
    }),
    /** Portraits begin as the photo itself, moved: see `pipeline/draft/`. Needs the graphs `face_mesh` and `matte`. */
    draft: z
      .object({
        appearance: storedFile,
        /** The share of the steps that are taken from the noised draft on; left out where the U-Net finishes drafts in pixels. */
        strength: z.number().positive().max(1).optional(),
      })
      .optional(),
    /** By the label of a style: the graph that gives a finished portrait that style. */
    renderers: z.record(z.string(), graph).default({}),
    /** How the face recogniser takes its pictures. */
    recogniser: z.object({ order: z.enum(['rgb', 'bgr']).default('rgb') }).default({ order: 'rgb' }),
    tokenizerSha256: sha256,
    vocabulary: z.object({
      words: z.array(z.string().min(1)),
      /** Whether words outside the list are understood as well. */
      open: z.boolean().default(false),
      expressions: phrases,
      /** How a mouth is to be, whatever the expression. */
      mouths: phrases.default({}),
      sides: phrases,
      styles: phrases,
      heights: phrases.default({}),
      tilts: phrases.default({}),
      ages: phrases.default({}),
      accessories: phrases.default({}),
      backdrops: phrases.default({}),
      lights: phrases.default({}),
      /** What things to wear and backdrops can be asked in. */
      colours: phrases.default({}),
      framings: phrases.default({}),
      classes: phrases.default({}),
    }),
    provenance: z.record(z.string(), z.unknown()),
  })
  .refine(({ graphs, draft }) => graphs.decoder !== undefined || draft !== undefined, {
    error: 'Expected a decoder, or a draft to start from',
    path: ['graphs', 'decoder'],
  })
  .refine(
    ({ graphs, draft }) =>
      (graphs.decoder !== undefined && draft !== undefined) === (draft?.strength !== undefined) &&
      (graphs.encoder !== undefined) === (draft?.strength !== undefined),
    {
      error:
        'Expected an encoder beside the decoder, and the strength with which denoising begins from the draft, or neither',
      path: ['graphs', 'encoder'],
    },
  )
  .refine(
    ({ graphs, draft }) => draft === undefined || (graphs.face_mesh !== undefined && graphs.matte !== undefined),
    {
      error: 'Expected the graphs that a draft is made with, face_mesh and matte',
      path: ['graphs', 'face_mesh'],
    },
  );

/** A bundle's manifest. */
export type Manifest = z.infer<typeof manifestSchema>;

/** What the manifest says about a graph. */
export type GraphEntry = z.infer<typeof graph>;

const RENDERER = 'renderer:';

/** The style whose renderer a graph is; empty for any other graph. */
export function styleOf(name: GraphName): string {
  return name.startsWith(RENDERER) ? name.slice(RENDERER.length) : '';
}

/** What the manifest says about one file of a graph. */
export type StoredFile = z.infer<typeof storedFile>;

/** What the manifest says about text: the tokenizer's special tokens, the template and the class words. */
export type TextSettings = z.infer<typeof text>;

/** The words and phrases a bundle was trained on, by what they ask for. */
export type Vocabulary = Manifest['vocabulary'];
