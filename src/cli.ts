#!/usr/bin/env node
import { endAfterGrace } from './cli/grace.js';
import { readPackage } from './cli/package.js';
import { runCli } from './cli/run.js';
import { translator } from './language/texts.js';
import { composeCli } from './main.js';

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort(signal));

process.exitCode = await runCli(
  { arguments: process.argv.slice(2), version: readPackage().version },
  {
    services: composeCli(),
    t: translator(process.env['LANG']?.split('.')[0]?.replace('_', '-') ?? 'en'),
    env: process.env,
    cwd: process.cwd(),
    stdout: process.stdout,
    stderr: process.stderr,
    signal: interrupt.signal,
  },
);
endAfterGrace();
