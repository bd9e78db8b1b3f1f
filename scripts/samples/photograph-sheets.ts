import { join } from 'node:path';
import { decodeImage } from '../../pipeline/image.js';
import { LikenessError } from '../../pipeline/errors.js';
import type { StudioPerson } from './people.js';
import { type Cell, writeSheet } from './sheet.js';
import type { Studio } from './studio.js';

/** What everyone is asked for: nothing, an open mouth, a closed one. */
const PROMPTS = ['photo', 'smiling, looking left', 'neutral, looking right'];
const PEOPLE_ON_A_SHEET = 8;
const FIRST_SEED = 11;
const MANY_BYTES = 20_000_000;

/**
 * Makes sheets of photographs as members take them, with bad light, hats, hands and crowds: the photo and its portraits, a row
 * each, or why there is none. They are looked at on this machine and shown to nobody.
 */
export async function makePhotographSheets(
  studio: Studio,
  people: readonly StudioPerson[],
  folder: string,
): Promise<void> {
  for (let first = 0; first < people.length; first += PEOPLE_ON_A_SHEET) {
    const cells: Cell[] = [];
    for (const [row, person] of people.slice(first, first + PEOPLE_ON_A_SHEET).entries()) {
      const photo = await decodeImage(person.photo);
      cells.push({ image: photo, label: person.file });
      for (const words of PROMPTS) {
        const wish = { person, words, seed: FIRST_SEED + first + row };
        const portrait = await studio.take(wish).catch((error: unknown) => {
          if (error instanceof LikenessError) return error.code;
          throw error;
        });
        cells.push(
          typeof portrait === 'string' ? { image: photo, label: portrait } : { image: portrait.image, label: words },
        );
      }
    }
    const name = `${String(first / PEOPLE_ON_A_SHEET).padStart(2, '0')}.webp`;
    await writeSheet(join(folder, name), { cells, columns: PROMPTS.length + 1, side: 300, most: MANY_BYTES });
  }
}
