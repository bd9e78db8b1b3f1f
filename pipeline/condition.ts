import type { Manifest } from './bundle-manifest.js';
import { latentShape } from './candidates.js';
import type { Predict } from './diffusion/denoiser.js';
import { guide } from './diffusion/guidance.js';
import { createUnet } from './diffusion/unet.js';
import type { Graphs, Tensors } from './graphs.js';
import { encodeIdentity, encodeNobody } from './identity/mff.js';
import type { ReferenceSet } from './identity/reference-set.js';
import { floatTensor } from './tensor.js';
import { encodeText, withoutPerson } from './text/encode.js';
import type { TextTokenizer } from './text/tokenizer.js';

/** What the U-Net of a request is made of. */
export interface Conditioning {
  readonly graphs: Graphs;
  readonly tokenizer: TextTokenizer;
  readonly manifest: Manifest;
  readonly references: ReferenceSet;
  /** What the text encoder reads. */
  readonly sentence: string;
  /** How strongly the person shows, 0..1. */
  readonly beta: number;
  readonly guidanceScale: number;
}

/** The guided U-Net of one request; where it finishes drafts, of the one it is told of. */
export type Condition = (told?: Float32Array) => Predict;

/** The U-Net of one request, its identity and text computed once. @throws LikenessError `prompt-too-detailed`. */
export async function conditionUnet(conditioning: Conditioning): Promise<Condition> {
  const { graphs, tokenizer, manifest, references, sentence, beta, guidanceScale: scale } = conditioning;
  const identity = await encodeIdentity(graphs, references, manifest.graphs.vision_encoder);
  const shape = latentShape(manifest);
  const text = await encodeText(graphs, tokenizer, { sentence, person: identity });
  const without = scale === 1 ? undefined : await encodeUnconditional(conditioning, identity);
  return (told) => {
    const draft = told && { draft: floatTensor([1, told.length / (shape[2] * shape[3]), shape[2], shape[3]], told) };
    const conditional = createUnet({ graphs, shape, cached: { ...identity, ...text, ...draft }, beta });
    if (!without) return conditional;
    const { text: noText, nobody } = without;
    const cached = { ...(nobody ?? identity), ...noText, ...draft };
    const unconditional = createUnet({ graphs, shape, cached, beta: nobody ? beta : 0 });
    return guide({ conditional, unconditional, scale });
  };
}

/** What guidance leads away from: the negative prompt, and nobody, where the graph `identity` knows what that is. */
async function encodeUnconditional(
  { graphs, tokenizer, manifest }: Conditioning,
  identity: Tensors,
): Promise<{ readonly text: Tensors; readonly nobody: Tensors | undefined }> {
  const person = withoutPerson(identity);
  return {
    text: await encodeText(graphs, tokenizer, { sentence: manifest.text.negativePrompt ?? '', person }),
    nobody: await encodeNobody(graphs, manifest.graphs.identity),
  };
}
