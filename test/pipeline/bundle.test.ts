import assert from 'node:assert/strict';
import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { loadBundle, loadManifest } from '../../pipeline/bundle.js';
import { LikenessError, type PipelineErrorCode } from '../../pipeline/errors.js';
import { openGraphs } from '../../pipeline/graphs.js';
import { copyBundle, editManifest, FIXTURE_BUNDLE } from '../fixtures/bundle-copy.js';

function refuses(code: PipelineErrorCode, mentions: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof LikenessError, String(error));
    assert.equal(error.code, code);
    assert.ok(Object.values(error.data).join(' ').includes(mentions), JSON.stringify(error.data));
    return true;
  };
}

describe('loadBundle', () => {
  it('reads a whole bundle', async () => {
    const { manifest, directory } = await loadBundle(FIXTURE_BUNDLE);
    assert.equal(directory, FIXTURE_BUNDLE);
    assert.equal(manifest.name, 'fixture');
    assert.deepEqual(manifest.latents, { channels: 4, size: 4 });
  });

  it('says where it looked when there is no bundle', async () => {
    await assert.rejects(loadBundle('/nowhere/at/all'), refuses('bundle-missing', '/nowhere/at/all'));
  });

  for (const file of ['manifest.json', 'tokenizer.json', 'unet.onnx']) {
    it(`says that ${file} is missing`, async (test) => {
      const folder = await copyBundle(test);
      await rm(join(folder, file));
      await assert.rejects(loadBundle(folder), refuses('bundle-missing', file));
    });
  }

  for (const file of ['tokenizer.json', 'decoder.onnx']) {
    it(`finds a change in ${file}`, async (test) => {
      const folder = await copyBundle(test);
      await appendFile(join(folder, file), ' ');
      await assert.rejects(loadBundle(folder), refuses('bundle-corrupt', file));
    });
  }

  it('finds a wrong sha256 of a file of the right size', async (test) => {
    const folder = await copyBundle(test);
    await editManifest(folder, ({ graphs }) => Object.assign(graphs['unet'] ?? {}, { sha256: '0'.repeat(64) }));
    await assert.rejects(loadBundle(folder), refuses('bundle-corrupt', 'unet.onnx'));
  });

  it('refuses a manifest that is not JSON', async (test) => {
    const folder = await copyBundle(test);
    await writeFile(join(folder, 'manifest.json'), '{');
    await assert.rejects(loadBundle(folder), refuses('bundle-invalid', 'manifest.json'));
  });

  it('names the field that is wrong', async (test) => {
    const folder = await copyBundle(test);
    await editManifest(folder, ({ diffusion }) => Object.assign(diffusion, { prediction: 'guess' }));
    await assert.rejects(loadManifest(folder), refuses('bundle-invalid', 'diffusion.prediction'));
  });

  it('refuses a file outside the folder', async (test) => {
    const folder = await copyBundle(test);
    await editManifest(folder, ({ graphs }) => Object.assign(graphs['unet'] ?? {}, { file: '../unet.onnx' }));
    await assert.rejects(loadBundle(folder), refuses('bundle-invalid', 'graphs.unet.file'));
  });

  it('reads a bundle without a sks token, with a negative prompt and a wider framing', async (test) => {
    const folder = await copyBundle(test);
    await editManifest(folder, ({ text, references }) => {
      delete text['sksToken'];
      delete text['sksTokenId'];
      Object.assign(text, { template: '{prompt}, {class}', negativePrompt: 'blurry' });
      Object.assign(references, { framing: 1.5 });
    });
    const { text, references } = await loadManifest(folder);
    assert.deepEqual([text.sksToken, text.negativePrompt, references.framing], [undefined, 'blurry', 1.5]);
  });

  it('refuses the sks token without its id', async (test) => {
    const folder = await copyBundle(test);
    await editManifest(folder, ({ text }) => void delete text['sksTokenId']);
    await assert.rejects(loadManifest(folder), refuses('bundle-invalid', 'text.sksTokenId'));
  });

  it('refuses a template without the sks token', async (test) => {
    const folder = await copyBundle(test);
    await editManifest(folder, ({ text }) => Object.assign(text, { template: '{prompt}, {class}' }));
    await assert.rejects(loadBundle(folder), refuses('bundle-invalid', 'text.template'));
  });
});

describe('openGraphs', () => {
  it('says which graph the runtime cannot read', async () => {
    const bundle = await loadBundle(FIXTURE_BUNDLE);
    const { unet, ...graphs } = bundle.manifest.graphs;
    const manifest = { ...bundle.manifest, graphs: { ...graphs, unet: { ...unet, file: 'tokenizer.json' } } };
    await assert.rejects(openGraphs({ ...bundle, manifest }), refuses('bundle-corrupt', 'tokenizer.json'));
  });

  it('refuses a graph whose inputs are not those of the manifest', async () => {
    const bundle = await loadBundle(FIXTURE_BUNDLE);
    const { unet, ...graphs } = bundle.manifest.graphs;
    const manifest = { ...bundle.manifest, graphs: { ...graphs, unet: { ...unet, inputs: unet.inputs.slice(1) } } };
    await assert.rejects(openGraphs({ ...bundle, manifest }), refuses('bundle-invalid', 'graphs.unet.inputs'));
  });

  it('has no upscaler where the bundle has none', async () => {
    const graphs = await openGraphs(await loadBundle(FIXTURE_BUNDLE));
    assert.equal(graphs.has('upscaler'), false);
    assert.deepEqual(graphs.inputNames('upscaler'), []);
    await assert.rejects(graphs.run('upscaler', {}), refuses('bundle-invalid', 'upscaler'));
    await graphs.release();
  });
});
