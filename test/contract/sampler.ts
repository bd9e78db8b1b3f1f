import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LikenessError } from '../../pipeline/errors.js';
import { createDenoiser, type Denoise } from '../../pipeline/diffusion/denoiser.js';
import { candidateNoise } from '../../pipeline/diffusion/noise.js';
import type { Sampler, SamplerInput } from '../../pipeline/diffusion/samplers/sampler.js';
import { NoiseSchedule } from '../../pipeline/diffusion/schedule.js';

const SCHEDULE = new NoiseSchedule({
  schedule: 'scaled_linear',
  betaStart: 0.00085,
  betaEnd: 0.0225,
  trainTimesteps: 1000,
});
const POINT = Float32Array.of(0.5, -1.25, 2, 0);

/** The perfect model of a distribution that is a single point. */
const pointModel: Denoise = async () => POINT.slice();

/** The perfect model of a normal distribution: the posterior mean of the clean value given the noisy one. */
function gaussianModel(mean: number, deviation: number): Denoise {
  return async (latents, { alpha, sigma }) => {
    const gain = (alpha * deviation ** 2) / (alpha ** 2 * deviation ** 2 + sigma ** 2);
    return latents.map((value) => mean + gain * (value - alpha * mean));
  };
}

/** The consistency function of a normal distribution: from noisy latents straight to where their flow ends. */
function gaussianJump(mean: number, deviation: number): Denoise {
  return async (latents, { alpha, sigma }) => {
    const spread = Math.hypot(alpha * deviation, sigma);
    return latents.map((value) => mean + (deviation / spread) * (value - alpha * mean));
  };
}

/** What a sampler follows: the flow of a denoiser, or the jumps of a consistency model. */
export type Solves = 'flow' | 'consistency';

