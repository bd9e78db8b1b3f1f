import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { MEMORY_PLANS, PROVIDERS } from '../pipeline/index.js';
import { KEY_PATTERN } from './data/key.js';
import { LikenessError } from './errors.js';
import { packageRoot } from './package-root.js';

export { packageRoot };

/** A number, or the text of one as the environment gives it; an empty text is no number. */
function number(check: z.ZodNumber): z.ZodType<number> {
  return z.preprocess((value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value), check);
}

/** The name or address of this machine that a server listens on; one of IPv6 may stand in brackets, as in an address. */
const listeningHost = z
  .string()
  .min(1)
  .transform((value) => value.replace(/^\[(.*)\]$/, '$1'));

/** A text that may be left out; an empty one is none. */
function orNone<Text extends z.ZodType<string>>(text: Text) {
  return z.preprocess((value) => (value === '' ? undefined : value), text.optional());
}

/** A list, or its text with commas or spaces as the environment gives it; empty unless set. */
function listOf<Item extends z.ZodType<string>>(item: Item) {
  const split = (value: unknown): unknown =>
    typeof value === 'string' ? value.split(/[\s,]+/).filter((part) => part !== '') : value;
  return z.preprocess(split, z.array(item)).default([]);
}

/** A number of albums. */
const albums = (preset: number): z.ZodDefault<z.ZodType<number>> =>
  number(z.int().min(1).max(1_000_000)).default(preset);

const limits = z.strictObject({
  /** Requests of one member that may wait or run at a time. */
  memberInLine: albums(5),
  /** Requests of everyone together that may wait or run at a time. */
  line: albums(500),
  /** Albums a clock hour and a day (UTC) of one member, of one server or group, and of everyone together. */
  memberPerHour: albums(30),
  memberPerDay: albums(100),
  serverPerHour: albums(200),
  serverPerDay: albums(1000),
  globalPerHour: albums(1000),
  globalPerDay: albums(10_000),
});

/** The limits of an operator who sets none. */
export const defaultLimits = limits.parse({});

const discord = z.strictObject({
  /** What the developer portal gave for the bot; without it there is none. */
  token: orNone(z.string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/, 'expected a bot token as the developer portal gives it')),
});

const telegram = z.strictObject({
  /** What BotFather gave for the bot; without it there is none. */
  token: orNone(z.string().regex(/^\d+:[\w-]+$/, 'expected a token as BotFather gives it')),
  /** Where the Bot API is. */
  apiRoot: z.url().default('https://api.telegram.org'),
  /** Public address that updates are pushed to; they are asked for by long polling without it. */
  webhookUrl: z.url({ protocol: /^https$/, error: 'expected an https address' }).optional(),
  /** Where pushed updates arrive on this machine. */
  webhookHost: listeningHost.default('127.0.0.1'),
  webhookPort: number(z.int().min(1).max(65_535)).default(8788),
});

const schema = z.strictObject({
  /** Address the web chat listens on; only this machine by default. */
  host: listeningHost.default('127.0.0.1'),
  /** TCP port of the web chat; 0 lets the system choose a free one. */
  port: number(z.int().min(0).max(65_535)).default(8787),
  /** Addresses that the web chat is reached by from outside: a proxy's, or names that only its network knows. */
  publicUrls: listOf(z.url({ protocol: /^https?$/, error: 'expected addresses like https://portraits.example.org' })),
  /** Folder of the model bundle (manifest.json and its graphs). */
  bundle: z
    .string()
    .min(1)
    .default(join(packageRoot, 'models', 'tiny')),
  /** Folder for what must outlive a restart; `likeness` in the user's data folder unless set. */
  data: z.string().min(1).optional(),
  /** Key that photos are encrypted with, 64 hexadecimal digits; made in the data folder unless set. */
  key: z.string().regex(KEY_PATTERN, 'expected 64 hexadecimal digits').optional(),
  logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  engine: z
    .strictObject({
      /** Threads of one graph run. */
      threads: number(z.int().min(1).max(256)).default(availableParallelism()),
      /** What computes the graphs; it must be there. */
      provider: z.enum(PROVIDERS).default('cpu'),
      /** Which graphs stay loaded between runs. */
      memory: z.enum(MEMORY_PLANS).default('all'),
      /** Resident memory, in MiB, above which the engine process is ended and started anew. */
      memoryLimitMiB: number(z.int().min(256)).default(2048),
      /** Seconds one album may take. */
      timeLimitSeconds: number(z.number().positive().max(86_400)).default(600),
      /** Albums asked of the engine at a time. */
      concurrency: number(z.int().min(1).max(64)).default(1),
    })
    .prefault({}),
  limits: limits.prefault({}),
  history: z
    .strictObject({
      /** Days for which the web chat keeps the albums of who turns that on; 0 lets nobody. */
      days: number(z.int().min(0).max(3650)).default(30),
    })
    .prefault({}),
  /** Those who may pause the making of portraits: members as `discord:ID` or `telegram:ID`. */
  owners: listOf(
    z.string().regex(/^(discord|telegram):\d{1,25}$/, 'expected members like discord:123 or telegram:456'),
  ),
  metrics: z
    .strictObject({
      /** Where health and metrics are served; only on this machine by default. */
      host: listeningHost.default('127.0.0.1'),
      /** TCP port of health and metrics; 0 takes a free one, and without it they are not served. */
      port: number(z.int().min(0).max(65_535)).optional(),
    })
    .prefault({}),
  /** What this process does: it talks to members, it makes albums, or both. */
  role: z.enum(['all', 'chat', 'worker']).default('all'),
  redis: z
    .strictObject({
      /** Redis that several processes share; without it everything is in the data folder of one. */
      url: orNone(z.url({ protocol: /^(rediss?|unix)$/, error: 'expected an address like redis://127.0.0.1:6379' })),
    })
    .prefault({}),
  discord: discord.prefault({}),
  telegram: telegram.prefault({}),
});

