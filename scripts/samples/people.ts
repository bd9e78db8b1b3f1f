import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readFromTar } from './tar.js';

/** Somebody portraits are made of. */
export interface StudioPerson {
  readonly file: string;
  /** What the prompt calls them. */
  readonly classWord: 'woman' | 'man' | 'person';
  /** An encoded picture of them, which is shown nowhere itself. */
  readonly photo: Uint8Array;
}

/** Somebody whom the program may be shown with. */
export interface ShownPerson extends StudioPerson {
  readonly classWord: 'woman' | 'man';
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

const row = z.object({
  file: z.string(),
  shard: z.string(),
  set: z.string(),
  split: z.string(),
  show: z.boolean(),
});

/** Photographs, and frames of clips, as members might send them. */
const PHOTOGRAPHS = [
  'ffhq1024_dina',
  'celebahq512',
  'unsplash300_hard',
  'mebeauty',
  'talk_frames',
  'lfw',
  'aaf',
  'fr_senat',
];

/** Reads the first photographs that no training has seen: of people who may be shown nowhere. */
export function readPhotographs(folder: string, count: number): StudioPerson[] {
  const lines = readFileSync(join(folder, 'portraits.jsonl'), 'utf8').trim().split('\n');
  const isWanted = ({ set, split }: z.infer<typeof row>): boolean => split === 'val' && PHOTOGRAPHS.includes(set);
  const rows = lines
    .map((line) => row.parse(JSON.parse(line)))
    .filter(isWanted)
    .slice(0, count);
  const photos = new Map(
    [...new Set(rows.map(({ shard }) => shard))].flatMap((shard) => {
      const names = rows.filter((each) => each.shard === shard).map(({ file }) => file);
      return [...readFromTar(join(folder, shard), names)];
    }),
  );
  return rows.map(({ file }) => ({ file, classWord: 'person', photo: photos.get(file) ?? new Uint8Array() }));
}

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
