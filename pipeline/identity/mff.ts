import type { GraphEntry } from '../bundle-manifest.js';
import { outputOf, pickInputs, type Graphs, type Tensors } from '../graphs.js';
import { floatsOf, floatTensor, imagesToTensor, type Tensor } from '../tensor.js';
import { mean, normalisedMean, rowsOf } from './mean.js';
import type { ReferenceSet } from './reference-set.js';

/**
 * Who the person is, as the other graphs want it: the mixed facial features of the reference set, the embedding of the
 * sks token (`sks_embedding`, float32 [1, Dt]) and the identity keys and values of every block of the U-Net. None of it
 * depends on the timestep, so it is computed once a request.
 */
export async function encodeIdentity(graphs: Graphs, references: ReferenceSet): Promise<Tensors> {
  const features = await graphs.run('vision_encoder', { images: imagesToTensor(references.faces) });
  const mixed = mixFeatures(features, references);
  return graphs.run('identity', pickInputs(mixed, graphs.inputNames('identity')));
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

function rows(tensor: Tensor): Float32Array[] {
  return rowsOf(floatsOf(tensor), tensor.dims[0] ?? 1);
}

function row(values: Float32Array): Tensor {
  return floatTensor([1, values.length], values);
}
