import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Keyv } from 'keyv';
import { createCounts } from '../../src/jobs/counts.js';
import { limitEngine } from '../../src/jobs/limits.js';
import { testLimits } from '../contract/limits.js';
import { createTestEngine } from '../fakes/engine.js';

testLimits('limits of one process', async (now) => {
  const facts = new Keyv();
  return () => createCounts({ facts, now });
});

test('an engine is asked for so many albums at a time', async () => {
  const engine = createTestEngine();
  const limited = limitEngine(engine, 1);
  const ask = (seed: number) =>
    limited.portrait(
      { prompt: 'smiling', count: 1, strength: 80, seed, photos: [] },
      { signal: new AbortController().signal, onProgress: () => undefined },
    );
  engine.hold();
  const albums = [ask(1), ask(2)];
  await engine.halfWay();
  assert.equal(engine.requests.length, 1);
  engine.release();
  assert.deepEqual(
    (await Promise.all(albums)).map(({ seed }) => seed),
    [1, 2],
  );
});
