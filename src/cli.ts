#!/usr/bin/env node
import { endAfterGrace } from './cli/grace.js';
import { readPackage } from './cli/package.js';
import { runCli } from './cli/run.js';
import { translator } from './language/texts.js';
import { composeCli } from './main.js';

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => interrupt.abort(signal));

process.exitCode = await runCli(
  { arguments: process.argv.slice(2), version: readPackage().version },
  {
    services: composeCli(),
    t: translator(languageAsked(process.env)),
    env: process.env,
    cwd: process.cwd(),
    stdout: process.stdout,
    stderr: process.stderr,
    signal: interrupt.signal,
  },
);
// Where the terminal was closed Node would abort, as it could not give it back as it was: the signal ends the process instead.
if (interrupt.signal.reason === 'SIGHUP') process.kill(process.pid, 'SIGHUP');
endAfterGrace();

/** The language that a terminal asks for, as POSIX has it: `de_DE.UTF-8@euro` without its encoding and its variant. */
function languageAsked({ LC_ALL: all = '', LC_MESSAGES: messages = '', LANG: usual = '' }: NodeJS.ProcessEnv): string {
  const [asked = ''] = (all || messages || usual).split(/[.@]/);
  return asked.replaceAll('_', '-');
}
