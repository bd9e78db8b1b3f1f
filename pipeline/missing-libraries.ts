import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Provider } from './providers.js';

/** What onnxruntime loads for a provider, beside itself. Any other provider is part of onnxruntime. */
const FILES: Partial<Record<Provider, readonly string[]>> = {
  cuda: ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so'],
};

/** Where onnxruntime-node keeps its own libraries. */
function onnxruntimeFolder(): string {
  const entry = createRequire(import.meta.url).resolve('onnxruntime-node');
  return join(dirname(entry), '..', 'bin', 'napi-v6', platform(), arch());
}

/**
 * The shared libraries that a provider needs and this machine lacks, by name: onnxruntime's own message says none. Those of
 * onnxruntime first; once they are there, those they were linked with, as the system's `ldd` finds them. Empty where that
 * cannot be told.
 */
export async function missingLibraries(provider: Provider, folder = onnxruntimeFolder()): Promise<readonly string[]> {
  const files = FILES[provider] ?? [];
  const absent = await Promise.all(files.map((file) => isAbsent(join(folder, file))));
  const own = files.filter((_, index) => absent[index]);
  if (own.length > 0) return own;
  const linked = await Promise.all(files.map((file) => notFound(join(folder, file))));
  return [...new Set(linked.flat())];
}

async function isAbsent(file: string): Promise<boolean> {
  return access(file).then(
    () => false,
    () => true,
  );
}

/** Names of the libraries that `ldd` says are not found: lines like `libcudnn.so.9 => not found`. */
async function notFound(file: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ldd', [file]).catch(() => ({ stdout: '' }));
  return [...stdout.matchAll(/^\s*(\S+) => not found/gm)].map(([, name = '']) => name);
}
