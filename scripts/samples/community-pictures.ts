import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { markGenerated } from '../../src/media/album.js';
import { holdEvent } from './hold-event.js';
import type { ShownPerson } from './people.js';

const FOLDER = 'docs/community';
/** Bytes that all pictures together may have. */
const MOST = 80_000;
const NAMES = ['Alex', 'Kim', 'Robin', 'Sam', 'Noor'];

/** How the event is held. */
interface Options {
  readonly bundle: string;
  readonly threads: number;
}

/** Makes the pictures of `docs/community.md`: the program holds an event in its web chat, seen in Chromium. */
export async function makeCommunityPictures(cast: readonly ShownPerson[], options: Options): Promise<void> {
  const members = NAMES.flatMap((name, index) => {
    const photo = cast[index]?.photo;
    return photo ? [{ name, photo }] : [];
  });
  const pictures = await holdEvent({ ...options, members });
  mkdirSync(FOLDER, { recursive: true });
  let total = 0;
  for (const [name, { bytes, width }] of Object.entries(pictures)) {
    const picture = sharp(bytes).resize({ width, withoutEnlargement: true });
    const webp = await markGenerated(picture).webp({ quality: 62 }).toBuffer();
    writeFileSync(join(FOLDER, `${name}.webp`), webp);
    total += webp.length;
    process.stdout.write(`${name}: ${webp.length} bytes\n`);
  }
  if (total > MOST) throw new RangeError(`${total} bytes in all; expected at most ${MOST}`);
}
