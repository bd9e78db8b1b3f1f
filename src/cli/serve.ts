import { loadConfig } from '../config.js';
import type { CliContext } from './services.js';

/** Options of `likeness serve`, as given; they go over the configuration. */
export interface ServeOptions {
  readonly host?: string;
  readonly port?: string;
  readonly role?: string;
}

/** Serves the chats until it is told to stop. */
export async function runServe({ host, port, role }: ServeOptions, context: CliContext): Promise<void> {
  const given = { LIKENESS_HOST: host, LIKENESS_PORT: port, LIKENESS_ROLE: role };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const config = loadConfig({ env: { ...context.env, ...set }, cwd: context.cwd });
  const { services, signal, stdout, t } = context;
  await services.serve(config, {
    signal,
    onReady: (url) => void stdout.write(`${t('cli.serve.ready', { url })}\n`),
    onWorking: () => void stdout.write(`${t('cli.serve.working')}\n`),
  });
}
