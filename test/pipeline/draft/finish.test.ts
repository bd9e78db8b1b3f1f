import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { batchNoise } from '../../../pipeline/candidates.js';
import type { Predict } from '../../../pipeline/diffusion/denoiser.js';
import type { Draft } from '../../../pipeline/draft/draw.js';
import { cutOut, type CutOut } from '../../../pipeline/draft/cut-out.js';
import { finish } from '../../../pipeline/draft/finish.js';
import { FINISHER_CHANNELS, finisherInput } from '../../../pipeline/draft/finisher-input.js';
import { PART } from '../../../pipeline/draft/surface.js';
import { planeOf, plainDraft } from '../../fixtures/plain-draft.js';
import { loadManifest } from '../../../pipeline/bundle.js';
import { TINY_BUNDLE } from '../../fixtures/drafting.js';

const { diffusion } = await loadManifest(TINY_BUNDLE);
const [SIZE, SIDE] = [64, 32];
const manifest = { diffusion, latents: { channels: 4, size: SIDE } };
const SMALL = SIDE * SIDE;

/** Half of the picture well seen, a mouth that opens, a soft edge. */
function variedDraft(): Draft {
  const parts = new Uint8Array(SIZE * SIZE).fill(PART.face);
  for (let y = 40; y < 48; y++) parts.fill(PART.mouth, y * SIZE + 24, y * SIZE + 40);
  const isMouth = (x: number, y: number): boolean => y >= 40 && y < 48 && x >= 24 && x < 40;
  return plainDraft(SIZE, {
    matte: planeOf(SIZE, (_, y) => Math.min(1, y / 8)),
    seen: planeOf(SIZE, (x, y) => (isMouth(x, y) ? 0 : x < 32 ? 1 : 0.05)),
    lips: planeOf(SIZE, (x, y) => (y === 39 && x > 20 && x < 44 ? 1 : 0)),
    parts,
  });
}

/** A finisher that answers what it was told, with a change added. */
const answering =
  (change: number) =>
  (told: Float32Array): Predict =>
  async () =>
    told.slice(0, 4 * SMALL).map((value) => (value + change) * 2 - 1);

const noiseOfSeed =
  (seed: number) =>
  (step: number): Float32Array =>
    batchNoise(manifest, { seed, batch: 0, step });

const finishing = { manifest, sampler: 'lcm', steps: 2, noiseOf: noiseOfSeed(3) } as const;

/** The most a cut-out differs from another by, where a condition holds. */
function furthest(one: CutOut, other: CutOut, holds: (x: number, y: number) => boolean): number {
  let most = 0;
  one.data.forEach((value, at) => {
    const pixel = at % (SIZE * SIZE);
    if (holds(pixel % SIZE, Math.floor(pixel / SIZE))) most = Math.max(most, Math.abs(value - (other.data[at] ?? 0)));
  });
  return most;
}

describe('what the finisher is told', () => {
  const draft = variedDraft();
  const { told } = finisherInput(draft);
  const channel = (name: (typeof FINISHER_CHANNELS)[number]): Float32Array => {
    const at = FINISHER_CHANNELS.indexOf(name) * SIZE * SIZE;
    return told.subarray(at, at + SIZE * SIZE);
  };
  const at = (x: number, y: number): number => y * SIZE + x;

  it('is nine planes of the size of the draft, between 0 and 1', () => {
    assert.equal(told.length, 9 * SIZE * SIZE);
    for (const value of told) assert.ok(value >= 0 && value <= 1);
  });

  it('is colours over grey where the photo saw them, and grey where it did not', () => {
    const pixel = at(10, 30);
    for (const [k, name] of (['red', 'green', 'blue'] as const).entries()) {
      assert.ok(Math.abs((channel(name)[pixel] ?? 0) - (draft.colours[pixel * 3 + k] ?? 0) / 255) < 1e-6);
      assert.equal(channel(name)[at(60, 20)], 0.5);
      // Above the person.
      assert.equal(channel(name)[at(10, 0)], 0.5);
    }
  });

  it('says where the matte, the face, the lips and the mouth are, and how well each place was seen', () => {
    assert.equal(channel('matte')[at(5, 4)], 0.5);
    assert.ok(Math.abs((channel('seen')[at(60, 20)] ?? 0) - 0.05) < 1e-6);
    assert.deepEqual([channel('face')[at(30, 44)], channel('mouth')[at(30, 44)]], [1, 1]);
    assert.deepEqual([channel('face')[at(2, 2)], channel('mouth')[at(2, 2)]], [1, 0]);
    assert.equal(channel('lips')[at(30, 39)], 1);
    assert.equal(channel('eyes')[at(30, 39)], 0);
  });

  it('shows the mouth that was drawn', () => {
    const pixel = at(31, 44);
    assert.ok(Math.abs((channel('red')[pixel] ?? 0) - (draft.colours[pixel * 3] ?? 0) / 255) < 0.2);
  });
});

