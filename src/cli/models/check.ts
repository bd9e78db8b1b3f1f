import { resolve } from 'node:path';
import { bundleFiles, bundleGaps, loadBundle } from '../../../pipeline/index.js';
import { LikenessError } from '../../errors.js';
import type { CliContext } from '../services.js';

const MEBIBYTE = 2 ** 20;

/**
 * Looks at a folder as a bundle: its manifest, every file's size and sha256, and whether each graph gets what it takes.
 * @throws LikenessError `bundle-missing`, `bundle-corrupt`, or `bundle-invalid` with everything that does not fit.
 */
export async function runModelCheck(folder: string, { cwd, stdout, t }: CliContext): Promise<void> {
  const { manifest } = await loadBundle(resolve(cwd, folder));
  const gaps = bundleGaps(manifest);
  if (gaps.length > 0) throw new LikenessError('bundle-invalid', { problem: gaps.join('; ') });
  const { name, version, graphs, renderers } = manifest;
  const bytes = bundleFiles(manifest).reduce((sum, { bytes: size = 0 }) => sum + size, 0);
  const counted = { graphs: Object.keys(graphs).length + Object.keys(renderers).length };
  stdout.write(`${t('cli.models.whole', { name, version, ...counted, size: Math.ceil(bytes / MEBIBYTE) })}\n`);
}
