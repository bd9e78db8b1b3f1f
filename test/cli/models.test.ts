import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, relative, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import { loadBundle } from '../../pipeline/bundle.js';
import { copyTo, sourceOf } from '../../src/cli/models/source.js';
import { runCli } from '../../src/cli/run.js';
import { translator } from '../../src/language/texts.js';
import { packageRoot } from '../../src/config.js';
import { composeCli } from '../../src/main.js';
import { copyBundle, editManifest } from '../fixtures/bundle-copy.js';
import { temporaryFolder } from '../temporary-folder.js';
import { smallBundle, type Ended } from './likeness.js';

/** Runs the command in this process. */
async function likeness(given: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const written = Promise.all([text(stdout), text(stderr)]);
  const context = { services: composeCli(), t: translator('en'), env, cwd: smallBundle, stdout, stderr };
  const signal = new AbortController().signal;
  const code = await runCli({ arguments: given, version: '0' }, { ...context, signal });
  stdout.end();
  stderr.end();
  const [out, err] = await written;
  return { code, stdout: out, stderr: err };
}

/** What a test's web server answers for a file; the file itself unless it says otherwise. */
type Answer = (
  file: string,
) => { readonly status?: number; readonly body?: Buffer; readonly cut?: boolean } | undefined;

/** A web server that shows a folder, and the files it was asked for. */
async function show(test: TestContext, folder: string, answer: Answer = () => undefined) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const file = (request.url ?? '').replace('/models/small/', '');
    asked.push(file);
    const { status = 200, body = readFileSync(join(folder, file)), cut = false } = answer(file) ?? {};
    response.writeHead(status, cut ? { 'content-length': body.length + 100 } : {});
    response.write(body);
    if (cut) setImmediate(() => response.destroy());
    else response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === 'object' && address);
  return { url: `http://127.0.0.1:${address.port}/models/small`, asked };
}

describe('likeness models check', () => {
  for (const folder of [smallBundle, 'test/fixtures/sd21', 'models/tiny'].map((path) => resolve(packageRoot, path))) {
    it(`finds nothing wrong with ${relative(packageRoot, folder)}`, async () => {
      const { code, stdout, stderr } = await likeness(['models', 'check', folder]);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /every graph gets what it takes/);
    });
  }

  it('says everything that does not fit together, at once', async (test) => {
    const folder = await copyBundle(test);
    await editManifest(folder, ({ graphs, references }) => {
      Object.assign(graphs['text_encoder']?.inputs[1] ?? {}, { name: 'style_embedding' });
      Object.assign(references, { count: 3 });
      Object.assign(graphs['unet'] ?? {}, { outputs: [{ name: 'noise', type: 'float32', shape: [1] }] });
    });
    const { code, stderr } = await likeness(['models', 'check', folder]);
    assert.equal(code, 4);
    for (const gap of [
      'text_encoder takes style_embedding, which nothing gives',
      'vision_encoder takes images as [4, 3, 112, 112], and gets [3, 3, 112, 112]',
      'identity takes patch_tokens as [1, 8, 3], and gets [1, 6, 3]',
      'unet does not give prediction',
    ]) {
      assert.ok(stderr.includes(gap), stderr);
    }
  });

  it('says that a folder holds no model, and that a file is not the one its manifest names', async (test) => {
    const folder = await copyBundle(test);
    assert.equal((await likeness(['models', 'check', temporaryFolder()])).code, 4);
    writeFileSync(join(folder, 'decoder.onnx'), 'damaged');
    const { code, stderr } = await likeness(['models', 'check', folder]);
    assert.equal(code, 4);
    assert.match(stderr, /decoder\.onnx/);
  });
});