/** What every sampler must do, whatever its formulas. */
export function samplerContract(name: string, sampler: Sampler, { solves }: { readonly solves: Solves }): void {
  const sample = (input: Omit<SamplerInput, 'freshNoise'>): Promise<Float32Array> =>
    sampler({ ...input, freshNoise: (draw) => candidateNoise({ seed: 77, candidate: 1, draw }, input.noise.length) });
  describe(`${name} keeps the sampler contract`, () => {
    it('finds the only point of a distribution, in any number of steps', async () => {
      for (const steps of [1, 2, 5, 16, 33]) {
        const clean = await sample({
          denoise: pointModel,
          noise: candidateNoise({ seed: 3, candidate: 0 }, 4),
          schedule: SCHEDULE,
          steps,
        });
        clean.forEach((value, index) => assert.ok(Math.abs(value - (POINT[index] ?? 0)) < 0.05, `${steps}: ${value}`));
      }
    });

    it('turns normal noise into a normal distribution of known mean and deviation', async () => {
      const noise = candidateNoise({ seed: 11, candidate: 0 }, 4000);
      const denoise = (solves === 'flow' ? gaussianModel : gaussianJump)(1.5, 0.4);
      const clean = await sample({ denoise, noise, schedule: SCHEDULE, steps: 50 });
      const { mean, deviation } = moments(clean);
      assert.ok(Math.abs(mean - 1.5) < 0.03, `mean ${mean}`);
      assert.ok(Math.abs(deviation - 0.4) < 0.03, `deviation ${deviation}`);
    });

    it('gives the same result for the same input, and leaves the noise as it was', async () => {
      const noise = candidateNoise({ seed: 5, candidate: 2 }, 64);
      const before = noise.slice();
      const input = { denoise: gaussianModel(0, 1), noise, schedule: SCHEDULE, steps: 9 };
      assert.deepEqual(await sample(input), await sample(input));
      assert.deepEqual(noise, before);
    });

    it('treats every value of a batch by itself', async () => {
      const input = { denoise: gaussianModel(0.3, 0.7), schedule: SCHEDULE, steps: 6 };
      const draw = (step: number): Float32Array => candidateNoise({ seed: 1, candidate: 1, draw: step }, 8);
      const whole = await sampler({ ...input, noise: draw(0), freshNoise: draw });
      const half = await sampler({ ...input, noise: draw(0).slice(4), freshNoise: (step) => draw(step).slice(4) });
      assert.deepEqual(whole.slice(4), half);
    });

    it('asks the model once a step, from the noisiest level down, and reports each step', async () => {
      const asked: number[] = [];
      const reported: string[] = [];
      const denoise: Denoise = async (latents, level) => {
        asked.push(level.timestep);
        return pointModel(latents, level);
      };
      const onStep = ({ done, total }: { done: number; total: number }) => void reported.push(`${done}/${total}`);
      await sample({ denoise, noise: new Float32Array(4), schedule: SCHEDULE, steps: 4, onStep });
      assert.deepEqual(asked, [999, 749, 499, 249]);
      assert.deepEqual(reported, ['1/4', '2/4', '3/4', '4/4']);
    });

    it('stops between two steps when cancelled', async () => {
      const controller = new AbortController();
      let calls = 0;
      const denoise: Denoise = async (latents) => {
        if (++calls === 3) controller.abort();
        return latents.slice();
      };
      const { signal } = controller;
      await assert.rejects(
        sample({ denoise, noise: new Float32Array(4), schedule: SCHEDULE, steps: 10, signal }),
        (error) => error instanceof LikenessError && error.code === 'cancelled',
      );
      assert.equal(calls, 3);
    });

    it('gives one result for noise and velocity predictions of the same model', async () => {
      const model = gaussianModel(0.2, 0.5);
      const noise = candidateNoise({ seed: 8, candidate: 0 }, 16);
      const byNoise = createDenoiser(async (latents, level) => {
        const clean = await model(latents, level);
        return latents.map((value, index) => (value - level.alpha * (clean[index] ?? 0)) / level.sigma);
      }, 'epsilon');
      const byVelocity = createDenoiser(async (latents, level) => {
        const clean = await model(latents, level);
        return latents.map((value, index) => (level.alpha * value - (clean[index] ?? 0)) / level.sigma);
      }, 'v_prediction');
      const input = { noise, schedule: SCHEDULE, steps: 12 };
      const [first, second] = await Promise.all([
        sample({ ...input, denoise: byNoise }),
        sample({ ...input, denoise: byVelocity }),
      ]);
      first.forEach((value, index) => assert.ok(Math.abs(value - (second[index] ?? 0)) < 1e-4));
    });

    if (solves === 'flow') flowContract(sample);
    else jumpContract(sampler);

    it('refuses step counts that the schedule cannot give', async () => {
      for (const steps of [0, -1, 1.5, 1001]) {
        const input = { denoise: pointModel, noise: new Float32Array(4), schedule: SCHEDULE, steps };
        await assert.rejects(sample(input), RangeError);
      }
    });
  });
}

function flowContract(sample: (input: Omit<SamplerInput, 'freshNoise'>) => Promise<Float32Array>): void {
  it('comes nearer to the exact flow with more steps', async () => {
    const noise = Float32Array.of(1);
    const exact = 1.5 + 0.4;
    const errors = await Promise.all(
      [4, 16, 100].map(async (steps) => {
        const [value = 0] = await sample({ denoise: gaussianModel(1.5, 0.4), noise, schedule: SCHEDULE, steps });
        return Math.abs(value - exact);
      }),
    );
    assert.ok((errors[0] ?? 0) > (errors[1] ?? 0) && (errors[1] ?? 0) > (errors[2] ?? 0), errors.join(', '));
  });
}

/** Jumps add noise between one another: it must be new each time, and the last answer free of it. */
function jumpContract(sample: Sampler): void {
  it('adds the noise it is given before every step but the first', async () => {
    const asked: number[] = [];
    const freshNoise = (step: number): Float32Array => {
      asked.push(step);
      return new Float32Array(4).fill(step);
    };
    const seen: Float32Array[] = [];
    const denoise: Denoise = async (latents) => {
      seen.push(latents);
      return new Float32Array(4);
    };
    const clean = await sample({ denoise, noise: new Float32Array(4), freshNoise, schedule: SCHEDULE, steps: 3 });
    assert.deepEqual(asked, [1, 2]);
    const [, second] = seen;
    assert.ok(Math.abs((second?.[0] ?? 0) - SCHEDULE.at(665).sigma) < 1e-3, String(second));
    assert.ok(clean.every((value) => Math.abs(value) < 1e-3));
  });
}

function moments(values: Float32Array): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}
