import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadBundle, type Bundle } from '../../pipeline/bundle.js';
import { latentShape } from '../../pipeline/candidates.js';
import { createDenoiser, type Predict, type PredictionType } from '../../pipeline/diffusion/denoiser.js';
import { guide } from '../../pipeline/diffusion/guidance.js';
import { SAMPLER_NAMES, samplers, type SamplerName } from '../../pipeline/diffusion/samplers/index.js';
import { NoiseSchedule } from '../../pipeline/diffusion/schedule.js';
import { createUnet } from '../../pipeline/diffusion/unet.js';
import { openGraphs, outputOf, type Graphs, type Tensors } from '../../pipeline/graphs.js';
import { encodeIdentity } from '../../pipeline/identity/mff.js';
import { elementCount, floatsOf, floatTensor, imageFromTensor, imagesToTensor } from '../../pipeline/tensor.js';
import { encodeText, withoutPerson } from '../../pipeline/text/encode.js';
import { createTokenizer } from '../../pipeline/text/tokenizer.js';
import { FIXTURE_BUNDLE } from '../fixtures/bundle-copy.js';
import { GoldenTensors, type GoldenTensor } from '../fixtures/golden-tensors.js';

/** What `likeness_training.golden.bundle` and `make_fixture.py` write. */
interface Golden {
  readonly manifestSha256: string;
  readonly loop: {
    readonly prompt: string;
    readonly steps: number;
    readonly guidanceScale: number;
    readonly beta: number;
    readonly timestep: number;
  };
  readonly texts: readonly { readonly text: string; readonly ids: readonly number[] }[];
  readonly tensors: Readonly<Record<string, GoldenTensor>>;
}

const GOLDEN = new URL('../golden/', import.meta.url);
const PAPER = fileURLToPath(new URL('../fixtures/sd21', import.meta.url));
/** Of the root mean square of a tensor. Graphs run after one another, each on the outputs of the one before. */
const GRAPH_TOLERANCE = 2e-3;
const LOOP_TOLERANCE = 1e-2;

/** Which loops a golden file holds. */
interface Loops {
  readonly samplers: readonly SamplerName[];
  readonly predictions: readonly PredictionType[];
}
const SOLVERS: Loops = { samplers: ['ddim', 'euler', 'dpmpp-2m'], predictions: ['v_prediction'] };
const EVERYTHING: Loops = { samplers: SAMPLER_NAMES, predictions: ['epsilon', 'v_prediction'] };

/** A bundle, its golden numbers, and the person they were made for, encoded. */
interface Parity {
  readonly golden: Golden;
  readonly bundle: Bundle;
  readonly graphs: Graphs;
  readonly tensors: GoldenTensors;
  readonly features: Tensors;
  readonly conditions: Tensors;
  /** The U-Net under the prompt, and under no text. */
  readonly conditional: Predict;
  readonly unconditional: Predict;
}

async function openParity(folder: string, file: string): Promise<Parity> {
  const golden: Golden = JSON.parse(await readFile(new URL(file, GOLDEN), 'utf8'));
  const tensors = await GoldenTensors.open(GOLDEN, golden.tensors);
  const bundle = await loadBundle(folder);
  const graphs = await openGraphs(bundle);
  const { manifest } = bundle;
  const { count } = manifest.references;
  const faces = Array.from({ length: count }, () => goldenFace(tensors));
  const embeddings = Array.from({ length: count }, () => tensors.get('face_embedding').values);
  const references = { faces, embeddings, person: new Float32Array() };
  const identity = await encodeIdentity(graphs, references, manifest.graphs.vision_encoder);
  const tokenizer = createTokenizer(bundle.tokenizer, manifest.text);
  const text = await encodeText(graphs, tokenizer, { sentence: golden.loop.prompt, person: identity });
  const noText = await encodeText(graphs, tokenizer, { sentence: '', person: withoutPerson(identity) });
  const unet = { graphs, shape: latentShape(manifest) };
  return {
    golden,
    bundle,
    graphs,
    tensors,
    features: await graphs.run('vision_encoder', { images: imagesToTensor(faces) }),
    conditions: { ...identity, ...text },
    conditional: createUnet({ ...unet, cached: { ...identity, ...text }, beta: golden.loop.beta }),
    unconditional: createUnet({ ...unet, cached: { ...identity, ...noText }, beta: 0 }),
  };
}

/** The golden face `[1, 3, size, size]` of whole numbers 0..255, as a picture. */
function goldenFace(tensors: GoldenTensors) {
  const { shape, values } = tensors.get('face');
  return imageFromTensor(
    floatTensor(
      shape,
      values.map((value) => value / 127.5 - 1),
    ),
  );
}

