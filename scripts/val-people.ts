/**
 * Writes the people who were kept apart from training, those with two photographs or more, as a folder for
 * `npm run evaluate`: `tsx scripts/val-people.ts PORTRAITS OUT`. PORTRAITS holds `portraits.jsonl` and its archives.
 * `groups.json` says of each the set, the labels of sex and age, and how light the skin is in the first photo.
 * The photos stay on the machine: OUT is not to be committed or shown.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { decodeImage } from '../pipeline/image.js';
import { lightnessOf } from '../src/cli/evaluate/lightness.js';
import { readFromTar } from './samples/tar.js';

const rowSchema = z.object({
  file: z.string(),
  shard: z.string(),
  set: z.string(),
  kind: z.string(),
  person: z.number(),
  split: z.string(),
  yaw: z.number(),
  iod: z.number(),
  points: z.array(z.tuple([z.number(), z.number()])).length(5),
  labels: z.object({ sex: z.string().optional() }),
});
type Row = z.infer<typeof rowSchema>;

/** The first photo shows the face from the front and large enough: what a member is asked for. */
const [MOST_YAW, LEAST_PUPILS] = [25, 40];
/** L* up to which skin counts as dark, and from which as light. */
const [DARK, LIGHT] = [50, 65];

const [portraits, out] = process.argv.slice(2);
if (portraits === undefined || out === undefined) throw new RangeError('Expected PORTRAITS OUT');
const lines = readFileSync(join(portraits, 'portraits.jsonl'), 'utf8').trim().split('\n');
// Rows in which no face was measured lack its fields.
const rows = lines
  .flatMap((line) => rowSchema.safeParse(JSON.parse(line)).data ?? [])
  .filter(({ kind, split }) => kind === 'id' && split === 'val');
const people = [...grouped(rows, ({ set, person }) => `${set}-${person}`)].flatMap(([name, photos]) => {
  const first = photos.find(({ yaw, iod }) => Math.abs(yaw) < MOST_YAW && iod >= LEAST_PUPILS);
  const others = photos.filter((row) => row !== first);
  return first && others.length > 0 ? [{ name, photos: [first, ...others] }] : [];
});
const files = filesOf(people.flatMap(({ photos }) => photos));
const groups: Record<string, Record<string, string>> = {};
for (const { name, photos } of people) {
  const folder = join(out, name);
  mkdirSync(folder, { recursive: true });
  for (const [index, { file }] of photos.entries()) {
    writeFileSync(join(folder, `${String(index + 1).padStart(3, '0')}.webp`), files.get(file) ?? '');
  }
  const [first] = photos;
  if (first) groups[name] = await groupsOf(first);
}
writeFileSync(join(out, 'groups.json'), `${JSON.stringify(groups, undefined, 1)}\n`);
process.stdout.write(`${out}: ${people.length} people, ${files.size} photos\n`);

function grouped(from: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const sorted = new Map<string, Row[]>();
  for (const row of from) sorted.set(keyOf(row), [...(sorted.get(keyOf(row)) ?? []), row]);
  return sorted;
}

function filesOf(wanted: readonly Row[]): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  for (const [shard, of] of grouped(wanted, (row) => row.shard)) {
    const names = of.map(({ file }) => file);
    for (const [name, bytes] of readFromTar(join(portraits ?? '', shard), names)) found.set(name, bytes);
  }
  return found;
}

async function groupsOf({ file, set, points, labels }: Row): Promise<Record<string, string>> {
  const lightness = lightnessOf(await decodeImage(files.get(file) ?? new Uint8Array()), { points });
  const skin = lightness < DARK ? 'dark' : lightness < LIGHT ? 'medium' : 'light';
  return { set, skin, ...(labels.sex !== undefined && { sex: labels.sex }) };
}
