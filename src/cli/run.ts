import { inspect } from 'node:util';
import { CommanderError } from 'commander';
import { type ErrorCode, LikenessError } from '../errors.js';
import { errorText, type TextKey, type Translate } from '../language/texts.js';
import { exitCodeOf, exitCodes } from './exit-codes.js';
import { createProgram, type Work } from './program.js';
import type { CliContext } from './services.js';

/** What was said on the command line, and the version that answers. */
export interface CommandLine {
  /** Arguments after the program's name. */
  readonly arguments: readonly string[];
  readonly version: string;
}

/**
 * Does what the command line says and answers the exit code; every error is one sentence on standard error
 * (and, where `LIKENESS_LOG_LEVEL` is `debug`, what lies behind it).
 */
export async function runCli(invocation: CommandLine, context: CliContext): Promise<number> {
  try {
    const work = parse(invocation, context);
    return work === undefined ? exitCodes.done : await work();
  } catch (thrown) {
    if (thrown instanceof CommanderError) return reportUsage(thrown, invocation, context);
    const error = explainLibrary(thrown);
    context.stderr.write(`${sentence(error, context)}\n`);
    return exitCodeOf(error);
  }
}

/** The work to do; nothing to do when the version or the help was asked for, and written. */
function parse({ arguments: given, version }: CommandLine, context: CliContext): Work | undefined {
  const chosen: Work[] = [];
  const program = createProgram(version, context, (work) => chosen.push(work));
  program.parse(given.length > 0 ? given : ['--help'], { from: 'user' });
  return chosen[0];
}

/** The parser also throws to end after help or the version, with exit code 0. */
function reportUsage(error: CommanderError, { arguments: [command] }: CommandLine, { stderr, t }: CliContext): number {
  if (error.exitCode === 0) return exitCodes.done;
  const problem = error.message
    .replace(/^error: /, '')
    .replaceAll('\n', ' ')
    .replace(/\.$/, '');
  const named = command !== undefined && /^[a-z]+$/.test(command) && error.code !== 'commander.unknownCommand';
  const sayable = problem.charAt(0).toUpperCase() + problem.slice(1);
  stderr.write(`${t('cli.usage', { problem: sayable, command: named ? `likeness ${command}` : 'likeness' })}\n`);
  return exitCodes.usage;
}

function sentence(error: unknown, { t, env }: CliContext): string {
  const problem = error instanceof Error ? error.message : String(error);
  const said =
    error instanceof LikenessError
      ? refusal(error, t)
      : t('cli.unexpected', { problem: problem.split('\n', 1).join() });
  return env['LIKENESS_LOG_LEVEL'] === 'debug' ? `${said}\n${inspect(error)}` : said;
}

/** What sharp says where its native part is not for this system; it is read with whatever needs it. */
const SHARP = /^Could not load the "sharp" module.*(?:\nERR_DLOPEN_FAILED: .*)?/;

function explainLibrary(error: unknown): unknown {
  const [said] = SHARP.exec(error instanceof Error ? error.message : '') ?? [];
  if (said === undefined) return error;
  const problem = said.replace(/^.*\nERR_DLOPEN_FAILED: /, '');
  return new LikenessError('library-missing', { library: 'sharp', problem }, { cause: error });
}

/** What is said otherwise in a terminal than in a chat. */
const instead: Partial<Record<ErrorCode, TextKey>> = {
  'no-photo': 'cli.instead.no-photo',
  'prompt-empty': 'cli.instead.prompt-empty',
  'prompt-unknown': 'cli.instead.prompt-unknown',
};

/** The sentence of an error, and the file it is about. */
function refusal(error: LikenessError, t: Translate): string {
  const key = instead[error.code];
  const problem = key === undefined ? errorText(error, t) : t(key, error.data);
  const { file } = error.data;
  return typeof file === 'string' && !problem.includes(file) ? t('cli.of-file', { file, problem }) : problem;
}
