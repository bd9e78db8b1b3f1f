import { join } from 'node:path';
import type { ShownPerson } from './people.js';
import { type Cell, type Sheet, writeSheet } from './sheet.js';
import type { Studio } from './studio.js';

/** A sheet of the documents before its pictures are taken. */
interface Plan extends Omit<Sheet, 'cells' | 'columns'> {
  /** How many of the cast it shows, and words and label of each picture of theirs. */
  readonly people: number;
  readonly words: readonly (readonly [words: string, label: string])[];
  readonly seed: number;
}

const FOLDER = 'docs/pictures';
const SEED = 6;
const KB = 1000;
/** More styles than these are shown smaller. */
const MANY_STYLES = 15;

/** The sheets that show each of several people in a row. */
const PLANS = {
  strip: {
    people: 3,
    words: [
      ['looking at the camera', 'plain'],
      ['smiling', 'smiling'],
      ['looking left', 'looking left'],
      ['pencil sketch', 'pencil sketch'],
      ['oil painting, looking right', 'oil painting'],
    ],
    side: 240,
    most: 150 * KB,
    seed: 3,
  },
  angles: {
    people: 2,
    words: ['looking left', 'looking right', 'looking up', 'looking down', 'head tilted left', 'head tilted right'].map(
      (words) => [words, words] as const,
    ),
    side: 208,
    most: 300 * KB,
    seed: SEED,
  },
  expressions: {
    people: 3,
    words: ['neutral', 'smiling', 'laughing', 'surprised', 'sad'].map((words) => [words, words] as const),
    side: 240,
    most: 300 * KB,
    seed: SEED,
  },
  scenes: {
    people: 3,
    words: [
      ['on the beach, sunglasses', 'beach, sunglasses'],
      ['red wizard hat, in a library', 'red wizard hat, library'],
      ['crown, at sunset', 'crown, sunset'],
      ['santa hat, in the snow, smiling', 'santa hat, snow'],
      ['headphones, city at night, neon light', 'headphones, neon light'],
      ['flower crown, cherry blossom, watercolour', 'flowers, watercolour'],
    ],
    side: 208,
    most: 300 * KB,
    seed: SEED,
  },
} as const satisfies Record<string, Plan>;

/** Names of the sheets in the documents. */
export const DOCUMENT_SHEETS = ['strip', 'angles', 'expressions', 'scenes', 'styles'] as const;

/** Makes one of the sheets that README, model card and documents show. */
export async function makeDocumentSheet(
  studio: Studio,
  cast: readonly ShownPerson[],
  name: (typeof DOCUMENT_SHEETS)[number],
): Promise<void> {
  const path = join(FOLDER, `${name}.webp`);
  return writeSheet(path, await (name === 'styles' ? styles(studio, cast) : rows(studio, cast, PLANS[name])));
}

async function rows(studio: Studio, cast: readonly ShownPerson[], plan: Plan): Promise<Sheet> {
  const cells: Cell[] = [];
  const shown = cast.slice(0, plan.people);
  for (const person of shown) {
    const isLast = person === shown.at(-1);
    for (const [words, label] of plan.words) {
      const { image } = await studio.take({ person, words, seed: plan.seed });
      cells.push({ image, label: isLast ? label : undefined });
    }
  }
  return { ...plan, cells, columns: plan.words.length };
}

/** Every style of the bundle but the photograph, by turns of two people. */
async function styles(studio: Studio, cast: readonly ShownPerson[]): Promise<Sheet> {
  const cells: Cell[] = [];
  const names = Object.entries(studio.manifest.vocabulary.styles).filter(([name]) => name !== 'photo');
  for (const [index, [name, [words = name]]] of names.entries()) {
    const person = cast[index % 2];
    if (!person) throw new RangeError('Expected at least two people');
    const { image } = await studio.take({ person, words, seed: SEED });
    cells.push({ image, label: name });
  }
  return {
    cells,
    ...(cells.length > MANY_STYLES ? { columns: 6, side: 200 } : { columns: 5, side: 240 }),
    most: 300 * KB,
  };
}
