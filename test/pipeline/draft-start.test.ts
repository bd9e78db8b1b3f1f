import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadBundle, readManifest } from '../../pipeline/bundle.js';
import { bundleGaps } from '../../pipeline/bundle-gaps.js';
import { batchNoise } from '../../pipeline/candidates.js';
import { NoiseSchedule } from '../../pipeline/diffusion/schedule.js';
import { openDraftPainter } from '../../pipeline/painter.js';
import { LikenessError } from '../../pipeline/errors.js';
import { openFaceAnalyser } from '../../pipeline/face/analyser.js';
import { openGraphs, type Graphs, type Tensors } from '../../pipeline/graphs.js';
import { createPortraitMaker } from '../../pipeline/portrait.js';
import type { PortraitRequest, Progress } from '../../pipeline/request.js';
import { floatsOf } from '../../pipeline/tensor.js';
import { ASTRONAUT, TINY_BUNDLE } from '../fixtures/drafting.js';
import { plainFaceAnalyser } from '../fixtures/plain-faces.js';

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
const STRENGTH = 0.5;

/** The full size's blocks with an encoder, and what drafts are made with from the bundle that is shipped. */
async function draftingBundle(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'likeness-draft-start-'));
  await cp(fixture('sd21'), folder, { recursive: true });
  const tiny = JSON.parse(await readFile(join(TINY_BUNDLE, 'manifest.json'), 'utf8'));
  const { face_mesh, matte } = tiny.graphs;
  const { appearance } = tiny.draft;
  for (const { file } of [face_mesh, matte, appearance]) await cp(join(TINY_BUNDLE, file), join(folder, file));
  const bytes = await readFile(fixture('sd21-encoder/encoder.onnx'));
  await writeFile(join(folder, 'encoder.onnx'), bytes);
  const encoder = {
    file: 'encoder.onnx',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes: bytes.length,
    inputs: [{ name: 'image', type: 'float32', shape: [1, 3, 64, 64] }],
    outputs: [{ name: 'latents', type: 'float32', shape: [1, 4, 8, 8] }],
  };
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  Object.assign(manifest.graphs, { encoder, face_mesh, matte });
  manifest.draft = { appearance, strength: STRENGTH };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return folder;
}

const folder = await draftingBundle();
after(() => rm(folder, { recursive: true, force: true }));
const bundle = await loadBundle(folder);
const [graphs, analyser, photo] = await Promise.all([
  openGraphs(bundle, { threads: 1 }),
  openFaceAnalyser(),
  readFile(ASTRONAUT),
]);
after(() => Promise.all([graphs.release(), analyser.release()]));

interface Run {
  readonly name: string;
  readonly inputs: Tensors;
  readonly outputs: Tensors;
}

/** One candidate of an album; what its graphs were given, and the last of its progress. */
async function runsOf(changes: Partial<PortraitRequest> = {}): Promise<{ runs: Run[]; last: Progress | undefined }> {
  const runs: Run[] = [];
  const watched: Graphs = {
    ...graphs,
    run: async (name, inputs) => {
      const outputs = await graphs.run(name, inputs);
      runs.push({ name, inputs, outputs });
      return outputs;
    },
  };
  const plain = plainFaceAnalyser();
  const painter = await openDraftPainter(bundle, graphs);
  const parts = {
    bundle,
    graphs: watched,
    painter,
    // The photo's face is found, and every candidate, whose weights are random, is a face that fills its picture.
    analyser: {
      ...plain,
      detect: (image) => (image.width === 64 ? plain : analyser).detect(image),
    } satisfies typeof plain,
  };
  const progress: Progress[] = [];
  const request = { photos: [photo], prompt: 'smiling', count: 1, candidates: 1, steps: 4, seed: 7, strength: 80 };
  const onProgress = (each: Progress): void => void progress.push(each);
  await createPortraitMaker(parts).portrait({ ...request, ...changes }, { onProgress });
  return { runs, last: progress.at(-1) };
}

const draftOf = (runs: readonly Run[]): Float32Array => {
  const image = runs.find(({ name }) => name === 'encoder')?.inputs['image'];
  return floatsOf(image ?? assert.fail('no draft was encoded'));
};

describe('a bundle whose denoising begins from a draft', () => {
  it('lacks nothing', () => assert.deepEqual(bundleGaps(bundle.manifest), []));

  it('noises the encoded draft to the level of the first step that its strength leaves, and takes those steps', async () => {
    const { runs, last } = await runsOf();
    const encoded = runs.find(({ name }) => name === 'encoder')?.outputs['latents'];
    const clean = floatsOf(encoded ?? assert.fail('no draft was encoded'));
    const calls = runs.filter(({ name }) => name === 'unet');
    assert.equal(calls.length, 2 * 2, 'two of four steps, each with and without the prompt');
    const { alpha, sigma, timestep } = new NoiseSchedule(bundle.manifest.diffusion).levels(4)[2] ?? assert.fail();
    assert.deepEqual([...(calls[0]?.inputs['timestep']?.data ?? [])], [timestep]);
    const noise = batchNoise(bundle.manifest, { seed: 7, batch: 0, step: 0 });
    const latents = floatsOf(calls[0]?.inputs['latents'] ?? assert.fail());
    latents.forEach((value, at) =>
      assert.ok(Math.abs(value - alpha * (clean[at] ?? 0) - sigma * (noise[at] ?? 0)) < 1e-5),
    );
    assert.equal(last?.done, last?.total, 'the progress knows how many steps are taken');
  });

  it('draws the person as asked before it begins', async () => {
    const [left, right, again] = [
      draftOf((await runsOf({ prompt: 'looking left' })).runs),
      draftOf((await runsOf({ prompt: 'looking right' })).runs),
      draftOf((await runsOf({ prompt: 'looking left' })).runs),
    ];
    assert.deepEqual(left, again);
    const apart = left.reduce((sum, value, at) => sum + Math.abs(value - (right[at] ?? 0)), 0) / left.length;
    assert.ok(apart > 0.02, `the drafts are ${apart} apart, of 2`);
    assert.ok(left.every((value) => value >= -1 && value <= 1));
  });

  it('leaves styles to its own network, and gives bare drafts where they are asked for', async () => {
    const [plain, styled] = [await runsOf(), await runsOf({ prompt: 'smiling, pencil sketch' })];
    assert.deepEqual(draftOf(styled.runs), draftOf(plain.runs));
    const { runs } = await runsOf({ draftOnly: true });
    assert.deepEqual(
      runs.filter(({ name }) => ['encoder', 'unet', 'decoder'].includes(name)),
      [],
    );
  });

  it('must bring an encoder and say a strength', async () => {
    const text = await readFile(join(folder, 'manifest.json'), 'utf8');
    const changes: ((manifest: { graphs: { encoder?: object }; draft?: { strength?: number } }) => void)[] = [
      (manifest) => delete manifest.graphs.encoder,
      (manifest) => delete manifest.draft?.strength,
      (manifest) => delete manifest.draft,
    ];
    for (const change of changes) {
      const manifest = JSON.parse(text);
      change(manifest);
      assert.throws(
        () => readManifest(Buffer.from(JSON.stringify(manifest))),
        (error) => error instanceof LikenessError && /graphs\.encoder/.test(String(error.data['problem'])),
      );
    }
  });
});
