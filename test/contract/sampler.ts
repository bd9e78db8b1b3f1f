import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createDenoiser, type Denoise } from '../../pipeline/diffusion/denoiser.js';
import { candidateNoise, stepNoise } from '../../pipeline/diffusion/noise.js';
import type { Sampler, SamplerInput } from '../../pipeline/diffusion/samplers/sampler.js';
import { NoiseSchedule } from '../../pipeline/diffusion/schedule.js';
import { LikenessError } from '../../src/errors.js';

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
function gaussianMean(mean: number, deviation: number): Denoise {
  return async (latents, { alpha, sigma }) => {
    const gain = (alpha * deviation ** 2) / (alpha ** 2 * deviation ** 2 + sigma ** 2);
    return latents.map((value) => mean + gain * (value - alpha * mean));
  };
}

/** The perfect consistency model of a normal distribution: where the flow through a noisy value ends. */
function gaussianEnd(mean: number, deviation: number): Denoise {
  return async (latents, { alpha, sigma }) => {
    const spread = Math.sqrt(alpha ** 2 * deviation ** 2 + sigma ** 2);
    return latents.map((value) => mean + (deviation * (value - alpha * mean)) / spread);
  };
}

/** New noise for each step, another one at another place of the batch. */
const noiseOfSteps = (length: number) => (step: number) => stepNoise({ seed: 99, candidate: 0, step }, length);

/** Samplers that follow the flow of a model of the noise, and those that jump to its end and add noise again. */
export type SamplerKind = 'solver' | 'consistency';

/** What every sampler must do, whatever its formulas; `kind` says for which model it is made. */
export function samplerContract(name: string, sampler: Sampler, kind: SamplerKind): void {
  const gaussianModel = kind === 'solver' ? gaussianMean : gaussianEnd;
  const sample = (input: Omit<SamplerInput, 'freshNoise'>) =>
    sampler({ freshNoise: noiseOfSteps(input.noise.length), ...input });
  describe(`${name} keeps the sampler contract`, () => {
    it('finds the only point of a distribution, in any number of steps', async () => {
      for (const steps of [1, 2, 5, 16, 33]) {
        const clean = await sample({ denoise: pointModel, noise: candidateNoise(3, 0, 4), schedule: SCHEDULE, steps });
        clean.forEach((value, index) => assert.ok(Math.abs(value - (POINT[index] ?? 0)) < 0.05, `${steps}: ${value}`));
      }
    });

    it('turns normal noise into a normal distribution of known mean and deviation', async () => {
      const noise = candidateNoise(11, 0, 4000);
      const clean = await sample({ denoise: gaussianModel(1.5, 0.4), noise, schedule: SCHEDULE, steps: 50 });
      const { mean, deviation } = moments(clean);
      assert.ok(Math.abs(mean - 1.5) < 0.03, `mean ${mean}`);
      assert.ok(Math.abs(deviation - 0.4) < 0.03, `deviation ${deviation}`);
    });

    it('gives the same result for the same input, and leaves the noise as it was', async () => {
      const noise = candidateNoise(5, 2, 64);
      const before = noise.slice();
      const input = { denoise: gaussianModel(0, 1), noise, schedule: SCHEDULE, steps: 9 };
      assert.deepEqual(await sample(input), await sample(input));
      assert.deepEqual(noise, before);
    });

    it('treats every value of a batch by itself', async () => {
      const input = { denoise: gaussianModel(0.3, 0.7), schedule: SCHEDULE, steps: 6 };
      const fresh = noiseOfSteps(8);
      const whole = await sampler({ ...input, noise: candidateNoise(1, 1, 8), freshNoise: fresh });
      const half = { noise: candidateNoise(1, 1, 8).slice(4), freshNoise: (step: number) => fresh(step).slice(4) };
      assert.deepEqual(whole.slice(4), await sampler({ ...input, ...half }));
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

    it('begins from clean latents, noised to the first of the steps that a strength leaves', async () => {
      const [noise, clean] = [candidateNoise(2, 0, 4), Float32Array.of(1, -1, 0.5, 0)];
      const seen: { timestep: number; latents: Float32Array }[] = [];
      const denoise: Denoise = async (latents, { timestep }) => {
        seen.push({ timestep, latents: latents.slice() });
        return POINT.slice();
      };
      const start = { clean, strength: 0.5 };
      const end = await sample({ denoise, noise, schedule: SCHEDULE, steps: 4, start });
      assert.deepEqual(
        seen.map(({ timestep }) => timestep),
        [499, 249],
      );
      const { alpha, sigma } = SCHEDULE.at(499);
      seen[0]?.latents.forEach((value, at) =>
        assert.ok(Math.abs(value - alpha * (clean[at] ?? 0) - sigma * (noise[at] ?? 0)) < 1e-6),
      );
      end.forEach((value, at) => assert.ok(Math.abs(value - (POINT[at] ?? 0)) < 0.05, `${value}`));
      await sample({ denoise, noise, schedule: SCHEDULE, steps: 4, start: { clean, strength: 0.1 } });
      assert.equal(seen.length, 3, 'one step at least');
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
      const noise = candidateNoise(8, 0, 16);
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

    it('refuses step counts that the schedule cannot give', async () => {
      for (const steps of [0, -1, 1.5, 1001]) {
        const input = { denoise: pointModel, noise: new Float32Array(4), schedule: SCHEDULE, steps };
        await assert.rejects(sample(input), RangeError);
      }
    });

    if (kind === 'solver') followsTheFlow(sample);
    else addsNoise(sampler);
  });
}

function followsTheFlow(sample: (input: Omit<SamplerInput, 'freshNoise'>) => Promise<Float32Array>): void {
  it('comes nearer to the exact flow with more steps', async () => {
    const noise = Float32Array.of(1);
    const exact = 1.5 + 0.4;
    const errors = await Promise.all(
      [4, 16, 100].map(async (steps) => {
        const [value = 0] = await sample({ denoise: gaussianMean(1.5, 0.4), noise, schedule: SCHEDULE, steps });
        return Math.abs(value - exact);
      }),
    );
    assert.ok((errors[0] ?? 0) > (errors[1] ?? 0) && (errors[1] ?? 0) > (errors[2] ?? 0), errors.join(', '));
  });
}

function addsNoise(sample: Sampler): void {
  const input = { denoise: gaussianEnd(1.5, 0.4), noise: candidateNoise(4, 0, 8), schedule: SCHEDULE };

  it('asks for new noise between two steps, each once, and depends on it', async () => {
    const asked: number[] = [];
    const run = (seed: number) =>
      sample({
        ...input,
        steps: 4,
        freshNoise: (step) => {
          if (seed === 1) asked.push(step);
          return stepNoise({ seed, candidate: 0, step }, 8);
        },
      });
    const [first, again, other] = [await run(2), await run(2), await run(1)];
    assert.deepEqual(asked, [1, 2, 3]);
    assert.deepEqual(first, again);
    assert.notDeepEqual(first, other);
  });

  it('is at the end of the flow after a single step, without new noise', async () => {
    const freshNoise = (): never => assert.fail('asked for noise');
    const clean = await sample({ ...input, steps: 1, freshNoise });
    const exact = await gaussianEnd(1.5, 0.4)(input.noise, SCHEDULE.at(999));
    clean.forEach((value, index) => assert.ok(Math.abs(value - (exact[index] ?? 0)) < 1e-4));
  });
}

function moments(values: Float32Array): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}