/** Everything an operator can set, complete and checked; folders are absolute. */
export type Config = z.infer<typeof schema> & { readonly data: string };

/** Environment variable of each setting. `NAME_FILE` names a file that holds the value instead, as secret stores want it. */
const variables = {
  LIKENESS_HOST: ['host'],
  LIKENESS_PORT: ['port'],
  LIKENESS_PUBLIC_URLS: ['publicUrls'],
  LIKENESS_BUNDLE: ['bundle'],
  LIKENESS_DATA: ['data'],
  LIKENESS_KEY: ['key'],
  LIKENESS_LOG_LEVEL: ['logLevel'],
  LIKENESS_ENGINE_THREADS: ['engine', 'threads'],
  LIKENESS_ENGINE_PROVIDER: ['engine', 'provider'],
  LIKENESS_ENGINE_MEMORY: ['engine', 'memory'],
  LIKENESS_ENGINE_MEMORY_MIB: ['engine', 'memoryLimitMiB'],
  LIKENESS_ENGINE_TIME_SECONDS: ['engine', 'timeLimitSeconds'],
  LIKENESS_ENGINE_CONCURRENCY: ['engine', 'concurrency'],
  LIKENESS_MEMBER_IN_LINE: ['limits', 'memberInLine'],
  LIKENESS_LINE: ['limits', 'line'],
  LIKENESS_MEMBER_PER_HOUR: ['limits', 'memberPerHour'],
  LIKENESS_MEMBER_PER_DAY: ['limits', 'memberPerDay'],
  LIKENESS_SERVER_PER_HOUR: ['limits', 'serverPerHour'],
  LIKENESS_SERVER_PER_DAY: ['limits', 'serverPerDay'],
  LIKENESS_GLOBAL_PER_HOUR: ['limits', 'globalPerHour'],
  LIKENESS_GLOBAL_PER_DAY: ['limits', 'globalPerDay'],
  LIKENESS_HISTORY_DAYS: ['history', 'days'],
  LIKENESS_OWNERS: ['owners'],
  LIKENESS_ROLE: ['role'],
  REDIS_URL: ['redis', 'url'],
  LIKENESS_METRICS_HOST: ['metrics', 'host'],
  LIKENESS_METRICS_PORT: ['metrics', 'port'],
  DISCORD_TOKEN: ['discord', 'token'],
  TELEGRAM_TOKEN: ['telegram', 'token'],
  TELEGRAM_API_ROOT: ['telegram', 'apiRoot'],
  TELEGRAM_WEBHOOK_URL: ['telegram', 'webhookUrl'],
  TELEGRAM_WEBHOOK_HOST: ['telegram', 'webhookHost'],
  TELEGRAM_WEBHOOK_PORT: ['telegram', 'webhookPort'],
} as const satisfies Record<string, readonly [string] | readonly [string, string]>;

/** Every setting: its environment variable, and its key in the file. */
export const knownSettings: ReadonlyMap<string, string> = new Map(
  Object.entries(variables).map(([name, path]) => [name, path.join('.')]),
);

/** Where settings are looked for. */
export interface ConfigSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder that may hold `likeness.config.json`, and that relative folders are resolved against. */
  readonly cwd: string;
}

/**
 * Reads `likeness.config.json` (or the file `LIKENESS_CONFIG` names), then the environment over it.
 * @throws LikenessError `config-invalid`, whose `problems` lists every mistake found, not only the first; and, by whoever
 *   asks for `data`, `home-missing` where no folder is named and there is none to put it in.
 */
export function loadConfig(sources: ConfigSources): Config {
  const problems: string[] = [];
  const settings = readConfigFile(sources, problems);
  const origins = applyEnvironment(settings, sources, problems);
  const parsed = schema.safeParse(settings);
  if (!parsed.success) problems.push(...parsed.error.issues.map((issue) => describeIssue(issue, origins)));
  if (problems.length > 0 || !parsed.data) throw new LikenessError('config-invalid', { problems: problems.join('; ') });
  const { bundle, data, ...rest } = parsed.data;
  return {
    ...rest,
    bundle: resolve(sources.cwd, bundle),
    // Who needs no data folder needs no home folder either.
    get data() {
      return resolve(sources.cwd, data ?? userDataFolder(sources.env));
    },
  };
}

/** The values no log may hold. */
export function secretsOf(config: Config): readonly (string | undefined)[] {
  const { url } = config.redis;
  const password = url === undefined ? '' : decodeURIComponent(new URL(url).password);
  return [config.key, config.discord.token, config.telegram.token, password === '' ? undefined : password];
}

/** The folder the XDG base directory specification gives programs for their data; it takes absolute names only. */
function userDataFolder({ XDG_DATA_HOME: named = '', HOME: home }: ConfigSources['env']): string {
  return join(isAbsolute(named) ? named : join(homeFolder(home), '.local', 'share'), 'likeness');
}

function homeFolder(named = ''): string {
  if (named !== '') return named;
  try {
    return homedir();
  } catch (error) {
    throw new LikenessError('home-missing', {}, { cause: error });
  }
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
