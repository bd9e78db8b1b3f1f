import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadBundle } from '../../pipeline/bundle.js';
import { LikenessError, type PipelineErrorCode } from '../../pipeline/errors.js';
import { openGraphs } from '../../pipeline/graphs.js';
import { checkMemory, MEMORY_PLANS, weightBytes } from '../../pipeline/memory-plan.js';
import { missingLibraries } from '../../pipeline/missing-libraries.js';
import { createPortraitMaker, openPortraitMaker } from '../../pipeline/portrait.js';
import { probeProvider } from '../../pipeline/session.js';
import { examine, linesOf } from '../cli/doctor/examined.js';
import { plainFaceAnalyser } from '../fixtures/plain-faces.js';
import { portraitRequest } from '../fixtures/portrait-request.js';

const BINARIES = new URL('../../node_modules/onnxruntime-node/bin/', import.meta.url);
const PAPER = fileURLToPath(new URL('../fixtures/sd21', import.meta.url));
const bundle = await loadBundle(PAPER);

function refuses(code: PipelineErrorCode, data: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof LikenessError, String(error));
    assert.equal(error.code, code);
    assert.match(JSON.stringify(error.data), data);
    return true;
  };
}

/** The pictures of an album in the full size's block structure. */
async function pictures(memory: (typeof MEMORY_PLANS)[number]): Promise<Uint8Array[]> {
  const graphs = await openGraphs(bundle, { threads: 1, memory });
  const maker = createPortraitMaker({ bundle, graphs, analyser: plainFaceAnalyser() });
  const { portraits } = await maker.portrait(await portraitRequest({ count: 1, candidates: 1, steps: 1 }));
  await maker.close();
  return portraits.map(({ image }) => image.data);
}

describe('a bundle with its weights beside the graphs', () => {
  it('gives the same album whichever graphs stay loaded', async () => {
    const [all, unet, one] = [await pictures('all'), await pictures('unet'), await pictures('one')];
    assert.equal(all.length, 1);
    assert.deepEqual(unet, all);
    assert.deepEqual(one, all);
  });

  it('knows words that are in no list', async () => {
    const graphs = await openGraphs(bundle, { threads: 1, memory: 'one' });
    const maker = createPortraitMaker({ bundle, graphs, analyser: plainFaceAnalyser() });
    const album = await maker.portrait(
      await portraitRequest({ prompt: 'an astronaut', count: 1, candidates: 1, steps: 1 }),
    );
    assert.deepEqual(album.unknownWords, []);
    await maker.close();
  });
});

describe('the memory that a plan needs', () => {
  it('is all weights, the largest beside the U-Net, or the largest alone', () => {
    const sizes = Object.values(bundle.manifest.graphs).map((graph) => (graph?.bytes ?? 0) + (graph?.data?.bytes ?? 0));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const [largest = 0, second = 0] = sizes.toSorted((a, b) => b - a);
    assert.deepEqual(
      MEMORY_PLANS.map((plan) => weightBytes(bundle.manifest, plan)),
      [total, largest + second, largest],
    );
  });

  it('is asked for before a weight is read', async () => {
    await assert.rejects(
      openPortraitMaker(PAPER, { memoryBytes: 1000 }),
      refuses('memory-too-small', /"needed":2,"limit":1/),
    );
    checkMemory(bundle.manifest, 'all', weightBytes(bundle.manifest, 'all'));
  });
});

describe('an execution provider', () => {
  it('is probed: the CPU computes', () => probeProvider('cpu'));

  it('that is absent is named, with those that are there', async () => {
    const lacking = /"provider":"cuda","libraries":"libonnxruntime_providers_shared\.so, .*_cuda\.so","working":"cpu/;
    await assert.rejects(probeProvider('cuda'), refuses('provider-library-missing', lacking));
    const [line = ''] = linesOf(await examine(['engine'], { LIKENESS_ENGINE_PROVIDER: 'cuda' }), 'engine');
    assert.match(
      line,
      /wrong: .*cuda cannot start: this machine lacks libonnxruntime_providers_shared\.so.*These work: cpu/,
    );
  });

  it('whose libraries lack others, such as those of CUDA, has these named', async (test) => {
    const folder = await mkdtemp(join(tmpdir(), 'likeness-libraries-'));
    test.after(() => rm(folder, { recursive: true, force: true }));
    // A library without the one that it was linked with, which lies beside it where it is installed.
    const binding = fileURLToPath(new URL('napi-v6/linux/x64/onnxruntime_binding.node', BINARIES));
    for (const name of ['shared', 'cuda']) await cp(binding, join(folder, `libonnxruntime_providers_${name}.so`));
    assert.deepEqual(await missingLibraries('cuda', folder), ['libonnxruntime.so.1']);
    await rm(join(folder, 'libonnxruntime_providers_cuda.so'));
    assert.deepEqual(await missingLibraries('cuda', folder), ['libonnxruntime_providers_cuda.so']);
    assert.deepEqual(await missingLibraries('cpu', folder), []);
  });

  it('is said by doctor when it is there', async () => {
    const [line = ''] = linesOf(await examine(['engine'], { LIKENESS_ENGINE_MEMORY: 'unet' }), 'engine');
    assert.match(line, /ok: .*on cpu; loaded at a time: unet/);
  });
});
