import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test, type TestContext } from 'node:test';
import { LikenessError } from '../../src/errors.js';
import { createHealth } from '../../src/operations/health.js';
import { createMetrics } from '../../src/operations/metrics.js';
import { createOperationsServer } from '../../src/operations/server.js';

async function serve(context: TestContext) {
  const [health, metrics] = [createHealth(), createMetrics({ process: true })];
  const server = createOperationsServer({ host: '127.0.0.1', port: 0, health, metrics });
  await server.start();
  context.after(() => server.stop());
  const get = (path: string) => fetch(new URL(path, server.address));
  return { health, metrics, server, get };
}

test('/healthz answers while the program loads; /readyz says why it is not ready', async (context) => {
  const { health, get } = await serve(context);
  assert.equal((await get('/healthz')).status, 200);
  const loading = await get('/readyz');
  assert.equal(loading.status, 503);
  assert.deepEqual(await loading.json(), { ready: false, hindrances: ['loading'] });

  health.clear('loading');
  const ready = await get('/readyz');
  assert.equal(ready.status, 200);
  assert.deepEqual(await ready.json(), { ready: true, hindrances: [] });

  health.hinder('engine-down');
  health.hinder('draining');
  const stopping = await get('/readyz');
  assert.equal(stopping.status, 503);
  assert.deepEqual(await stopping.json(), { ready: false, hindrances: ['engine-down', 'draining'] });
});

test('/metrics is what Prometheus reads, counted anew each time', async (context) => {
  const { metrics, get } = await serve(context);
  let queued = 3;
  metrics.countJobs(async () => ({ queued, running: 1 }));
  metrics.waited(2000);
  metrics.refused(new LikenessError('too-many-queued', { count: 5 }));
  metrics.error(new TypeError('secret'));
  const first = await get('/metrics');
  assert.match(first.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  const text = await first.text();
  assert.match(text, /^likeness_jobs\{state="queued"\} 3$/m);
  assert.match(text, /^likeness_jobs\{state="running"\} 1$/m);
  assert.match(text, /^likeness_job_wait_seconds_bucket\{le="1"\} 0$/m);
  assert.match(text, /^likeness_job_wait_seconds_bucket\{le="5"\} 1$/m);
  assert.match(text, /^likeness_refusals_total\{code="too-many-queued"\} 1$/m);
  assert.match(text, /^likeness_errors_total\{code="unexpected"\} 1$/m);
  assert.match(text, /^process_resident_memory_bytes \d+$/m);
  assert.doesNotMatch(text, /secret/);
  queued = 4;
  assert.match(await (await get('/metrics')).text(), /^likeness_jobs\{state="queued"\} 4$/m);
});

test('nothing else is served, and nothing can be changed', async (context) => {
  const { server, get } = await serve(context);
  assert.equal((await get('/')).status, 404);
  assert.equal((await fetch(new URL('/metrics', server.address), { method: 'POST' })).status, 404);
});

test('a port in use is an error that names it', async (context) => {
  const other = createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  context.after(() => other.close());
  const bound = other.address();
  const port = typeof bound === 'object' && bound ? bound.port : 0;
  const server = createOperationsServer({
    host: '127.0.0.1',
    port,
    health: createHealth(),
    metrics: createMetrics(),
  });
  await assert.rejects(server.start(), (error) => {
    assert.ok(error instanceof LikenessError);
    assert.deepEqual([error.code, error.data], ['port-in-use', { host: '127.0.0.1', port }]);
    return true;
  });
});
