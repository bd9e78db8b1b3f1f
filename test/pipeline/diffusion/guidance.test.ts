import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Predict } from '../../../pipeline/diffusion/denoiser.js';
import { guide } from '../../../pipeline/diffusion/guidance.js';

const LEVEL = { timestep: 10, alpha: 0.8, sigma: 0.6 };

function constant(value: number, calls: number[]): Predict {
  return async (latents) => {
    calls.push(value);
    return latents.map(() => value);
  };
}

describe('guide', () => {
  it('moves from the unconditional prediction through the conditional one by the scale', async () => {
    const calls: number[] = [];
    const guided = guide({ conditional: constant(3, calls), unconditional: constant(1, calls), scale: 2.5 });
    assert.deepEqual([...(await guided(new Float32Array(2), LEVEL))], [6, 6]);
    assert.deepEqual(calls, [1, 3]);
  });

  it('asks once a step at scale 1', async () => {
    const calls: number[] = [];
    const guided = guide({ conditional: constant(3, calls), unconditional: constant(1, calls), scale: 1 });
    assert.deepEqual([...(await guided(new Float32Array(2), LEVEL))], [3, 3]);
    assert.deepEqual(calls, [3]);
  });

  it('is the unconditional prediction at scale 0', async () => {
    const guided = guide({ conditional: constant(3, []), unconditional: constant(1, []), scale: 0 });
    assert.deepEqual([...(await guided(new Float32Array(1), LEVEL))], [1]);
  });
});
