/**
 * Makes the pictures of `docs/community.md`: `tsx scripts/make-community-pictures.ts [BUNDLE]`. The program itself holds
 * an event in its web chat, and the pictures are what it shows (install a font of emoji). Everybody in them is the model's own invention.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { openPortraitMaker } from '../pipeline/portrait.js';
import { markGenerated } from '../src/media/album.js';
import { holdEvent } from './samples/hold-event.js';
import { inventCrowd } from './samples/invent.js';

const FOLDER = 'docs/community';
/** Bytes that all pictures together may have. */
const MOST = 80_000;
const NAMES = ['Alex', 'Kim', 'Robin', 'Sam', 'Noor'];
/** One person each; those who are the least alike take part. */
const SEEDS = [2, 20, 30, 40, 50, 60, 70, 80];

const bundle = process.argv[2] ?? 'models/tiny';
const threads = Number(process.env['OMP_NUM_THREADS'] ?? 2);
const maker = await openPortraitMaker(bundle, { threads });
const crowd = await inventCrowd(maker, SEEDS, NAMES.length);
await maker.close();
const members = crowd.map(({ photo }, index) => ({ photo, name: NAMES[index] ?? '' }));
const pictures = await holdEvent({ bundle, threads, members });

mkdirSync(FOLDER, { recursive: true });
let total = 0;
for (const [name, { bytes, width }] of Object.entries(pictures)) {
  const webp = await markGenerated(sharp(bytes).resize({ width, withoutEnlargement: true }))
    .webp({ quality: 62 })
    .toBuffer();
  writeFileSync(join(FOLDER, `${name}.webp`), webp);
  total += webp.length;
  process.stdout.write(`${name}: ${webp.length} bytes\n`);
}
if (total > MOST) throw new Error(`${total} bytes in all; expected at most ${MOST}`);
