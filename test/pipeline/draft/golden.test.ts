import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { loadBundle } from '../../../pipeline/bundle.js';
import { latentShape } from '../../../pipeline/candidates.js';
import { createDenoiser } from '../../../pipeline/diffusion/denoiser.js';
import { samplers } from '../../../pipeline/diffusion/samplers/index.js';
import { NoiseSchedule } from '../../../pipeline/diffusion/schedule.js';
import { createUnet } from '../../../pipeline/diffusion/unet.js';
import { FINISHER_CHANNELS } from '../../../pipeline/draft/finisher-input.js';
import { openGraphs, outputOf } from '../../../pipeline/graphs.js';
import { encodeIdentity } from '../../../pipeline/identity/mff.js';
import type { RgbImage } from '../../../pipeline/image.js';
import { elementCount, floatsOf, floatTensor, imagesToTensor } from '../../../pipeline/tensor.js';
import { encodeText } from '../../../pipeline/text/encode.js';
import { createTokenizer } from '../../../pipeline/text/tokenizer.js';
import { TINY_BUNDLE } from '../../fixtures/drafting.js';

/** What `likeness_training.draft.golden` writes. */
interface Golden {
  readonly files: Readonly<Record<string, string>>;
  readonly prompt: string;
  readonly beta: number;
  readonly timestep: number;
  readonly texts: readonly { readonly text: string; readonly ids: readonly number[] }[];
  readonly tensors: Readonly<Record<string, Fingerprint>>;
}

/** What is known of a tensor: `values` lie evenly spread over it. */
interface Fingerprint {
  readonly shape: readonly number[];
  readonly rms: number;
  readonly magnitude: number;
  readonly values: readonly number[];
}

const golden: Golden = JSON.parse(await readFile(new URL('../../golden/tiny.json', import.meta.url), 'utf8'));
/** Of the root mean square of a tensor. Graphs run after one another, each on the outputs of the one before. */
const TOLERANCE = 2e-3;

/** The golden script's inputs: a hash of the place, 0..1. */
function numbers(count: number, seed: number): Float32Array {
  const values = new Float32Array(count);
  for (let place = 0; place < count; place++) {
    let bits = (Math.imul(place, 0x9e3779b1) + Math.imul(seed, 0x85ebca6b)) >>> 0;
    bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
    bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
    values[place] = ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
  }
  return values;
}

const [FACE, LATENTS, DRAFT, FRESH] = [1, 2, 3, 4] as const;
const noise = (count: number, seed: number): Float32Array =>
  numbers(count, seed).map((value) => (value - 0.5) * Math.sqrt(12));

/** The face that the golden script shows: blocks of 14 pixels. */
function blockFace(size: number): RgbImage {
  const side = size / 14;
  const values = numbers(3 * side * side, FACE);
  const data = new Uint8Array(size * size * 3);
  for (let index = 0; index < data.length; index++) {
    const pixel = Math.floor(index / 3);
    const [x, y] = [Math.floor((pixel % size) / 14), Math.floor(Math.floor(pixel / size) / 14)];
    data[index] = Math.floor((values[(index % 3) * side * side + y * side + x] ?? 0) * 256);
  }
  return { width: size, height: size, data };
}

/** Fails when a value that is known, or the size of all of them, differs; `actual` may hold more rows. */
function assertClose(name: string, actual: Float32Array): void {
  const known = golden.tensors[name] ?? assert.fail(`no golden tensor ${name}`);
  const values = actual.subarray(0, elementCount(known.shape));
  assert.equal(values.length, elementCount(known.shape), name);
  const most = TOLERANCE * known.rms;
  known.values.forEach((value, index) => {
    const place = Math.floor((index * values.length) / known.values.length);
    const error = Math.abs((values[place] ?? Number.NaN) - value);
    assert.ok(error <= most, `${name}: off by ${error} where values are about ${known.rms}`);
  });
  const size = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
  const magnitude = values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
  assert.ok(Math.abs(size - known.rms) <= most && Math.abs(magnitude - known.magnitude) <= most, name);
}

const bundle = await loadBundle(TINY_BUNDLE);
const { manifest } = bundle;
const graphs = await openGraphs(bundle);
after(() => graphs.release());
const tokenizer = createTokenizer(bundle.tokenizer, manifest.text);
const shape = latentShape(manifest);

const faces = Array.from({ length: manifest.references.count }, () => blockFace(manifest.references.size));
const references = { faces, embeddings: [], person: new Float32Array() };
const identity = await encodeIdentity(graphs, references, manifest.graphs.vision_encoder);
const text = await encodeText(graphs, tokenizer, { sentence: golden.prompt, person: identity });
const toldShape = [1, FINISHER_CHANNELS.length, manifest.latents.size, manifest.latents.size];
const draft = floatTensor(toldShape, numbers(elementCount(toldShape), DRAFT));
const predict = createUnet({ graphs, shape, cached: { ...identity, ...text, draft }, beta: golden.beta });
const latents = noise(elementCount(shape), LATENTS);

describe('the shipped bundle gives the golden numbers', () => {
  it('which were made from these very files', async () => {
    for (const [file, sha256] of Object.entries(golden.files)) {
      const bytes = await readFile(join(TINY_BUNDLE, file));
      assert.equal(createHash('sha256').update(bytes).digest('hex'), sha256, file);
    }
  });

  it('of its tokens', () => {
    for (const { text: written, ids } of golden.texts)
      assert.deepEqual([...tokenizer.sequence(written).data].map(Number), ids, written);
  });

  it('of vision_encoder', async () => {
    const outputs = await graphs.run('vision_encoder', { images: imagesToTensor(faces) });
    for (const { name } of manifest.graphs.vision_encoder.outputs)
      assertClose(name, floatsOf(outputOf(outputs, 'vision_encoder', name)));
  });

  it('of identity', () => {
    for (const { name } of manifest.graphs.identity.outputs)
      assertClose(name, floatsOf(outputOf(identity, 'identity', name)));
  });

  it('of text_encoder', () => {
    for (const { name } of manifest.graphs.text_encoder.outputs)
      assertClose(name, floatsOf(outputOf(text, 'text_encoder', name)));
  });

  it('of unet', async () => {
    assertClose('prediction', await predict(latents, new NoiseSchedule(manifest.diffusion).at(golden.timestep)));
  });

  it('of the whole loop', async () => {
    const { sampler, steps, prediction } = manifest.diffusion;
    const sampled = await samplers[sampler]({
      denoise: createDenoiser(predict, prediction),
      noise: latents,
      freshNoise: (step) => noise(latents.length, FRESH + step),
      schedule: new NoiseSchedule(manifest.diffusion),
      steps,
    });
    assertClose('sampled', sampled);
  });
});
