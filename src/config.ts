import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { LikenessError } from '../pipeline/errors.js';

/** Absolute folder of this package: the nearest one upwards with a package.json, from sources and from `dist/` alike. */
export const packageRoot = findPackageRoot(dirname(fileURLToPath(import.meta.url)));

/** A number, or the text of one as the environment gives it; an empty text is no number. */
function number(check: z.ZodNumber): z.ZodType<number> {
  return z.preprocess((value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value), check);
}

const schema = z.strictObject({
  /** Address the web chat listens on; only this machine by default. */
  host: z.string().min(1).default('127.0.0.1'),
  /** TCP port of the web chat; 0 lets the system choose a free one. */
  port: number(z.int().min(0).max(65_535)).default(8787),
  /** Folder of the model bundle (manifest.json and its graphs). */
  bundle: z
    .string()
    .min(1)
    .default(join(packageRoot, 'models', 'tiny')),
  /** Folder for what must outlive a restart. */
  data: z.string().min(1).default('var'),
  logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  engine: z
    .strictObject({
      /** Threads of one graph run. */
      threads: number(z.int().min(1).max(256)).default(availableParallelism()),
      /** Resident memory, in MiB, above which the engine process is ended and started anew. */
      memoryLimitMiB: number(z.int().min(256)).default(2048),
      /** Seconds one album may take. */
      timeLimitSeconds: number(z.number().positive().max(86_400)).default(600),
    })
    .prefault({}),
});

/** Everything an operator can set, complete and checked; folders are absolute. */
export type Config = z.infer<typeof schema>;

/** Environment variable of each setting. `NAME_FILE` names a file that holds the value instead, as secret stores want it. */
const variables = {
  LIKENESS_HOST: ['host'],
  LIKENESS_PORT: ['port'],
  LIKENESS_BUNDLE: ['bundle'],
  LIKENESS_DATA: ['data'],
  LIKENESS_LOG_LEVEL: ['logLevel'],
  LIKENESS_ENGINE_THREADS: ['engine', 'threads'],
  LIKENESS_ENGINE_MEMORY_MIB: ['engine', 'memoryLimitMiB'],
  LIKENESS_ENGINE_TIME_SECONDS: ['engine', 'timeLimitSeconds'],
} as const satisfies Record<string, readonly [string] | readonly [string, string]>;

/** Where settings are looked for. */
export interface ConfigSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder that may hold `likeness.config.json`, and that relative folders are resolved against. */
  readonly cwd: string;
}

/**
 * Reads `likeness.config.json` (or the file `LIKENESS_CONFIG` names), then the environment over it.
 * @throws LikenessError `config-invalid`, whose `problems` lists every mistake found, not only the first.
 */
export function loadConfig(sources: ConfigSources): Config {
  const problems: string[] = [];
  const settings = readConfigFile(sources, problems);
  const origins = applyEnvironment(settings, sources, problems);
  const parsed = schema.safeParse(settings);
  if (!parsed.success) problems.push(...parsed.error.issues.map((issue) => describeIssue(issue, origins)));
  if (problems.length > 0 || !parsed.data) throw new LikenessError('config-invalid', { problems: problems.join('; ') });
  const { bundle, data } = parsed.data;
  return { ...parsed.data, bundle: resolve(sources.cwd, bundle), data: resolve(sources.cwd, data) };
}

function findPackageRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findPackageRoot(dirname(folder));
}

type Settings = Record<string, unknown>;

function isSettings(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readConfigFile({ env, cwd }: ConfigSources, problems: string[]): Settings {
  const named = env.LIKENESS_CONFIG;
  const file = resolve(cwd, named ?? 'likeness.config.json');
  if (named === undefined && !existsSync(file)) return {};
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (isSettings(parsed)) return parsed;
    problems.push(`${file}: expected one JSON object`);
  } catch (error) {
    problems.push(`${file}: ${error instanceof SyntaxError ? 'not valid JSON' : 'cannot be read'}`);
  }
  return {};
}

/** Puts the variables' values into `settings`; answers which variable each dotted path came from. */
function applyEnvironment(settings: Settings, { env, cwd }: ConfigSources, problems: string[]): Map<string, string> {
  const origins = new Map<string, string>();
  for (const [name, path] of Object.entries(variables)) {
    const value = readVariable(name, { env, cwd }, problems);
    if (value === undefined) continue;
    assign(settings, path, value);
    origins.set(path.join('.'), name);
  }
  return origins;
}

function readVariable(name: string, { env, cwd }: ConfigSources, problems: string[]): string | undefined {
  const direct = env[name];
  const file = env[`${name}_FILE`];
  if (direct !== undefined && file !== undefined) problems.push(`${name} and ${name}_FILE: set only one of them`);
  if (direct !== undefined) return direct;
  if (file === undefined) return undefined;
  try {
    return readFileSync(resolve(cwd, file), 'utf8').trim();
  } catch {
    problems.push(`${name}_FILE: ${file} cannot be read`);
    return undefined;
  }
}

function assign(settings: Settings, path: readonly [string] | readonly [string, string], value: string): void {
  const [first, second] = path;
  if (second === undefined) {
    settings[first] = value;
    return;
  }
  const group = settings[first];
  settings[first] = { ...(isSettings(group) ? group : {}), [second]: value };
}

function describeIssue(issue: z.core.$ZodIssue, origins: ReadonlyMap<string, string>): string {
  const path = issue.path.join('.');
  const where = origins.get(path) ?? (path || 'likeness.config.json');
  return `${where}: ${issue.message}`;
}
