import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { deferred } from '../../../pipeline/engine/deferred.js';
import { createEngine, type Engine, type EngineEvent, type EngineLimits } from '../../../pipeline/engine/supervisor.js';
import { LikenessError, type PipelineErrorCode } from '../../../pipeline/errors.js';
import type { Progress } from '../../../pipeline/request.js';
import { copyBundle, editManifest, FIXTURE_BUNDLE } from '../../fixtures/bundle-copy.js';
import { portraitRequest } from '../../fixtures/portrait-request.js';

const ENTRY = new URL('../../fixtures/engine-child.ts', import.meta.url);

interface Setup {
  readonly limits?: Partial<EngineLimits>;
  readonly bundle?: string;
  readonly onEvent?: (event: EngineEvent) => void;
}

function engineFor(test: TestContext, { bundle = FIXTURE_BUNDLE, ...setup }: Setup = {}): Engine {
  const engine = createEngine({ entry: ENTRY, bundle, threads: 1, ...setup });
  test.after(() => engine.close());
  return engine;
}

function refuses(code: PipelineErrorCode): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof LikenessError, String(error));
    assert.equal(error.code, code, error.message);
    return true;
  };
}

/** Whether a process of that id is there. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('an engine', () => {
  it('says what it has loaded', async (test) => {
    const { pid, bundle } = await engineFor(test).start();
    assert.ok(isAlive(pid));
    assert.equal(bundle.name, 'fixture');
    assert.ok(!('graphs' in bundle));
  });

  it('makes an album in its process, with progress', async (test) => {
    const reports: Progress[] = [];
    const album = await engineFor(test).portrait(await portraitRequest(), { onProgress: (item) => reports.push(item) });
    const [portrait] = album.portraits;
    assert.equal(portrait?.image.data.length, 64 * 64 * 3);
    assert.ok(portrait.image.data instanceof Uint8Array);
    assert.equal(reports.at(-1)?.done, reports.at(-1)?.total);
  });

  it('gives the same album in another process', async (test) => {
    const request = await portraitRequest();
    const [first, second] = await Promise.all([engineFor(test).portrait(request), engineFor(test).portrait(request)]);
    assert.deepEqual(first.portraits, second.portraits);
  });

  it('makes albums one at a time, in the order they were asked for', async (test) => {
    const engine = engineFor(test);
    const order: number[] = [];
    const requests = await Promise.all([1, 2, 3].map((seed) => portraitRequest({ seed })));
    const onProgress = (seed: number) => () => void (order.at(-1) !== seed && order.push(seed));
    await Promise.all(requests.map((request) => engine.portrait(request, { onProgress: onProgress(request.seed) })));
    assert.deepEqual(order, [1, 2, 3]);
  });

  it('passes refusals on and lives', async (test) => {
    const engine = engineFor(test);
    const { pid } = await engine.start();
    await assert.rejects(
      engine.portrait(await portraitRequest({ photos: [new Uint8Array(9)] })),
      refuses('not-an-image'),
    );
    await assert.rejects(engine.portrait(await portraitRequest({ count: 0 })), refuses('count-out-of-range'));
    await assert.rejects(engine.portrait(await portraitRequest({ classWord: 'throws' })), refuses('engine-failed'));
    assert.equal((await engine.start()).pid, pid);
  });
});

describe('a bundle that cannot be loaded', () => {
  it('is told to whoever starts the engine or asks it', async (test) => {
    const engine = engineFor(test, { bundle: '/nowhere' });
    await assert.rejects(engine.start(), refuses('bundle-missing'));
    await assert.rejects(engine.portrait(await portraitRequest()), refuses('bundle-missing'));
  });

  it('can be repaired while the engine runs', async (test) => {
    const folder = await copyBundle(test);
    const sha256 = { right: '', wrong: '0'.repeat(64) };
    await editManifest(folder, ({ graphs: { unet } }) => {
      sha256.right = unet?.sha256 ?? '';
      Object.assign(unet ?? {}, { sha256: sha256.wrong });
    });
    const engine = engineFor(test, { bundle: folder });
    await assert.rejects(engine.start(), refuses('bundle-corrupt'));
    await editManifest(folder, ({ graphs: { unet } }) => Object.assign(unet ?? {}, { sha256: sha256.right }));
    assert.equal((await engine.start()).bundle.name, 'fixture');
  });
});

describe('a crash', () => {
  it('fails the request under way, and the next one is served by a new process', async (test) => {
    const events: string[] = [];
    const engine = engineFor(test, { onEvent: ({ type }) => events.push(type) });
    const { pid } = await engine.start();
    const onProgress = ({ stage }: Progress) =>
      void (stage === 'denoise' && isAlive(pid) && process.kill(pid, 'SIGKILL'));
    await assert.rejects(
      engine.portrait(await portraitRequest({ steps: 200 }), { onProgress }),
      refuses('engine-failed'),
    );
    const album = await engine.portrait(await portraitRequest());
    assert.equal(album.portraits.length, 2);
    assert.notEqual((await engine.start()).pid, pid);
    assert.deepEqual(events, ['started', 'ended', 'started']);
  });

  it('does not touch the requests in line', async (test) => {
    const engine = engineFor(test);
    const crashing = engine.portrait(await portraitRequest({ classWord: 'exits' }));
    const waiting = engine.portrait(await portraitRequest());
    await assert.rejects(crashing, refuses('engine-failed'));
    assert.equal((await waiting).portraits.length, 2);
  });

  it('between two requests is not noticed by the second', async (test) => {
    const ended = deferred();
    const engine = engineFor(test, { onEvent: ({ type }) => type === 'ended' && ended.resolve() });
    const { pid } = await engine.start();
    process.kill(pid, 'SIGKILL');
    await ended.promise;
    assert.equal((await engine.portrait(await portraitRequest())).portraits.length, 2);
  });

  it('again and again makes the engine wait longer before each restart', async (test) => {
    const waits: number[] = [];
    const limits = { restartMs: 1, longestRestartMs: 3 };
    const onEvent = (event: EngineEvent) => void (event.type === 'ended' && waits.push(event.restartInMs));
    const engine = engineFor(test, { limits, onEvent });
    for (let crash = 0; crash < 4; crash++) {
      await assert.rejects(engine.portrait(await portraitRequest({ classWord: 'exits' })), refuses('engine-failed'));
    }
    await engine.portrait(await portraitRequest());
    await assert.rejects(engine.portrait(await portraitRequest({ classWord: 'exits' })), refuses('engine-failed'));
    await engine.start();
    assert.deepEqual(waits, [0, 1, 2, 3, 0]);
  });
});

describe('cancelling', () => {
  it('stops between two steps and keeps the process', async (test) => {
    const engine = engineFor(test);
    const { pid } = await engine.start();
    const controller = new AbortController();
    const stages: string[] = [];
    const request = engine.portrait(await portraitRequest({ steps: 200 }), {
      signal: controller.signal,
      onProgress: ({ stage }) => {
        stages.push(stage);
        if (stage === 'denoise') controller.abort();
      },
    });
    await assert.rejects(request, refuses('cancelled'));
    assert.ok(!stages.includes('decode'));
    assert.equal((await engine.portrait(await portraitRequest())).portraits.length, 2);
    assert.equal((await engine.start()).pid, pid);
  });

  it('works while waiting in line, at once, and leaves the others in line', async (test) => {
    const engine = engineFor(test);
    const controller = new AbortController();
    const first = engine.portrait(await portraitRequest());
    const second = engine.portrait(await portraitRequest(), { signal: controller.signal });
    const third = engine.portrait(await portraitRequest());
    controller.abort();
    await assert.rejects(second, refuses('cancelled'));
    assert.equal((await first).portraits.length + (await third).portraits.length, 4);
  });

  it('ends a process that does not react', async (test) => {
    const engine = engineFor(test, { limits: { reactionMs: 50 } });
    const { pid } = await engine.start();
    const controller = new AbortController();
    const request = engine.portrait(await portraitRequest({ classWord: 'hangs' }), { signal: controller.signal });
    setImmediate(() => controller.abort());
    await assert.rejects(request, refuses('cancelled'));
    assert.equal(isAlive(pid), false);
    assert.equal((await engine.portrait(await portraitRequest())).portraits.length, 2);
  });
});

describe('limits', () => {
  it('end a silent process', async (test) => {
    const engine = engineFor(test, { limits: { silenceMs: 3000 } });
    await engine.start();
    await assert.rejects(engine.portrait(await portraitRequest({ classWord: 'hangs' })), refuses('engine-timeout'));
  });

  it('end a request that takes too long, between two steps', async (test) => {
    const engine = engineFor(test, { limits: { requestMs: 1 } });
    const { pid } = await engine.start();
    await assert.rejects(engine.portrait(await portraitRequest({ steps: 200 })), refuses('engine-timeout'));
    assert.equal((await engine.start()).pid, pid);
  });

  it('end a start that takes too long', async (test) => {
    await assert.rejects(engineFor(test, { limits: { startMs: 1 } }).start(), refuses('engine-timeout'));
  });

  it('end a process that takes too much memory', async (test) => {
    const engine = engineFor(test, { limits: { memoryBytes: 400 * 2 ** 20 } });
    const { pid } = await engine.start();
    await assert.rejects(engine.portrait(await portraitRequest({ classWord: 'hoards' })), refuses('engine-failed'));
    assert.equal(isAlive(pid), false);
    assert.equal((await engine.portrait(await portraitRequest())).portraits.length, 2);
  });
});

describe('closing', () => {
  it('ends the process, and cancels what is under way and in line', async (test) => {
    const engine = engineFor(test);
    const { pid } = await engine.start();
    const requests = [engine.portrait(await portraitRequest({ steps: 200 })), engine.portrait(await portraitRequest())];
    const outcomes = Promise.all(requests.map((request) => assert.rejects(request, refuses('cancelled'))));
    await engine.close();
    await outcomes;
    assert.equal(isAlive(pid), false);
    await assert.rejects(engine.start(), refuses('cancelled'));
    await assert.rejects(engine.portrait(await portraitRequest()), refuses('cancelled'));
  });

  it('may be asked for twice, and before anything was started', async (test) => {
    const engine = engineFor(test);
    await Promise.all([engine.close(), engine.close()]);
  });

  it('ends a process that is still starting', async (test) => {
    const engine = engineFor(test);
    const starting = assert.rejects(engine.start(), refuses('cancelled'));
    await engine.close();
    await starting;
  });
});

describe('a program that owns an engine', () => {
  it('takes the engine with it when it is killed', { timeout: 60_000 }, async () => {
    const program = fileURLToPath(new URL('../../fixtures/engine-owner.ts', import.meta.url));
    const owner = spawn(process.execPath, [...process.execArgv, program], { stdio: ['ignore', 'pipe', 'pipe'] });
    const [line] = await once(owner.stdout, 'data');
    const pid = Number(String(line));
    assert.ok(isAlive(pid));
    owner.kill('SIGKILL');
    // The engine shares its owner's standard error: the pipe closes when both are gone, and not before.
    owner.stderr.resume();
    await once(owner.stderr, 'close');
  });
});
