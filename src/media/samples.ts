import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Presets } from '../chat/presets.js';
import { SAMPLED_KINDS, type SampledKind, type Samples } from '../chat/samples.js';
import { cutContactSheet } from './contact-sheet.js';
import { drawLabelledSheet, drawLabelledSheets, type SheetCell } from './labelled-sheet.js';

/** What lies beside the sheets: which presets each shows, in order, and how many stand in a row. */
const index = z.object({
  columns: z.number().int().min(1),
  sheets: z.partialRecord(z.enum(SAMPLED_KINDS), z.array(z.string())),
});

/** What `samplesIn` reads and `npm run sheets` writes. */
export type SampleIndex = z.infer<typeof index>;

/** Drawings that are kept: the languages of those who asked last. */
const KEPT_LISTS = 24;

/** The folder of a bundle that holds its samples. */
export function samplesFolder(bundle: string): string {
  return join(bundle, 'samples');
}

/** Where there is no bundle to look into. */
export const NO_SAMPLES: Samples = {
  pictured: async () => [],
  tile: async () => undefined,
  sheets: async () => [],
  sheet: async () => undefined,
};

/** Where a bundle lies, and what is called, once, when its samples cannot be read. */
export interface SamplesOptions {
  readonly bundle: string;
  readonly onUnreadable: (error: unknown) => void;
}

/** The pictures of one list, by the names of their presets. */
type Tiles = ReadonlyMap<string, Uint8Array>;

/** The samples of a bundle. A list that shows a preset the bundle has not got, or cannot be read, counts as missing. */
export function samplesIn({ bundle, onUnreadable }: SamplesOptions, presets: Presets): Samples {
  const folder = samplesFolder(bundle);
  const read = async (): Promise<ReadonlyMap<SampledKind, Tiles>> => {
    const { columns, sheets } = index.parse(JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')));
    const lists = new Map<SampledKind, Tiles>();
    for (const kind of SAMPLED_KINDS) {
      const names = sheets[kind] ?? [];
      const known = new Set(presets[kind].map(({ name }) => name));
      if (names.length === 0 || !names.every((name) => known.has(name))) continue;
      const cells = await cutContactSheet(await readFile(join(folder, `${kind}.jpg`)), columns, names.length);
      const tiles = new Map(names.map((name, place) => [name, cells[place] ?? new Uint8Array()]));
      // In the order in which they are offered.
      const offered = presets[kind].flatMap(({ name }) => [...tiles].filter(([tile]) => tile === name));
      lists.set(kind, new Map(offered));
    }
    return lists;
  };
  const readOnce = async (): Promise<ReadonlyMap<SampledKind, Tiles>> => {
    try {
      return await read();
    } catch (error) {
      if (!isMissing(error)) onUnreadable(error);
      return new Map();
    }
  };
  let known: Promise<ReadonlyMap<SampledKind, Tiles>> | undefined;
  const tilesOf = async (kind: SampledKind): Promise<Tiles> => (await (known ??= readOnce())).get(kind) ?? new Map();
  const drawn = new Map<string, Promise<readonly Uint8Array[]>>();
  const cellsOf = async (kind: SampledKind, labelOf: (name: string) => string): Promise<SheetCell[]> =>
    [...(await tilesOf(kind))].map(([name, picture]) => ({ picture, label: labelOf(name) }));
  /** Draws what was not drawn lately. */
  const drawOnce = (
    what: readonly unknown[],
    draw: () => Promise<readonly Uint8Array[]>,
  ): Promise<readonly Uint8Array[]> => {
    const key = JSON.stringify(what);
    const sheets = drawn.get(key) ?? draw();
    drawn.delete(key);
    drawn.set(key, sheets);
    const [oldest] = drawn.keys();
    if (drawn.size > KEPT_LISTS && oldest !== undefined) drawn.delete(oldest);
    return sheets;
  };
  return {
    pictured: async (kind) => [...(await tilesOf(kind)).keys()],
    tile: async (kind, name) => (await tilesOf(kind)).get(name),
    async sheets(kind, labelOf) {
      const cells = await cellsOf(kind, labelOf);
      return drawOnce([kind, 'all', cells.map(({ label }) => label)], () => drawLabelledSheets(cells));
    },
    async sheet(kind, labelOf, count) {
      const cells = (await cellsOf(kind, labelOf)).slice(0, count);
      if (cells.length === 0) return undefined;
      const [sheet] = await drawOnce([kind, 'one', cells.map(({ label }) => label)], async () => [
        await drawLabelledSheet(cells),
      ]);
      return sheet;
    },
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
