import { access, readFile, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { freemem } from 'node:os';
import { dirname } from 'node:path';
import { loadManifest, weightBytes } from '../../../pipeline/index.js';
import type { Config } from '../../config.js';
import { explainListening, LikenessError, type ListeningPlace } from '../../errors.js';
import { good, type Observation, wrong } from '../../observation.js';
import { readPackage } from '../package.js';
import type { Check } from './check.js';

/** What the engine process and its parent need for an album with a small model, MiB. */
const leastMemory = 1536;
/** What they need beside a model's weights, MiB. */
const besideWeights = 1024;
/** What photos of a long line and the database may need, MiB. */
const neededDisk = 512;

/** Whether this Node is new enough. */
export const checkNode: Check = async () => {
  const { oldestNode: needed } = readPackage();
  const version = process.versions.node;
  const old = version.localeCompare(needed, 'en', { numeric: true }) < 0;
  return [old ? wrong('cli.doctor.node-wrong', { version, needed }) : good('cli.doctor.node-ok', { version })];
};

/** Whether there is memory for the model. */
export const checkMachineMemory: Check = async (_context, config) => {
  const available = toMebibytes(await availableMemory());
  const needed = await neededMemory(config);
  const scarce = available < needed;
  return [
    scarce ? wrong('cli.doctor.memory-wrong', { available, needed }) : good('cli.doctor.memory-ok', { available }),
  ];
};

/** A model that cannot be read is said by a check of its own. */
async function neededMemory({ bundle, engine }: Config): Promise<number> {
  const manifest = await loadManifest(bundle).catch(() => undefined);
  const weights = manifest === undefined ? 0 : weightBytes(manifest, engine.memory);
  return Math.max(leastMemory, toMebibytes(weights) + besideWeights);
}

/** Bytes a new program can have; Linux counts what its caches would give back, elsewhere only what is free is known. */
async function availableMemory(): Promise<number> {
  const table = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec(table)?.[1];
  return kibibytes === undefined ? freemem() : Number(kibibytes) * 1024;
}

/** Whether the disk of the data folder has room. */
export const checkDisk: Check = async (_context, { data: path }) => {
  const { bavail, bsize } = await statfs(await nearestExisting(path));
  const available = toMebibytes(bavail * bsize);
  const scarce = available < neededDisk;
  return [
    scarce
      ? wrong('cli.doctor.disk-wrong', { path, available, needed: neededDisk })
      : good('cli.doctor.disk-ok', { path, available }),
  ];
};

/** Milliseconds that what listens at a port has to say what it is. */
const PATIENCE = 2000;

/** Every port the program would listen on. */
export const checkPorts: Check = async (_context, { host, port, metrics, telegram }) => {
  const places = [
    { host, port, setting: 'LIKENESS_HOST' },
    ...(metrics.port === undefined
      ? []
      : [{ host: metrics.host, port: metrics.port, setting: 'LIKENESS_METRICS_HOST' }]),
    ...(telegram.webhookUrl === undefined
      ? []
      : [{ host: telegram.webhookHost, port: telegram.webhookPort, setting: 'TELEGRAM_WEBHOOK_HOST' }]),
  ];
  return Promise.all(places.map(checkPort));
};

async function checkPort({ host, port, setting }: ListeningPlace): Promise<Observation> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
  } catch (error) {
    if (await isServed({ host, port })) return good('cli.doctor.port-served', { host, port });
    const known = explainListening(error, { host, port, setting });
    if (!(known instanceof LikenessError)) throw error;
    return wrong(known.key, known.data);
  }
  await new Promise((resolve) => server.close(resolve));
  return good('cli.doctor.port-ok', { host, port });
}

/** Whether what listens at a place is this program: its page says so. */
async function isServed({ host, port }: { readonly host: string; readonly port: number }): Promise<boolean> {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  try {
    const response = await fetch(`http://${name}:${port}/`, { signal: AbortSignal.timeout(PATIENCE) });
    return (await response.text()).includes('<title>Likeness</title>');
  } catch {
    return false;
  }
}

/** The folder itself, or the nearest one above it that is there and in which it would be made. */
export async function nearestExisting(folder: string): Promise<string> {
  const there = await access(folder).then(
    () => true,
    () => false,
  );
  return there || dirname(folder) === folder ? folder : nearestExisting(dirname(folder));
}

function toMebibytes(bytes: number): number {
  return Math.floor(bytes / 2 ** 20);
}
