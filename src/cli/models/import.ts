import { mkdir, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  type BundleFile,
  MANIFEST_FILE,
  type Manifest,
  bundleFiles,
  checkFile,
  readManifest,
} from '../../../pipeline/index.js';
import { loadConfig } from '../../config.js';
import { LikenessError } from '../../errors.js';
import { nearestExisting } from '../doctor/machine.js';
import { createProgressLine } from '../progress.js';
import type { CliContext } from '../services.js';
import { copyTo, readWhole, sourceOf, type BundleSource } from './source.js';

/** Options of `likeness models import`, as given. */
export interface ImportOptions {
  readonly out?: string;
}

const MEBIBYTE = 2 ** 20;
const LARGEST_MANIFEST = 16 * MEBIBYTE;
/** A tokenizer's size is the one that a manifest does not say. */
const LARGEST_TOKENIZER = 64 * MEBIBYTE;

/**
 * Takes a bundle in from a folder or an address: each file is compared with the manifest, and the bundle is in its place
 * whole or not at all. What was fetched before an end in the middle is kept beside it, and not fetched again.
 * @throws LikenessError `bundle-missing`, `bundle-unreachable`, `bundle-invalid`, `bundle-corrupt`, `disk-too-small`,
 * `output-unwritable` or `cancelled`.
 */
export async function runImport(given: string, { out }: ImportOptions, context: CliContext): Promise<void> {
  const { cwd, signal, stdout, t } = context;
  const source = sourceOf(given, cwd);
  const manifestBytes = await readWhole({ source, file: MANIFEST_FILE, maxBytes: LARGEST_MANIFEST, signal });
  const manifest = readManifest(manifestBytes);
  const path = out === undefined ? join(loadConfig(context).data, 'models', folderName(manifest)) : resolve(cwd, out);
  const beside = `${path}.part`;
  await writable(beside, () => mkdir(beside, { recursive: true }));
  await fetchFiles({ source, beside, files: bundleFiles(manifest) }, context);
  await writable(path, async () => {
    await writeFile(join(beside, MANIFEST_FILE), manifestBytes);
    await rm(path, { recursive: true, force: true });
    await rename(beside, path);
  });
  stdout.write(`${t('cli.models.imported', { name: manifest.name, version: manifest.version, path })}\n`);
}

function folderName({ name, version }: Manifest): string {
  return `${name}-${version}`.replaceAll(/[^\w.-]+/g, '-');
}

interface Fetching {
  readonly source: BundleSource;
  /** The folder that the files are gathered in. */
  readonly beside: string;
  readonly files: readonly BundleFile[];
}

async function fetchFiles({ source, beside, files }: Fetching, { signal, stderr }: CliContext): Promise<void> {
  const missing: BundleFile[] = [];
  for (const file of files) if (!(await isWhole(beside, file))) missing.push(file);
  const total = missing.reduce((sum, { bytes = 0 }) => sum + bytes, 0);
  await checkDisk(beside, total);
  const progress = createProgressLine(stderr);
  let done = 0;
  try {
    for (const file of missing) {
      const onBytes = (bytes: number) => progress.update((done += bytes), Math.max(done, total), file.file);
      const maxBytes = file.bytes ?? LARGEST_TOKENIZER;
      await copyTo(join(beside, file.file), { source, file: file.file, maxBytes, signal, onBytes });
      await keepWhole(beside, file);
    }
  } finally {
    progress.stop();
  }
}

async function isWhole(folder: string, file: BundleFile): Promise<boolean> {
  return checkFile(folder, file).then(
    () => true,
    () => false,
  );
}

/** A file that is not what its manifest says is thrown away: the next try fetches it again. */
async function keepWhole(folder: string, file: BundleFile): Promise<void> {
  try {
    await checkFile(folder, file);
  } catch (error) {
    await rm(join(folder, file.file), { force: true });
    throw error;
  }
}

async function checkDisk(path: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(await nearestExisting(path));
  if (bytes <= bavail * bsize) return;
  const mebibytes = (size: number): number => Math.ceil(size / MEBIBYTE);
  throw new LikenessError('disk-too-small', { path, needed: mebibytes(bytes), available: mebibytes(bavail * bsize) });
}

async function writable(path: string, work: () => Promise<unknown>): Promise<void> {
  await work().catch((cause: unknown) => {
    throw new LikenessError('output-unwritable', { path }, { cause });
  });
}
