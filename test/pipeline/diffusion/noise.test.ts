import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { candidateNoise, philox4x32, stepNoise } from '../../../pipeline/diffusion/noise.js';

describe('philox4x32', () => {
  it('gives the published test vectors of Random123 (kat_vectors, philox4x32 10)', () => {
    assert.deepEqual(philox4x32([0, 0, 0, 0], [0, 0]), [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
    const ones = 0xffffffff;
    assert.deepEqual(
      philox4x32([ones, ones, ones, ones], [ones, ones]),
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    );
    assert.deepEqual(
      philox4x32([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0]),
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    );
  });
});

describe('candidateNoise', () => {
  it('gives these very values on every machine', () => {
    assert.deepEqual(
      [...candidateNoise(7, 0, 5)].map((value) => value.toPrecision(7)),
      ['0.0002915676', '-0.3048470', '1.788757', '1.067873', '0.3764035'],
    );
  });

  it('is standard normal', () => {
    const noise = candidateNoise(1, 0, 100_000);
    const moment = (power: number) => noise.reduce((sum, value) => sum + value ** power, 0) / noise.length;
    assert.ok(Math.abs(moment(1)) < 0.015, `mean ${moment(1)}`);
    assert.ok(Math.abs(moment(2) - 1) < 0.02, `variance ${moment(2)}`);
    assert.ok(Math.abs(moment(4) - 3) < 0.1, `fourth moment ${moment(4)}`);
  });

  it('is another stream for another seed and another candidate, up to the largest seed', () => {
    const first = candidateNoise(0, 0, 8);
    for (const other of [candidateNoise(1, 0, 8), candidateNoise(0, 1, 8), candidateNoise(2 ** 32 - 1, 0, 8)]) {
      assert.ok(other.every(Number.isFinite));
      assert.ok(other.every((value, index) => value !== first[index]));
    }
    assert.notDeepEqual(candidateNoise(1, 0, 8), candidateNoise(0, 1, 8));
  });

  it('gives a longer request the same beginning, whatever the length', () => {
    const long = candidateNoise(9, 3, 32);
    for (const count of [0, 1, 2, 3, 4, 5, 31]) assert.deepEqual(candidateNoise(9, 3, count), long.slice(0, count));
  });
});

describe('stepNoise', () => {
  it('begins as the candidate does, and is another stream at each step', () => {
    const at = (step: number) => stepNoise({ seed: 5, candidate: 2, step }, 8);
    assert.deepEqual(at(0), candidateNoise(5, 2, 8));
    assert.ok(at(1).every((value, index) => value !== at(0)[index] && value !== at(2)[index]));
  });
});
