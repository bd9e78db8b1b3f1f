import { resolve } from 'node:path';
import { loadManifest } from '../../../pipeline/bundle.js';
import type { Manifest } from '../../../pipeline/bundle-manifest.js';
import { LikenessError } from '../../../pipeline/errors.js';
import { checkRequest, type PortraitRequest } from '../../../pipeline/request.js';
import { readPrompt } from '../../../pipeline/text/prompt.js';
import { loadConfig, type Config } from '../../config.js';
import { errorText } from '../../texts.js';
import { exitCodeOf, exitCodes } from '../exit-codes.js';
import { readSampler } from '../portrait.js';
import { createProgressLine } from '../progress.js';
import type { CliContext } from '../services.js';
import { measurePerson, type Measuring } from './measure.js';
import { computeMetrics, type MeasuredPerson } from './metrics.js';
import { listPeople, type Person } from './people.js';
import { promptsFor } from './plan.js';
import { describeAsJson, describeAsTable, type Evaluation } from './report.js';

/** Options of `likeness evaluate`, as given. */
export interface EvaluateOptions {
  readonly people?: number;
  readonly prompt?: readonly string[];
  readonly count: number;
  readonly strength: number;
  readonly seed: number;
  readonly candidates?: number;
  readonly sampler?: string;
  readonly steps?: number;
  readonly json?: boolean;
}

/** Makes albums for every person of a folder and reports the method's metrics over them. */
export async function runEvaluate(folder: string, options: EvaluateOptions, context: CliContext): Promise<void> {
  const config = loadConfig(context);
  const settings = readSettings(options);
  const manifest = await loadManifest(config.bundle);
  const prompts = options.prompt ?? [];
  for (const prompt of prompts) readPrompt(prompt, manifest);
  const people = await listPeople(resolve(context.cwd, folder), options.people);
  const plan = people.map((person, index) => planPerson(person, index, { prompts, manifest, seed: options.seed }));
  const { measured, skipped } = await measureAll(plan, settings, { config, context });
  const metrics = computeMetrics(measured, options.seed);
  const { name, version } = manifest;
  const evaluation: Evaluation = {
    bundle: { name, version },
    seed: options.seed,
    settings,
    measured,
    skipped,
    metrics,
  };
  context.stdout.write(options.json === true ? describeAsJson(evaluation) : describeAsTable(evaluation, context.t));
}

type Settings = Measuring['settings'];

interface PlannedPerson {
  readonly person: Person;
  readonly prompts: readonly string[];
  readonly seed: number;
}

function readSettings({ count, strength, candidates, sampler, steps, seed }: EvaluateOptions): Settings {
  const settings = {
    count,
    strength,
    candidates,
    steps,
    sampler: sampler === undefined ? undefined : readSampler(sampler),
  };
  const request: PortraitRequest = { ...settings, seed, prompt: '', photos: [new Uint8Array()] };
  checkRequest(request);
  return settings;
}

/** Every person gets seeds of their own, so that leaving one out changes nobody else's albums. */
function planPerson(
  person: Person,
  index: number,
  {
    prompts,
    manifest,
    seed,
  }: { readonly prompts: readonly string[]; readonly manifest: Manifest; readonly seed: number },
): PlannedPerson {
  const asked = promptsFor(index, prompts, manifest.vocabulary);
  return { person, prompts: asked, seed: (seed + index * asked.length) % 2 ** 32 };
}

async function measureAll(
  plan: readonly PlannedPerson[],
  settings: Settings,
  { config, context }: { readonly config: Config; readonly context: CliContext },
): Promise<{ readonly measured: MeasuredPerson[]; readonly skipped: string[] }> {
  const engine = context.services.createEngine(config);
  const faces = await context.services.openFaceAnalyser();
  const progress = createProgressLine(context.stderr);
  const total = plan.reduce((sum, { prompts }) => sum + prompts.length, 0);
  let done = 0;
  const measured: MeasuredPerson[] = [];
  const skipped: string[] = [];
  try {
    await engine.start();
    for (const { person, ...asked } of plan) {
      const label = context.t('cli.progress.people', { name: person.name });
      const onAlbum = (): void => progress.update(++done, total, label);
      const measuring = { engine, faces, settings, signal: context.signal, onAlbum };
      const found = await measurePerson(person, asked, measuring).catch((error: unknown) =>
        skip(error, person, context),
      );
      if (found === undefined) skipped.push(person.name);
      else measured.push(found);
    }
  } finally {
    progress.stop();
    await Promise.all([engine.close(), faces.release()]);
  }
  return { measured, skipped };
}

/** A photo that cannot be used leaves its person out, and says so; everything else ends the evaluation. */
function skip(error: unknown, { name }: Person, { stderr, t }: CliContext): undefined {
  if (!(error instanceof LikenessError) || exitCodeOf(error) !== exitCodes.input) throw error;
  stderr.write(`${t('cli.evaluate.skipped', { name, problem: errorText(error, t) })}\n`);
}