describe('likeness models import', () => {
  it('takes a folder into the data folder and says how to serve it', async () => {
    const data = temporaryFolder();
    const run = await likeness(['models', 'import', smallBundle], { LIKENESS_DATA: data });
    assert.equal(run.code, 0, run.stderr);
    const [name = ''] = readdirSync(join(data, 'models'));
    assert.ok(run.stdout.includes(`LIKENESS_BUNDLE=${join(data, 'models', name)}`));
    assert.equal((await loadBundle(join(data, 'models', name))).manifest.name, 'fixture');
    assert.deepEqual(readdirSync(join(data, 'models')), [name]);
  });

  it('takes one from an address, weights beside a graph too', async (test) => {
    const paper = join(smallBundle, '..', 'sd21');
    const { url, asked } = await show(test, paper);
    const out = join(temporaryFolder(), 'taken');
    const run = await likeness(['models', 'import', url, '--out', out]);
    assert.equal(run.code, 0, run.stderr);
    assert.ok(asked.includes('unet.onnx.data'));
    assert.deepEqual(readdirSync(out).toSorted(), readdirSync(paper).toSorted());
    await loadBundle(out);
  });

  it('refuses a corrupt download, keeps the whole files of it, and goes on with the rest', async (test) => {
    let damaged = true;
    const { url, asked } = await show(test, smallBundle, (file) => {
      if (file !== 'unet.onnx' || !damaged) return undefined;
      const body = readFileSync(join(smallBundle, file));
      body[100] = (body[100] ?? 0) ^ 1;
      return { body };
    });
    const out = join(temporaryFolder(), 'taken');
    const run = await likeness(['models', 'import', url, '--out', out]);
    assert.equal(run.code, 4);
    assert.match(run.stderr, /The model is damaged: unet\.onnx is not the file its manifest names\./);
    assert.ok(!existsSync(out) && !existsSync(join(`${out}.part`, 'unet.onnx')));
    damaged = false;
    const before = asked.length;
    assert.equal((await likeness(['models', 'import', url, '--out', out])).code, 0);
    assert.ok(!asked.slice(before).includes('tokenizer.json'), 'what was whole is not fetched again');
    await loadBundle(out);
  });

  it('stops a file that is larger than its manifest says', async (test) => {
    const { url } = await show(test, smallBundle, (file) =>
      file === 'decoder.onnx' ? { body: Buffer.alloc(100_000) } : undefined,
    );
    const run = await likeness(['models', 'import', url, '--out', join(temporaryFolder(), 'taken')]);
    assert.equal(run.code, 4);
    assert.match(run.stderr, /decoder\.onnx is not the file/);
  });

  for (const [what, answer, sentence] of [
    ['an address without a bundle', () => ({ status: 404 }), /manifest\.json answered HTTP 404/],
    ['a connection that breaks', (file) => (file === 'unet.onnx' ? { cut: true } : undefined), /unet\.onnx answered /],
    ['a web page', () => ({ body: Buffer.from('<html>') }), /manifest\.json: not JSON/],
  ] satisfies readonly (readonly [string, Answer, RegExp])[]) {
    it(`says in one sentence what is wrong with ${what}`, async (test) => {
      const { url } = await show(test, smallBundle, answer);
      const out = join(temporaryFolder(), 'taken');
      const run = await likeness(['models', 'import', url, '--out', out]);
      assert.equal(run.code, 4);
      assert.match(run.stderr, sentence);
      assert.ok(!existsSync(out));
    });
  }

  it('says which file a folder lacks', async () => {
    const run = await likeness(['models', 'import', temporaryFolder(), '--out', join(temporaryFolder(), 'taken')]);
    assert.equal(run.code, 4);
    assert.match(run.stderr, /The model is not complete: manifest\.json is missing/);
  });

  it('asks for room before it fetches anything', async (test) => {
    const folder = await copyBundle(test);
    await editManifest(folder, ({ graphs }) => Object.assign(graphs['unet'] ?? {}, { bytes: 2 ** 50 }));
    const { url, asked } = await show(test, folder);
    const run = await likeness(['models', 'import', url, '--out', join(temporaryFolder(), 'taken')]);
    assert.equal(run.code, 8);
    assert.match(run.stderr, /107374182\d MiB are needed in .*, and \d+ MiB are free/);
    assert.deepEqual(asked, ['manifest.json']);
  });

  it(
    'says that the disk takes no more, not that the address is wrong',
    { skip: process.platform !== 'linux' },
    async () => {
      const { signal } = new AbortController();
      const copying = { source: sourceOf(smallBundle, '/'), file: 'unet.onnx', maxBytes: 1e6, signal };
      await assert.rejects(copyTo('/dev/full', copying), /^LikenessError: output-unwritable/);
    },
  );

  it('replaces what is there only when the new one is whole', async (test) => {
    const folder = await copyBundle(test);
    const out = join(temporaryFolder(), 'taken');
    assert.equal((await likeness(['models', 'import', folder, '--out', out])).code, 0);
    const before = statSync(join(out, 'unet.onnx')).mtimeMs;
    writeFileSync(join(folder, 'unet.onnx'), 'other');
    await editManifest(folder, ({ graphs }) =>
      Object.assign(graphs['unet'] ?? {}, { bytes: 5, sha256: '0'.repeat(64) }),
    );
    assert.equal((await likeness(['models', 'import', folder, '--out', out])).code, 4);
    assert.equal(statSync(join(out, 'unet.onnx')).mtimeMs, before);
  });
});
