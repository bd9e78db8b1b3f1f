import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ShownPerson } from './people.js';
import { type Cell, writeSheet } from './sheet.js';
import type { Studio } from './studio.js';

/** What everyone of the cast is asked for. */
const PROMPTS = [
  'looking at the camera',
  'smiling',
  'smiling, looking left',
  'looking right',
  'surprised',
  'sad, looking down',
  'looking up',
  'smiling, head tilted left',
  'neutral, close-up',
  'pencil sketch, smiling',
  'oil painting, looking left',
  'head and shoulders, looking right, watercolour',
];
const FIRST_SEED = 100;
const MANY_BYTES = 20_000_000;

/**
 * Makes the pictures that defects are counted in, into a folder: `all.webp`, one row a person; `NN.webp` of each, larger;
 * `scores.json`, what was measured. Every picture has a seed of its own.
 */
export async function makeJudgeSheets(studio: Studio, cast: readonly ShownPerson[], folder: string): Promise<void> {
  const all: Cell[] = [];
  const scores: Record<string, unknown>[] = [];
  for (const [row, person] of cast.entries()) {
    const cells: Cell[] = [];
    for (const [column, words] of PROMPTS.entries()) {
      const seed = FIRST_SEED + row * PROMPTS.length + column;
      const { image, scores: measured } = await studio.take({ person, words, seed });
      cells.push({ image, label: words });
      const { identity, yaw, pitch, expression, doubt } = measured;
      scores.push({ row, column, file: person.file, words, seed, identity, yaw, pitch, expression, doubt });
    }
    all.push(...cells.map(({ image, label }) => ({ image, label: row === cast.length - 1 ? label : undefined })));
    const name = `${String(row).padStart(2, '0')}.webp`;
    await writeSheet(join(folder, name), { cells, columns: 4, side: 400, most: MANY_BYTES });
  }
  await writeSheet(join(folder, 'all.webp'), { cells: all, columns: PROMPTS.length, side: 256, most: MANY_BYTES });
  writeFileSync(join(folder, 'scores.json'), `${JSON.stringify(scores, undefined, 1)}\n`);
}
