import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LikenessError } from '../../errors.js';

/** A person to portray: the first photo is the input, the second, where there is one, is only compared with. */
export interface EvaluatedPerson {
  readonly name: string;
  /** Paths of one photo or more, sorted by name. */
  readonly photos: readonly [string, ...string[]];
  /** What groups the person belongs to, by kind: `{ gender: 'female', age: 'old', set: 'lfw' }`. */
  readonly groups: Groups;
}

/** A person's group of each kind. */
export type Groups = Readonly<Record<string, string>>;

/** The file in a folder of people that says who belongs to which groups. */
const GROUPS_FILE = 'groups.json';
const groupsSchema = z.record(z.string(), z.record(z.string(), z.string()));

const photoName = /\.(jpe?g|png|webp)$/i;

/**
 * Reads a folder `person/photo.jpg`, people sorted by name; their groups from its `groups.json`, if it has one:
 * `{ "person": { "kind": "group" } }`.
 * @param limit how many people at most, taken evenly over the sorted names
 * @throws LikenessError `people-missing` where no person with a photo is found, `file-unreadable` for a `groups.json` that is not one
 */
export async function listPeople(folder: string, limit: number | undefined): Promise<EvaluatedPerson[]> {
  const names = await foldersIn(folder);
  const groups = await readGroups(join(folder, GROUPS_FILE));
  const found = await Promise.all(names.map((name) => readPhotos(join(folder, name))));
  const people = found.flatMap(([first, ...others], index) => {
    const name = names[index] ?? '';
    return first === undefined ? [] : [{ name, photos: [first, ...others] as const, groups: groups[name] ?? {} }];
  });
  if (people.length === 0) throw new LikenessError('people-missing', { path: folder });
  if (limit === undefined || limit >= people.length) return people;
  const step = people.length / limit;
  return Array.from({ length: limit }, (_, index) => people[Math.floor(index * step)]).filter(
    (one) => one !== undefined,
  );
}

async function foldersIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    return names.sort();
  } catch (cause) {
    throw new LikenessError('people-missing', { path: folder }, { cause });
  }
}

async function readPhotos(folder: string): Promise<string[]> {
  const files = (await readdir(folder)).filter((file) => photoName.test(file)).sort();
  return files.map((file) => join(folder, file));
}

async function readGroups(file: string): Promise<Readonly<Record<string, Groups>>> {
  try {
    return groupsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return {};
    throw new LikenessError('file-unreadable', { file }, { cause });
  }
}
