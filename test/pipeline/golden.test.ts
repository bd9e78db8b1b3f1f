import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadBundle, type Bundle } from '../../pipeline/bundle.js';
import { latentShape } from '../../pipeline/candidates.js';
import { createDenoiser, type Predict } from '../../pipeline/diffusion/denoiser.js';
import { guide } from '../../pipeline/diffusion/guidance.js';
import { SAMPLER_NAMES, samplers } from '../../pipeline/diffusion/samplers/index.js';
import { NoiseSchedule } from '../../pipeline/diffusion/schedule.js';
import { createUnet } from '../../pipeline/diffusion/unet.js';
import { openGraphs, outputOf, type Graphs, type Tensors } from '../../pipeline/graphs.js';
import { encodeIdentity } from '../../pipeline/identity/mff.js';
import { floatsOf, floatTensor, imageFromTensor, imagesToTensor } from '../../pipeline/tensor.js';
import { encodeText, nobody } from '../../pipeline/text/encode.js';
import { createTokenizer } from '../../pipeline/text/tokenizer.js';
import { FIXTURE_BUNDLE } from '../fixtures/bundle-copy.js';
import { GoldenTensors, movedOn, type GoldenTensor } from '../fixtures/golden-tensors.js';

/** What `likeness_training.golden_bundle` and `make_fixture.py` write. */
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
const TINY = fileURLToPath(new URL('../../models/tiny', import.meta.url));
/** Of the root mean square of a tensor. Graphs run after one another, each on the outputs of the one before. */
const GRAPH_TOLERANCE = 2e-3;
const LOOP_TOLERANCE = 1e-2;

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
  const faces = Array.from({ length: manifest.references.count }, () => goldenFace(tensors));
  const identity = await encodeIdentity(graphs, { faces, embeddings: [], person: new Float32Array() });
  const tokenizer = createTokenizer(bundle.tokenizer, manifest.text);
  const text = await encodeText(graphs, tokenizer, { sentence: golden.loop.prompt, person: identity });
  const noText = await encodeText(graphs, tokenizer, { sentence: '', person: nobody(identity) });
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

function parityTests(folder: string, parity: Parity): void {
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
    for (const name of ['patch_tokens', 'class_embedding', 'face_embedding']) {
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

  const { timesteps } = bundle.manifest.diffusion;
  // A distilled model knows the timesteps of its own sampler alone.
  for (const name of timesteps ? [bundle.manifest.diffusion.sampler] : SAMPLER_NAMES) {
    it(`in a whole guided loop of ${name}`, async () => {
      const predict = guide({ ...parity, scale: golden.loop.guidanceScale });
      const denoise = createDenoiser(predict, bundle.manifest.diffusion.prediction);
      const freshNoise = (step: number): Float32Array => movedOn(noise, step);
      const latents = await samplers[name]({ denoise, noise, freshNoise, schedule, steps: golden.loop.steps });
      tensors.assertClose(`latents_${name}`, latents, LOOP_TOLERANCE);
    });
  }

  it('in decoder', async () => {
    const { values } = tensors.get(`latents_${bundle.manifest.diffusion.sampler}`);
    const decoded = await graphs.run('decoder', { latents: floatTensor(latentShape(bundle.manifest), values) });
    tensors.assertClose('image', floatsOf(outputOf(decoded, 'decoder', 'image')), GRAPH_TOLERANCE);
  });
}

const fixture = await openParity(FIXTURE_BUNDLE, 'fixture.json');
describe('the miniature bundle gives the golden numbers', () => parityTests(FIXTURE_BUNDLE, fixture));

// From the moment the bundle is there, its golden numbers must be too.
if (existsSync(join(TINY, 'manifest.json'))) {
  const [tiny] = await Promise.allSettled([openParity(TINY, 'bundle.json')]);
  describe('the tiny bundle gives the golden numbers', () => {
    if (tiny.status === 'fulfilled') parityTests(TINY, tiny.value);
    else it('which must be there', () => assert.ifError(tiny.reason));
  });
} else {
  it('the tiny bundle gives the golden numbers', { skip: 'models/tiny is not there' }, () => undefined);
}
