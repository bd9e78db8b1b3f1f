import { resolve } from 'node:path';
import { type Manifest, loadManifest, readPrompt } from '../../../pipeline/index.js';
import { loadConfig, type Config } from '../../config.js';
import { LikenessError } from '../../errors.js';
import { errorText } from '../../language/texts.js';
import { exitCodeOf, exitCodes } from '../exit-codes.js';
import { createProgressLine } from '../progress.js';
import type { CliContext } from '../services.js';
import { openAddedClassifier } from './added-classifier.js';
import { measurePerson, type Instruments } from './measure.js';
import type { MeasuredPerson } from './measured.js';
import { readSettings, type EvaluateOptions, type Settings } from './options.js';
import { listPeople, type EvaluatedPerson } from './people.js';
import { promptsFor } from './plan.js';
import { describeAsJson, describeAsTable, evaluationOf } from './report.js';
import { openStyleClassifier } from './style-classifier.js';

/** Makes albums for every person of a folder and reports the method's metrics over them. */
export async function runEvaluate(folder: string, options: EvaluateOptions, context: CliContext): Promise<void> {
  const config = loadConfig(context);
  const settings = readSettings(options);
  const manifest = await loadManifest(config.bundle);
  const prompts = options.prompt ?? [];
  for (const prompt of prompts) readPrompt(prompt, manifest);
  const people = await listPeople(resolve(context.cwd, folder), options.people);
  const plan = people.map((person, index) => planPerson(person, index, { prompts, manifest, seed: options.seed }));
  const instruments = await openInstruments(options, { config, context });
  try {
    const outcome = await measureAll(plan, { ...settings, instruments }, { config, context });
    const evaluation = evaluationOf({ manifest, seed: options.seed, ...settings, ...outcome });
    context.stdout.write(options.json === true ? describeAsJson(evaluation) : describeAsTable(evaluation, context.t));
  } finally {
    await Promise.all([instruments.faces.release(), instruments.styles?.release(), instruments.added?.release()]);
  }
}

async function openInstruments(
  { styleClassifier, addedClassifier }: EvaluateOptions,
  { config, context: { cwd, services } }: { readonly config: Config; readonly context: CliContext },
): Promise<Instruments> {
  const styles = styleClassifier === undefined ? undefined : await openStyleClassifier(resolve(cwd, styleClassifier));
  const added = addedClassifier === undefined ? undefined : await openAddedClassifier(resolve(cwd, addedClassifier));
  const recognisers = (await services.openRecognisers?.()) ?? [];
  const readers = (await services.openFaceReaders?.(config)) ?? [];
  return { faces: await services.openFaceAnalyser(), recognisers, readers, styles, added };
}

interface PlannedPerson {
  readonly person: EvaluatedPerson;
  readonly prompts: readonly string[];
  readonly seed: number;
}

/** Every person gets seeds of their own, so that leaving one out changes nobody else's albums. */
function planPerson(
  person: EvaluatedPerson,
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
  how: Settings & { readonly instruments: Instruments },
  { config, context }: { readonly config: Config; readonly context: CliContext },
): Promise<{ readonly measured: MeasuredPerson[]; readonly skipped: string[] }> {
  const engine = await context.services.createEngine(config);
  const progress = createProgressLine(context.stderr);
  const total = plan.reduce((sum, { prompts }) => sum + prompts.length * how.candidates.length, 0);
  let done = 0;
  const measured: MeasuredPerson[] = [];
  const skipped: string[] = [];
  try {
    await engine.start();
    for (const { person, ...asked } of plan) {
      const label = context.t('cli.progress.people', { name: person.name });
      const onAlbum = (): void => progress.update(++done, total, label);
      const measuring = { ...how, engine, signal: context.signal, onAlbum };
      const found = await measurePerson(person, asked, measuring).catch((error: unknown) =>
        skip(error, person, context),
      );
      if (found === undefined) skipped.push(person.name);
      else measured.push(found);
    }
  } finally {
    progress.stop();
    await engine.close();
  }
  return { measured, skipped };
}

/** A photo that cannot be used leaves its person out, and says so; everything else ends the evaluation. */
function skip(error: unknown, { name }: EvaluatedPerson, { stderr, t }: CliContext): undefined {
  if (!(error instanceof LikenessError) || exitCodeOf(error) !== exitCodes.input) throw error;
  stderr.write(`${t('cli.evaluate.skipped', { name, problem: errorText(error, t) })}\n`);
}