describe('a finished cut-out', () => {
  it('has four planes of the size of the draft, between 0 and 1, whatever the finisher answers', async () => {
    for (const change of [-5, -0.3, 0, 0.3, 5]) {
      const { size, data } = await finish(variedDraft(), { ...finishing, conditioned: answering(change) });
      assert.deepEqual([size, data.length], [SIZE, 4 * SIZE * SIZE]);
      for (const value of data) assert.ok(value >= 0 && value <= 1);
    }
  });

  it('is the draft where the photo saw it all and the finisher answers the draft', async () => {
    const draft = plainDraft(SIZE, { matte: planeOf(SIZE, (x, y) => Math.min(1, (x + y) / 9)) });
    const done = await finish(draft, { ...finishing, conditioned: answering(0) });
    assert.ok(furthest(done, cutOut(draft), () => true) < 1e-5);
  });

  it('is left alone where the photo saw it well, whatever the finisher answers', async () => {
    const draft = variedDraft();
    const done = await finish(draft, { ...finishing, conditioned: answering(0.4) });
    assert.ok(furthest(done, cutOut(draft), (x, y) => x < 20 && y > 12 && y < 34) < 1e-5);
  });

  it('takes what the finisher answers where the photo saw nothing, and in the mouth', async () => {
    const draft = variedDraft();
    const done = await finish(draft, {
      ...finishing,
      conditioned: () => async () => new Float32Array(4 * SMALL).fill(-0.5),
    });
    const change = (x: number, y: number): number => Math.abs((done.data[y * SIZE + x] ?? 0) - 0.25);
    // Blanked to grey, so that all of the draft's detail is gone: the answer alone is left.
    for (const x of [50, 56, 60]) assert.ok(change(x, 24) < 0.02, `${change(x, 24)} at ${x}`);
    let [inMouth, count] = [0, 0];
    for (let y = 42; y < 46; y++)
      for (let x = 26; x < 38; x++) [inMouth, count] = [inMouth + (done.data[y * SIZE + x] ?? 0), count + 1];
    assert.ok(Math.abs(inMouth / count - 0.25) < 0.05, String(inMouth / count));
  });

  it('starts from the noise it is given, which it leaves as it is', async () => {
    const begun: Float32Array[] = [];
    const watching = (): Predict => async (latents) => {
      begun.push(latents.slice());
      return new Float32Array(4 * SMALL);
    };
    const noise = noiseOfSeed(4)(0);
    for (const noiseOf of [() => noise, () => noise, noiseOfSeed(5)])
      await finish(variedDraft(), { ...finishing, noiseOf, steps: 1, conditioned: watching });
    assert.deepEqual(begun[0], begun[1]);
    assert.notDeepEqual(begun[0], begun[2]);
    assert.deepEqual(noise, noiseOfSeed(4)(0));
  });

  it('can be cancelled between steps, and says when each is done', async () => {
    let steps = 0;
    const onStep = (): void => void steps++;
    await finish(variedDraft(), { ...finishing, conditioned: answering(0), onStep });
    assert.equal(steps, 2);
    const signal = AbortSignal.abort();
    await assert.rejects(finish(variedDraft(), { ...finishing, conditioned: answering(0), signal }));
  });

  it('needs a draft of a whole multiple of its size', async () => {
    const odd = finish(plainDraft(SIZE + 1), { ...finishing, conditioned: answering(0) });
    await assert.rejects(odd, RangeError);
  });
});
