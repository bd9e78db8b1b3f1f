import { createReadStream, createWriteStream } from 'node:fs';
import { join, resolve } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { LikenessError } from '../../errors.js';

/** Where the files of a bundle come from. */
export interface BundleSource {
  /** @throws LikenessError `bundle-missing` or `bundle-unreachable` as soon as the file turns out not to be there. */
  open(file: string, signal: AbortSignal): Promise<Readable>;
}

/** A folder, or the address of one that a web server shows. */
export function sourceOf(given: string, cwd: string): BundleSource {
  return /^https?:\/\//.test(given) ? webSource(given) : folderSource(resolve(cwd, given));
}

function folderSource(folder: string): BundleSource {
  return { open: async (file) => createReadStream(join(folder, file)) };
}

function webSource(address: string): BundleSource {
  const base = address.endsWith('/') ? address : `${address}/`;
  return {
    async open(file, signal) {
      const response = await fetch(new URL(file, base), { signal });
      if (!response.ok || !response.body) throw unreachable(file, `HTTP ${response.status}`);
      return Readable.fromWeb(response.body);
    },
  };
}

/** What is read of a file, and who is told how much of it there is. */
export interface Copying {
  readonly source: BundleSource;
  readonly file: string;
  /** A file that grows beyond this is not the one its manifest names. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  readonly onBytes?: (bytes: number) => void;
}

/** A small file, whole. */
export async function readWhole(copying: Copying): Promise<Uint8Array> {
  return explained(copying, async () => buffer(await limited(copying)));
}

/** A file of any size, to a path; throws `output-unwritable` when the disk takes no more. */
export async function copyTo(path: string, copying: Copying): Promise<void> {
  const target = createWriteStream(path);
  target.once('error', () => undefined);
  await explained(copying, async () => pipeline(await limited(copying), target)).catch((error: unknown) => {
    if (target.errored && isFull(target.errored))
      throw new LikenessError('output-unwritable', { path }, { cause: error });
    throw error;
  });
}

async function limited({ source, file, maxBytes, signal, onBytes }: Copying): Promise<Readable> {
  let size = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      onBytes?.(chunk.length);
      done(size > maxBytes ? new LikenessError('bundle-corrupt', { file }) : null, chunk);
    },
  });
  const content = await source.open(file, signal);
  content.once('error', (error) => counter.destroy(error));
  counter.once('close', () => content.destroy());
  return content.pipe(counter);
}

/** Says what a failure means: stopped by the person, no such file, or a connection that broke. */
async function explained<T>({ file, signal }: Copying, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted) throw new LikenessError('cancelled', {}, { cause: error });
    if (error instanceof LikenessError) throw error;
    if (isMissing(error)) throw new LikenessError('bundle-missing', { path: file }, { cause: error });
    throw unreachable(file, error instanceof Error ? error.message : String(error));
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

function isFull(error: Error): boolean {
  return 'code' in error && ['ENOSPC', 'EDQUOT', 'EROFS'].includes(String(error.code));
}

function unreachable(file: string, problem: string): LikenessError {
  return new LikenessError('bundle-unreachable', { file, problem });
}
