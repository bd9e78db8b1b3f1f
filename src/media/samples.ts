import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Presets } from '../chat/presets.js';
import { SAMPLED_KINDS, type SampleSheet, type Samples } from '../chat/samples.js';

/** What lies beside the sheets: which presets each shows, in order, and how many stand in a row. */
const index = z.object({
  columns: z.number().int().min(1),
  sheets: z.partialRecord(z.enum(SAMPLED_KINDS), z.array(z.string())),
});

/** What `samplesIn` reads and `npm run sheets` writes. */
export type SampleIndex = z.infer<typeof index>;

/** The folder of a bundle that holds its samples. */
export function samplesFolder(bundle: string): string {
  return join(bundle, 'samples');
}

/** Where there is no bundle to look into. */
export const NO_SAMPLES: Samples = { sheets: async () => [] };

/** Where a bundle lies, and what is called, once, when its samples cannot be read. */
export interface SamplesOptions {
  readonly bundle: string;
  readonly onUnreadable: (error: unknown) => void;
}

/** The samples of a bundle. What shows other presets than the bundle has today, or cannot be read, counts as missing. */
export function samplesIn({ bundle, onUnreadable }: SamplesOptions, presets: Presets): Samples {
  const folder = samplesFolder(bundle);
  const read = async (): Promise<SampleSheet[]> => {
    const { columns, sheets } = index.parse(JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')));
    const current = SAMPLED_KINDS.filter(
      (kind) => presets[kind].length > 0 && sheets[kind]?.join() === presets[kind].map(({ name }) => name).join(),
    );
    return Promise.all(
      current.map(async (kind) => ({ kind, columns, jpeg: await readFile(join(folder, `${kind}.jpg`)) })),
    );
  };
  const readOnce = async (): Promise<SampleSheet[]> => {
    try {
      return await read();
    } catch (error) {
      if (!isMissing(error)) onUnreadable(error);
      return [];
    }
  };
  let known: Promise<SampleSheet[]> | undefined;
  return { sheets: () => (known ??= readOnce()) };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
