import { loadConfig } from '../config.js';
import type { CliContext } from './services.js';

/** Options of `likeness serve`, as given; they go over the configuration. */
export interface ServeOptions {
  readonly host?: string;
  readonly port?: string;
}

/** Serves the chats until it is told to stop. */
export async function runServe({ host, port }: ServeOptions, context: CliContext): Promise<void> {
  const given = { LIKENESS_HOST: host, LIKENESS_PORT: port };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const config = loadConfig({ env: { ...context.env, ...set }, cwd: context.cwd });
  await context.services.serve(config, {
    signal: context.signal,
    onReady: (url) => void context.stdout.write(`${context.t('cli.serve.ready', { url })}\n`),
  });
}