/** The noise that is added after a step, as the golden loop had it. */
function goldenNoise(tensors: GoldenTensors, step: number): Float32Array {
  const { shape, values } = tensors.get('fresh_noise');
  const length = elementCount(shape.slice(1));
  return values.slice((step - 1) * length, step * length);
}

function parityTests(folder: string, parity: Parity, { samplers: looped, predictions }: Loops): void {
  const { golden, bundle, graphs, tensors, features, conditions } = parity;
  const noise = tensors.get('noise').values;
  const schedule = new NoiseSchedule(bundle.manifest.diffusion);

  it('was made from this very manifest', async () => {
    const manifest = await readFile(join(folder, 'manifest.json'));
    assert.equal(createHash('sha256').update(manifest).digest('hex'), golden.manifestSha256);
  });

  it('tokenizes as in training', () => {
    const tokenizer = createTokenizer(bundle.tokenizer, bundle.manifest.text);
    for (const { text, ids } of golden.texts) {
      const fits = ids.includes(bundle.manifest.text.padTokenId);
      if (fits) assert.deepEqual([...tokenizer.sequence(text).data].map(Number), ids, text);
      else assert.deepEqual(tokenizer.encode(text).slice(0, ids.length - 2), ids.slice(1, -1), text);
    }
  });

  it('in vision_encoder', () => {
    const { outputs } = bundle.manifest.graphs.vision_encoder;
    for (const { name } of outputs) {
      tensors.assertClose(name, floatsOf(outputOf(features, 'vision_encoder', name)), GRAPH_TOLERANCE);
    }
  });

  it('in identity and text_encoder', () => {
    const names = Object.keys(conditions).filter((name) => tensors.has(name));
    assert.ok(names.includes('sks_embedding') && names.length >= 3, names.join(', '));
    for (const name of names) {
      const tensor = conditions[name];
      if (tensor) tensors.assertClose(name, floatsOf(tensor), GRAPH_TOLERANCE);
    }
  });

  it('in unet', async () => {
    const prediction = await parity.conditional(noise, schedule.at(golden.loop.timestep));
    tensors.assertClose('prediction', prediction, GRAPH_TOLERANCE);
  });

  const own = bundle.manifest.diffusion.prediction;
  for (const prediction of predictions) {
    for (const name of looped) {
      it(`in a whole guided loop of ${name}, ${prediction}`, async () => {
        const predict = guide({ ...parity, scale: golden.loop.guidanceScale });
        const denoise = createDenoiser(predict, prediction);
        const { steps } = golden.loop;
        const freshNoise = (step: number) => goldenNoise(tensors, step);
        const latents = await samplers[name]({ denoise, noise, freshNoise, schedule, steps });
        const tensor = prediction === own ? `latents_${name}` : `latents_${name}_${prediction}`;
        tensors.assertClose(tensor, latents, LOOP_TOLERANCE);
        if (looped.length === SAMPLER_NAMES.length) tensors.assertWithin(tensor, latents, 1e-3);
      });
    }
  }

  it('in decoder', async () => {
    const { values } = tensors.get('latents_dpmpp-2m');
    const decoded = await graphs.run('decoder', { latents: floatTensor(latentShape(bundle.manifest), values) });
    tensors.assertClose('image', floatsOf(outputOf(decoded, 'decoder', 'image')), GRAPH_TOLERANCE);
  });
}

const fixture = await openParity(FIXTURE_BUNDLE, 'fixture.json');
describe('the miniature bundle gives the golden numbers', () => parityTests(FIXTURE_BUNDLE, fixture, SOLVERS));

const paper = await openParity(PAPER, 'sd21.json');
describe('the block structure of the full size gives the golden numbers', () => {
  parityTests(PAPER, paper, EVERYTHING);

  it('and at beta 0 those of the base model, bit for bit the same whoever the person is', async () => {
    const { graphs, tensors, golden, bundle, conditions } = paper;
    const shape = latentShape(bundle.manifest);
    const level = new NoiseSchedule(bundle.manifest.diffusion).at(golden.loop.timestep);
    const noise = tensors.get('noise').values;
    const at = (cached: Tensors, beta: number) => createUnet({ graphs, shape, cached, beta })(noise, level);
    const stranger = Object.fromEntries(
      Object.entries(conditions).map(([name, tensor]) => [
        name,
        name.startsWith('identity_') ? floatTensor(tensor.dims, floatsOf(tensor).map(Math.cos)) : tensor,
      ]),
    );
    const base = await at(conditions, 0);
    tensors.assertWithin('base_prediction', base, 1e-5);
    assert.deepEqual(await at(stranger, 0), base);
    assert.notDeepEqual(await at(stranger, 1), await at(conditions, 1));
  });
});
