import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadBundle } from '../../pipeline/bundle.js';
import { openGraphs, type Tensors } from '../../pipeline/graphs.js';
import { createPortraitMaker } from '../../pipeline/portrait.js';
import type { Provider } from '../../pipeline/providers.js';
import { probeProvider } from '../../pipeline/session.js';
import { floatsOf, floatTensor, intTensor } from '../../pipeline/tensor.js';
import { plainFaceAnalyser } from '../fixtures/plain-faces.js';
import { portraitRequest } from '../fixtures/portrait-request.js';
import { temporaryFolder } from '../temporary-folder.js';

/** Debian's software implementation of Vulkan, which comes with its Chromium. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';
const PAPER = fileURLToPath(new URL('../fixtures/sd21', import.meta.url));

// Before the first session: the runtime looks for a driver once.
process.env['VK_ICD_FILENAMES'] = SWIFTSHADER;
process.env['XDG_RUNTIME_DIR'] = temporaryFolder();

const skip = existsSync(SWIFTSHADER) ? false : `${SWIFTSHADER} is not there (Debian's chromium)`;
const bundle = await loadBundle(PAPER);

async function album(provider: Provider): Promise<readonly Uint8Array[]> {
  const graphs = await openGraphs(bundle, { threads: 1, provider, memory: 'unet' });
  const maker = createPortraitMaker({ bundle, graphs, analyser: plainFaceAnalyser() });
  const { portraits } = await maker.portrait(
    await portraitRequest({ count: 1, candidates: 1, steps: 1, guidanceScale: 1 }),
  );
  await maker.close();
  return portraits.map(({ image }) => image.data);
}

/** Numbers of no meaning in the shapes that a graph takes. */
function someInputs(name: keyof typeof bundle.manifest.graphs): Tensors {
  const inputs = bundle.manifest.graphs[name]?.inputs ?? [];
  return Object.fromEntries(
    inputs.map((input) => {
      const dims = input.shape.map(Number);
      const values = Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, index) => index);
      if (input.type === 'int64') return [input.name, intTensor(dims, values)];
      return [input.name, floatTensor(dims, Float32Array.from(values, Math.sin))];
    }),
  );
}

describe("the WebGPU provider, on the full size's blocks", { skip }, () => {
  it('computes', () => probeProvider('webgpu'));

  it('gives the numbers of the CPU in the U-Net', async () => {
    const name = 'unet';
    const inputs = someInputs(name);
    const [cpu, gpu] = await Promise.all(
      (['cpu', 'webgpu'] as const).map(async (provider) => {
        const graphs = await openGraphs(bundle, { threads: 1, provider, memory: 'one' });
        const outputs = await graphs.run(name, inputs);
        await graphs.release();
        return outputs;
      }),
    );
    for (const [output, tensor] of Object.entries(cpu ?? {})) {
      const [expected, given] = [floatsOf(tensor), gpu?.[output]];
      assert.ok(given, output);
      const worst = Math.max(...floatsOf(given).map((value, index) => Math.abs(value - (expected[index] ?? 0))));
      assert.ok(worst < 2e-3 * Math.max(1, ...expected.map(Math.abs)), `${output}: off by ${worst}`);
    }
  });

  it('makes the album that the CPU makes, to less than a step of brightness on average', async () => {
    const [[cpu], [gpu]] = [await album('cpu'), await album('webgpu')];
    assert.ok(cpu && gpu && cpu.length === gpu.length);
    const gaps = Array.from(gpu, (value, index) => Math.abs(value - (cpu[index] ?? 0)));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    assert.ok(mean < 1, `off by ${mean}`);
  });
});
