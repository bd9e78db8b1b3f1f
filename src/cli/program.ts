import { Argument, Command, InvalidArgumentError } from 'commander';
import type { Translate } from '../language/texts.js';
import type { AuditArguments } from './audit.js';
import type { DoctorOptions } from './doctor.js';
import { checkNames } from './doctor/names.js';
import type { EvaluateOptions } from './evaluate/options.js';
import { exitCodes } from './exit-codes.js';
import type { ImportOptions } from './models/import.js';
import type { PortraitArguments } from './portrait.js';
import type { ServeOptions } from './serve.js';
import type { StylesOptions } from './styles.js';
import type { CliContext } from './services.js';

/** A parsed command line's work, still to be done; answers the exit code. */
export type Work = () => Promise<number>;

/** The `likeness` command with its options; `choose` gets the work of the command that was named. */
export function createProgram(version: string, context: CliContext, choose: (work: Work) => void): Command {
  const { t } = context;
  const program = new Command('likeness').description(t('cli.help.program')).version(version).exitOverride();
  program.configureOutput({
    writeOut: (text) => void context.stdout.write(text),
    writeErr: () => undefined,
  });
  addPortrait(program, t).action((options: PortraitArguments) =>
    choose(done(async () => (await import('./portrait.js')).runPortrait(options, context))),
  );
  addStyles(program, t).action((options: StylesOptions) =>
    choose(done(async () => (await import('./styles.js')).runStyles(options, context))),
  );
  addServe(program, t).action((options: ServeOptions) =>
    choose(done(async () => (await import('./serve.js')).runServe(options, context))),
  );
  addDoctor(program, t).action((only: readonly string[], { json = false }: DoctorOptions) =>
    choose(async () => {
      const { runDoctor } = await import('./doctor.js');
      return (await runDoctor({ json, only }, context)) ? exitCodes.done : exitCodes.failed;
    }),
  );
  const pausing = (on: boolean) => () => choose(done(async () => (await import('./pause.js')).runPause(on, context)));
  program.command('pause').description(t('cli.help.pause')).action(pausing(true));
  program.command('resume').description(t('cli.help.resume')).action(pausing(false));
  addAudit(program, t).action((options: AuditArguments) =>
    choose(done(async () => (await import('./audit.js')).runAudit(options, context))),
  );
  addEvaluate(program, t).action((people: string, options: EvaluateOptions) =>
    choose(done(async () => (await import('./evaluate/evaluate.js')).runEvaluate(people, options, context))),
  );
  const models = program.command('models').description(t('cli.help.models'));
  addModelCheck(models, t).action((folder: string) =>
    choose(done(async () => (await import('./models/check.js')).runModelCheck(folder, context))),
  );
  addImport(models, t).action((source: string, options: ImportOptions) =>
    choose(done(async () => (await import('./models/import.js')).runImport(source, options, context))),
  );
  return program;
}

function done(run: () => Promise<void>): Work {
  return async () => {
    await run();
    return exitCodes.done;
  };
}

function addPortrait(program: Command, t: Translate): Command {
  const command = program
    .command('portrait')
    .description(t('cli.help.portrait'))
    .option('--photo <file>', t('cli.help.photo'), collect)
    .option('--prompt <words>', t('cli.help.prompt'))
    .option('--class <word>', t('cli.help.class'))
    .option('--seed <number>', t('cli.help.seed'), readNumber(t))
    .option('--candidates <number>', t('cli.help.candidates'), readNumber(t))
    .option('--largest', t('cli.help.largest'))
    .option('--out <folder>', t('cli.help.out'), 'album');
  return addSampling(command, t);
}

function addStyles(program: Command, t: Translate): Command {
  return program.command('styles').description(t('cli.help.styles')).option('--json', t('cli.help.json'));
}

function addServe(program: Command, t: Translate): Command {
  return program
    .command('serve')
    .description(t('cli.help.serve'))
    .option('--host <address>', t('cli.help.host'))
    .option('--port <number>', t('cli.help.port'), readPort(t))
    .option('--role <name>', t('cli.help.role'));
}

function addDoctor(program: Command, t: Translate): Command {
  const chosen = new Argument('[checks...]', t('cli.help.checks')).choices(checkNames);
  return program
    .command('doctor')
    .description(t('cli.help.doctor'))
    .addArgument(chosen)
    .option('--json', t('cli.help.json'));
}

function addAudit(program: Command, t: Translate): Command {
  return program
    .command('audit')
    .description(t('cli.help.audit'))
    .option('--since <date>', t('cli.help.since'), readDay(t));
}

function addEvaluate(program: Command, t: Translate): Command {
  const command = program
    .command('evaluate')
    .description(t('cli.help.evaluate'))
    .argument('<people>', t('cli.help.people'))
    .option('--people <number>', t('cli.help.limit'), readNumber(t))
    .option('--prompt <words>', t('cli.help.evaluate-prompt'), collect)
    .option('--candidates <numbers>', t('cli.help.evaluate-candidates'), readNumbers(t))
    .option('--style-classifier <file>', t('cli.help.style-classifier'))
    .option('--added-classifier <file>', t('cli.help.added-classifier'))
    .option('--draft-only', t('cli.help.draft-only'))
    .option('--seed <number>', t('cli.help.evaluate-seed'), readNumber(t), 1);
  return addSampling(command, t);
}

function addModelCheck(models: Command, t: Translate): Command {
  return models
    .command('check')
    .description(t('cli.help.models-check'))
    .argument('<folder>', t('cli.help.models-folder'));
}

function addImport(models: Command, t: Translate): Command {
  return models
    .command('import')
    .description(t('cli.help.models-import'))
    .argument('<source>', t('cli.help.models-source'))
    .option('--out <folder>', t('cli.help.models-out'));
}

/** The options that say how albums are made, the same for one album and for many. */
function addSampling(command: Command, t: Translate): Command {
  return command
    .option('--count <number>', t('cli.help.count'), readNumber(t), 4)
    .option('--strength <number>', t('cli.help.strength'), readNumber(t), 80)
    .option('--sampler <name>', t('cli.help.sampler'))
    .option('--steps <number>', t('cli.help.steps'), readNumber(t))
    .option('--json', t('cli.help.json'));
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

function readDay(t: Translate): (given: string) => string {
  return (given) => {
    const day = /^\d{4}-\d{2}-\d{2}$/.test(given) ? new Date(`${given}T00:00:00Z`) : undefined;
    // The 31st of a shorter month would be a day of the next.
    if (day === undefined || Number.isNaN(day.getTime()) || !day.toISOString().startsWith(given))
      throw new InvalidArgumentError(t('cli.unreadable-day', { given }));
    return given;
  };
}

function readPort(t: Translate): (given: string) => string {
  return (given) => {
    if (!/^\d{1,5}$/.test(given) || Number(given) > 65_535)
      throw new InvalidArgumentError(t('cli.unreadable-port', { given }));
    return given;
  };
}

function readNumber(t: Translate): (given: string) => number {
  return (given) => {
    const value = given.trim() === '' ? Number.NaN : Number(given);
    if (Number.isNaN(value)) throw new InvalidArgumentError(t('cli.unreadable-number', { given }));
    return value;
  };
}

function readNumbers(t: Translate): (given: string) => readonly number[] {
  return (given) => given.split(',').map(readNumber(t));
}
