import type { GraphEntry } from '../bundle-manifest.js';
import { outputOf, pickInputs, type Graphs, type Tensors } from '../graphs.js';
import type { RgbImage } from '../image.js';
import { floatsOf, floatTensor, imagesToTensor, type Tensor } from '../tensor.js';
import { mean, normalisedMean, rowsOf } from './mean.js';
import type { ReferenceSet } from './reference-set.js';

/**
 * Who the person is, as the other graphs want it: the mixed facial features of the reference set, the embedding of the
 * sks token (`sks_embedding`, float32 [1, Dt]) and the identity keys and values of every block of the U-Net. None of it
 * depends on the timestep, so it is computed once a request.
 */
export async function encodeIdentity(graphs: Graphs, references: ReferenceSet, vision: GraphEntry): Promise<Tensors> {
  const features = await encodeFaces(graphs, references.faces, vision);
  const mixed = mixFeatures(features, references);
  return graphs.run('identity', pickInputs(mixed, graphs.inputNames('identity')));
}

/** Whether a vision encoder takes one face at a time, `images` (1, 3, S, S), and not those of all N places at once. */
export function takesOneFace({ inputs }: GraphEntry): boolean {
  return inputs.find(({ name }) => name === 'images')?.shape[0] === 1;
}

/**
 * What the vision encoder says of the face in each of the N places. One that takes a face at a time sees each photo once,
 * however many places it fills.
 */
async function encodeFaces(graphs: Graphs, faces: readonly RgbImage[], vision: GraphEntry): Promise<Tensors> {
  if (!takesOneFace(vision)) return graphs.run('vision_encoder', { images: imagesToTensor(faces) });
  const features = new Map<RgbImage, Tensors>();
  for (const face of new Set(faces)) {
    features.set(face, await graphs.run('vision_encoder', { images: imagesToTensor([face]) }));
  }
  return stack(faces.map((face) => features.get(face)).filter((seen) => seen !== undefined));
}

/**
 * The keys and values of nobody, which guidance leads away from. A graph `identity` that has learnt what nobody is takes
 * `conditioned` (float32 [1]) beside the photos: 1 for the person in them, 0 for nobody, whatever they show. Undefined where
 * it has not: the adapters are then switched off instead.
 */
export async function encodeNobody(graphs: Graphs, { inputs }: GraphEntry): Promise<Tensors | undefined> {
  if (!graphs.inputNames('identity').includes('conditioned')) return undefined;
  const zeros = inputs.map(({ name, shape }) => [name, floatTensor(shape.map(Number))] as const);
  return graphs.run('identity', Object.fromEntries(zeros));
}

/**
 * Joins what the vision encoder says about each of the N faces: patch tokens one after the other, class embeddings
 * averaged, recogniser embeddings averaged and brought back to norm 1. A bundle whose vision encoder holds no recogniser
 * uses the embeddings of the reference set.
 */
function mixFeatures(features: Tensors, references: ReferenceSet): Tensors {
  const patches = outputOf(features, 'vision_encoder', 'patch_tokens');
  const [faces = 1, tokens = 1, width = 1] = patches.dims;
  const { class_embedding: classes, face_embedding: recognised } = features;
  return {
    patch_tokens: floatTensor([1, faces * tokens, width], floatsOf(patches)),
    ...(classes && { class_embedding: row(mean(rows(classes))) }),
    face_embedding: row(normalisedMean(recognised ? rows(recognised) : references.embeddings)),
    conditioned: floatTensor([1], Float32Array.of(1)),
  };
}

/** The outputs of several runs of one graph, joined along their first axis. */
function stack(runs: readonly Tensors[]): Tensors {
  const names = Object.keys(runs[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, concatenate(runs.flatMap((run) => run[name] ?? []))]));
}

function concatenate(tensors: readonly Tensor[]): Tensor {
  const [count = 0, ...rest] = tensors[0]?.dims ?? [];
  const joined = floatTensor([count * tensors.length, ...rest]);
  const { length } = joined.data;
  tensors.forEach((tensor, index) => joined.data.set(floatsOf(tensor), (index * length) / tensors.length));
  return joined;
}

function rows(tensor: Tensor): Float32Array[] {
  return rowsOf(floatsOf(tensor), tensor.dims[0] ?? 1);
}

function row(values: Float32Array): Tensor {
  return floatTensor([1, values.length], values);
}
