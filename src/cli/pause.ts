import { loadConfig } from '../config.js';
import type { CliContext } from './services.js';

/** Stops accepting and making portraits, or begins again; the programs that serve may be running meanwhile. */
export async function runPause(on: boolean, { services, env, cwd, stdout, t }: CliContext): Promise<void> {
  await services.setPaused(loadConfig({ env, cwd }), on);
  stdout.write(`${t(on ? 'cli.paused' : 'cli.resumed')}\n`);
}
