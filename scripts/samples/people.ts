import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readFromTar } from './tar.js';

/** Somebody whom the program may be shown with. */
export interface ShownPerson {
  readonly file: string;
  /** What the prompt calls them. */
  readonly classWord: 'woman' | 'man';
  /** An encoded picture of them, which is shown nowhere itself. */
  readonly photo: Uint8Array;
}

/**
 * Nobody's faces, CC0. The first five are of the people kept apart for validation, whom no training has seen.
 * The first three stand in the README.
 */
const CAST: readonly Omit<ShownPerson, 'photo'>[] = [
  { file: '10225.webp', classWord: 'woman' },
  { file: '07980.webp', classWord: 'man' },
  { file: '00357.webp', classWord: 'man' },
  { file: '04349.webp', classWord: 'woman' },
  { file: '06375.webp', classWord: 'man' },
  { file: '09118.webp', classWord: 'woman' },
  { file: '08609.webp', classWord: 'woman' },
  { file: '10654.webp', classWord: 'man' },
];

const row = z.object({ file: z.string(), shard: z.string(), show: z.boolean() });

/**
 * Reads the people of the sheets out of a folder of portraits: `portraits.jsonl` and the archives beside it.
 * @throws Error where one of them is missing or may not be shown.
 */
export function readCast(folder: string): ShownPerson[] {
  const lines = readFileSync(join(folder, 'portraits.jsonl'), 'utf8').trim().split('\n');
  const cast = new Set(CAST.map(({ file }) => file));
  const rows = lines.map((line) => row.parse(JSON.parse(line))).filter(({ file }) => cast.has(file));
  return CAST.map((person) => {
    const found = rows.find(({ file }) => file === person.file);
    if (!found?.show) throw new Error(`${person.file} is not among the portraits that may be shown`);
    const photo = readFromTar(join(folder, found.shard), [person.file]).get(person.file);
    if (!photo) throw new Error(`${found.shard} has no ${person.file}`);
    return { ...person, photo };
  });
}
