import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { createDenoiser, type PredictionType } from '../../../pipeline/diffusion/denoiser.js';
import { SAMPLER_NAMES, samplers, type SamplerName } from '../../../pipeline/diffusion/samplers/index.js';
import { NoiseSchedule, type ScheduleSettings } from '../../../pipeline/diffusion/schedule.js';
import { samplerContract } from '../../contract/sampler.js';

interface GoldenCase {
  readonly sampler: SamplerName;
  readonly schedule: string;
  readonly prediction: PredictionType;
  readonly steps: number;
  readonly timesteps: readonly number[];
  readonly trajectory: readonly (readonly number[])[];
}

interface Golden {
  readonly trainTimesteps: number;
  readonly schedules: Readonly<Record<string, Omit<ScheduleSettings, 'trainTimesteps'>>>;
  readonly model: { readonly c1: number; readonly c2: number };
  readonly noise: readonly number[];
  readonly cases: readonly GoldenCase[];
}

const RELATIVE_TOLERANCE = 1e-4;
const golden: Golden = JSON.parse(readFileSync(new URL('../../golden/schedulers.json', import.meta.url), 'utf8'));

for (const name of SAMPLER_NAMES) samplerContract(name, samplers[name], name === 'lcm' ? 'consistency' : 'solver');

describe('samplers against the schedulers of diffusers', () => {
  for (const name of SAMPLER_NAMES) {
    it(`${name} follows every golden trajectory step by step`, async () => {
      const cases = golden.cases.filter((item) => item.sampler === name);
      assert.ok(cases.length > 0);
      for (const item of cases) await followCase(item);
    });
  }
});

async function followCase(item: GoldenCase): Promise<void> {
  const label = `${item.sampler} ${item.schedule} ${item.prediction} ${item.steps}`;
  const timesteps: number[] = [];
  const denoise = createDenoiser(async (latents, { timestep }) => {
    timesteps.push(timestep);
    return latents.map((value) => golden.model.c1 * value + golden.model.c2 * Math.sin(timestep));
  }, item.prediction);
  const trajectory: number[][] = [];
  await samplers[item.sampler]({
    denoise,
    noise: Float32Array.from(golden.noise),
    freshNoise: (step) => Float32Array.from(golden.noise, (value) => value * Math.cos(step)),
    schedule: scheduleOf(item.schedule),
    steps: item.steps,
    onStep: ({ latents }) => void trajectory.push([...latents]),
  });
  assert.deepEqual(timesteps, item.timesteps, label);
  assert.equal(trajectory.length, item.trajectory.length, label);
  trajectory.forEach((latents, step) => assertClose(latents, item.trajectory[step] ?? [], `${label}, step ${step}`));
}

function scheduleOf(name: string): NoiseSchedule {
  const settings = golden.schedules[name];
  assert.ok(settings, name);
  return new NoiseSchedule({ ...settings, trainTimesteps: golden.trainTimesteps });
}

function assertClose(actual: readonly number[], expected: readonly number[], label: string): void {
  const size = Math.max(1, ...expected.map(Math.abs));
  const worst = Math.max(...actual.map((value, index) => Math.abs(value - (expected[index] ?? Number.NaN))));
  assert.ok(worst <= RELATIVE_TOLERANCE * size, `${label}: off by ${worst} at size ${size}`);
}
