import { ALL_GRAPHS, type GraphName, type Manifest } from './bundle-manifest.js';
import { LikenessError } from './errors.js';

/** Which graphs stay loaded between runs: every one, the U-Net, or only the one that ran last. */
export const MEMORY_PLANS = ['all', 'unet', 'one'] as const;

/** One of `MEMORY_PLANS`. */
export type MemoryPlan = (typeof MEMORY_PLANS)[number];

const MEBIBYTE = 2 ** 20;

/** Whether a graph stays loaded when another is run. */
export function staysLoaded(name: GraphName, plan: MemoryPlan): boolean {
  return plan === 'all' || (plan === 'unet' && name === 'unet');
}

/** The most bytes of weights that are loaded at a time; what is computed between them comes on top. */
export function weightBytes({ graphs }: Pick<Manifest, 'graphs'>, plan: MemoryPlan): number {
  const sizeOf = (name: (typeof ALL_GRAPHS)[number]): number =>
    (graphs[name]?.bytes ?? 0) + (graphs[name]?.data?.bytes ?? 0);
  const kept = ALL_GRAPHS.filter((name) => staysLoaded(name, plan)).reduce((sum, name) => sum + sizeOf(name), 0);
  const others = ALL_GRAPHS.filter((name) => !staysLoaded(name, plan)).map(sizeOf);
  return kept + Math.max(0, ...others);
}

/**
 * Refuses a bundle whose weights alone are more than the process may hold, before they are read.
 * @throws LikenessError `memory-too-small`, in MiB.
 */
export function checkMemory(manifest: Pick<Manifest, 'graphs'>, plan: MemoryPlan, limitBytes: number): void {
  const needed = weightBytes(manifest, plan);
  if (needed <= limitBytes) return;
  const mebibytes = (bytes: number): number => Math.ceil(bytes / MEBIBYTE);
  throw new LikenessError('memory-too-small', { needed: mebibytes(needed), limit: mebibytes(limitBytes) });
}
