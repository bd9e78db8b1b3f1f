import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LikenessError } from '../../../pipeline/errors.js';

/** A person to portray: the first photo is the input, the second, where there is one, is only compared with. */
export interface Person {
  readonly name: string;
  /** Paths of one photo or more, sorted by name. */
  readonly photos: readonly [string, ...string[]];
}

const photoName = /\.(jpe?g|png|webp)$/i;

/**
 * Reads a folder `person/photo.jpg`, people sorted by name.
 * @param limit how many people at most, taken evenly over the sorted names
 * @throws LikenessError `people-missing` where no person with a photo is found
 */
export async function listPeople(folder: string, limit: number | undefined): Promise<Person[]> {
  const people = (await Promise.all((await foldersIn(folder)).map((name) => readPerson(folder, name)))).flat();
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

async function readPerson(folder: string, name: string): Promise<Person[]> {
  const files = (await readdir(join(folder, name))).filter((file) => photoName.test(file)).sort();
  const [first, ...others] = files.map((file) => join(folder, name, file));
  return first === undefined ? [] : [{ name, photos: [first, ...others] }];
}
