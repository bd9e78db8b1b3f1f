import { access, constants, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { freemem } from 'node:os';
import { dirname } from 'node:path';
import { loadBundle } from '../../pipeline/bundle.js';
import { LikenessError } from '../../pipeline/errors.js';
import type { Face } from '../../pipeline/face/face.js';
import type { RgbImage } from '../../pipeline/image.js';
import { loadConfig, type Config } from '../config.js';
import { errorText, type TextData, type TextKey } from '../texts.js';
import { readPackage } from './package.js';
import type { CliContext } from './services.js';

/** What the engine process and its parent need for an album, MiB. */
const neededMemory = 1536;

/** A grey picture and a place in it: reading it as a face loads and runs every face model, whatever comes out. */
const blankImage: RgbImage = { width: 112, height: 112, data: new Uint8Array(112 * 112 * 3).fill(127) };
const blankFace: Face = {
  box: { x: 16, y: 8, width: 80, height: 96 },
  score: 1,
  points: [
    [38, 52],
    [74, 52],
    [56, 72],
    [42, 92],
    [71, 92],
  ],
};

/** One thing `doctor` looked at. */
interface Finding {
  readonly check: 'config' | 'node' | 'memory' | 'bundle' | 'faces' | 'engine' | 'data' | 'port';
  readonly ok: boolean;
  /** What was found, and when it is wrong how to mend it. */
  readonly detail: string;
}

type Check = (context: CliContext, config: Config) => Promise<readonly [key: TextKey, data: TextData]>;

/** Thrown by a check that found something wrong which is no error of the program's own. */
class Wrong extends Error {
  constructor(
    readonly key: TextKey,
    readonly data: TextData = {},
  ) {
    super(key);
  }
}

const checks: Readonly<Record<Exclude<Finding['check'], 'config'>, Check>> = {
  node: checkNode,
  memory: checkMemory,
  bundle: checkBundle,
  faces: checkFaces,
  engine: checkEngine,
  data: checkData,
  port: checkPort,
};

/** Looks at everything the program needs, writes what it found, and answers whether all is well. */
export async function runDoctor({ json }: { readonly json?: boolean }, context: CliContext): Promise<boolean> {
  const findings = await findAll(context);
  const wrong = findings.filter(({ ok }) => !ok).length;
  if (json === true) context.stdout.write(`${JSON.stringify({ ok: wrong === 0, findings }, undefined, 2)}\n`);
  else context.stdout.write(`${describe(findings, wrong, context)}\n`);
  return wrong === 0;
}

async function findAll(context: CliContext): Promise<Finding[]> {
  const config = readConfig(context);
  if ('check' in config) return [config];
  const findings: Finding[] = [{ check: 'config', ok: true, detail: context.t('cli.doctor.config-ok') }];
  for (const check of typedKeys(checks)) {
    findings.push({ check, ...(await find(checks[check], context, config)) });
  }
  return findings;
}

function readConfig(context: CliContext): Config | Finding {
  try {
    return loadConfig(context);
  } catch (error) {
    return { check: 'config', ok: false, detail: errorText(error, context.t) };
  }
}

async function find(check: Check, context: CliContext, config: Config): Promise<Omit<Finding, 'check'>> {
  const { t } = context;
  try {
    return { ok: true, detail: t(...(await check(context, config))) };
  } catch (error) {
    return { ok: false, detail: error instanceof Wrong ? t(error.key, error.data) : errorText(error, t) };
  }
}

function describe(findings: readonly Finding[], wrong: number, { t }: CliContext): string {
  const lines = findings.map(({ check, ok, detail }) =>
    t(ok ? 'cli.doctor.ok' : 'cli.doctor.wrong', { check: t(`cli.doctor.${check}`), detail }),
  );
  return [...lines, wrong === 0 ? t('cli.doctor.all-well') : t('cli.doctor.some-wrong', { count: wrong })].join('\n');
}

async function checkNode(): ReturnType<Check> {
  const { oldestNode: needed } = readPackage();
  const version = process.versions.node;
  if (version.localeCompare(needed, 'en', { numeric: true }) < 0) {
    throw new Wrong('cli.doctor.node-wrong', { version, needed });
  }
  return ['cli.doctor.node-ok', { version }];
}

async function checkMemory(): ReturnType<Check> {
  const available = Math.floor((await availableMemory()) / 2 ** 20);
  if (available < neededMemory) throw new Wrong('cli.doctor.memory-wrong', { available, needed: neededMemory });
  return ['cli.doctor.memory-ok', { available }];
}

/** Bytes a new program can have; Linux counts what its caches would give back, elsewhere only what is free is known. */
async function availableMemory(): Promise<number> {
  const table = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec(table)?.[1];
  return kibibytes === undefined ? freemem() : Number(kibibytes) * 1024;
}

async function checkBundle(_context: CliContext, { bundle }: Config): ReturnType<Check> {
  const { manifest } = await loadBundle(bundle);
  return ['cli.doctor.bundle-ok', { name: manifest.name, version: manifest.version, path: bundle }];
}

async function checkFaces({ services }: CliContext): ReturnType<Check> {
  try {
    const analyser = await services.openFaceAnalyser();
    await analyser.read(blankImage, blankFace);
    await analyser.release();
  } catch {
    throw new Wrong('cli.doctor.faces-wrong');
  }
  return ['cli.doctor.faces-ok', {}];
}

async function checkEngine({ services, t }: CliContext, config: Config): ReturnType<Check> {
  const engine = services.createEngine(config);
  try {
    const { bundle } = await engine.start();
    return ['cli.doctor.engine-ok', { name: bundle.name }];
  } catch (error) {
    throw new Wrong('cli.doctor.engine-wrong', { problem: errorText(error, t) });
  } finally {
    await engine.close();
  }
}

async function checkData(_context: CliContext, { data }: Config): ReturnType<Check> {
  try {
    await access(await nearestExisting(data), constants.W_OK);
  } catch {
    throw new Wrong('cli.doctor.data-wrong', { path: data });
  }
  return ['cli.doctor.data-ok', { path: data }];
}

/** The folder itself, or the nearest one above it that is there and in which it would be made. */
async function nearestExisting(folder: string): Promise<string> {
  const there = await access(folder).then(
    () => true,
    () => false,
  );
  return there || dirname(folder) === folder ? folder : nearestExisting(dirname(folder));
}

async function checkPort(_context: CliContext, { host, port }: Config): ReturnType<Check> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', () => reject(new LikenessError('port-in-use', { host, port })));
    server.listen(port, host, resolve);
  });
  await new Promise((resolve) => server.close(resolve));
  return ['cli.doctor.port-ok', { host, port }];
}

function typedKeys<T extends object>(value: T): (keyof T)[] {
  return Object.keys(value).filter((key): key is Extract<keyof T, string> => key in value);
}
