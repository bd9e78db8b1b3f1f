import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCandidate } from '../../../pipeline/album/candidate.js';
import { cosineOf } from '../../../pipeline/face/recognise.js';
import type { RgbImage } from '../../../pipeline/image.js';
import { candidateWith } from './candidates.js';

const image: RgbImage = { width: 1, height: 1, data: new Uint8Array(3) };
const { reading = assert.fail() } = candidateWith({ look: 4 });
const { reading: other = assert.fail() } = candidateWith({ look: 5 });

describe('readCandidate', () => {
  it('reads the largest face and compares it with the person', async () => {
    const analyser = { detect: async () => [reading, other], read: async () => reading };
    const same = await readCandidate(analyser, image, reading.embedding);
    assert.equal(same.reading, reading);
    assert.ok(Math.abs(same.identity - 1) < 1e-6);
    assert.equal(same.people, 2);
    const stranger = await readCandidate(analyser, image, other.embedding);
    assert.ok(Math.abs(stranger.identity - cosineOf(reading.embedding, other.embedding)) < 1e-6);
  });

  it('says so when there is no face', async () => {
    const analyser = { detect: async () => [], read: async () => assert.fail('nothing to read') };
    assert.deepEqual(await readCandidate(analyser, image, reading.embedding), { identity: 0, people: 0 });
  });

  it('takes no failure for a face', async () => {
    const failure = new Error('the detector failed');
    const analyser = { detect: async () => Promise.reject(failure), read: async () => reading };
    await assert.rejects(readCandidate(analyser, image, reading.embedding), failure);
  });
});
