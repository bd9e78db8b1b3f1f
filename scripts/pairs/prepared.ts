import { openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { uniformNumbers } from '../../pipeline/diffusion/noise.js';
import { spanOf } from '../../pipeline/draft/skin.js';
import { lipGap } from '../../pipeline/draft/target.js';

/** What `likeness_training` prepared of the portraits: their rows, and arrays with a part for each of them. */
export interface Prepared {
  readonly rows: readonly PreparedRow[];
  /** The part of an array `NAME.npy` that belongs to a portrait; each has so many bytes. */
  array(name: string, bytes: number): (index: number) => Buffer;
  /** The face meshes of `NAME.npy`, one for each portrait. */
  meshes(name: string): (index: number) => Float64Array;
}

const rowsSchema = z.array(
  z.object({
    set: z.string(),
    /** A number that is unique within its set. */
    person: z.number(),
    split: z.string(),
    /** How sure the mesh is of a face, a logit, and which part of a frame the picture fills. */
    presence: z.number(),
    inside: z.number(),
  }),
);

/** A portrait as `likeness_training` describes it. */
export type PreparedRow = z.infer<typeof rowsSchema>[number];

const MESH_BYTES = 468 * 3 * 4;

export function openPrepared(work: string): Prepared {
  const array = (name: string, bytes: number): ((index: number) => Buffer) => {
    const file = openSync(join(work, name), 'r');
    const head = Buffer.alloc(12);
    readSync(file, head, 0, 12, 0);
    const start = 10 + head.readUInt16LE(8);
    return (index) => {
      const data = Buffer.alloc(bytes);
      readSync(file, data, 0, bytes, start + index * bytes);
      return data;
    };
  };
  return {
    rows: rowsSchema.parse(JSON.parse(readFileSync(join(work, 'rows.json'), 'utf8'))),
    array,
    meshes: (name) => {
      const stored = array(name, MESH_BYTES);
      return (index) => {
        const { buffer, byteOffset } = stored(index);
        return Float64Array.from(new Float32Array(buffer, byteOffset, 468 * 3));
      };
    },
  };
}

/** Portraits by person, of those that are given. */
export function byPerson(rows: readonly PreparedRow[], indices: readonly number[]): number[][] {
  const people = new Map<string, number[]>();
  for (const index of indices) {
    const { set, person } = rows[index] ?? { set: '', person: 0 };
    people.set(`${set} ${person}`, [...(people.get(`${set} ${person}`) ?? []), index]);
  }
  return [...people.values()];
}

/** The gap between the lips of a mesh against the distance of the outer corners of its eyes. */
export function gapOf(mesh: Float64Array): number {
  return lipGap(mesh, Math.max(1, spanOf(mesh)));
}

/** The gap from which a mouth is open. */
export const OPEN = 0.06;

/** Four random numbers at a time, 0..1. */
export type Random = () => readonly [number, number, number, number];

export function randomNumbers(seed: number): Random {
  let drawn = 0;
  return () => {
    drawn += 1;
    return uniformNumbers([drawn, 0, 0, 0], [seed, 1]);
  };
}

/** One of several by a random number. */
export function pick<T>(from: readonly T[], part: number): T {
  const value = from[Math.min(from.length - 1, Math.floor(part * from.length))];
  if (value === undefined) throw new RangeError('Expected something to pick from');
  return value;
}

/** Bytes of numbers, clamped to 0..255 and rounded. */
export function bytesOf(values: ArrayLike<number>, scale = 1): Buffer {
  const bytes = new Uint8ClampedArray(values.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = (values[at] ?? 0) * scale;
  return Buffer.from(bytes.buffer);
}

/** The rows of target and source as a pair begins with them. */
export function rowsHead(target: number, source: number): Buffer {
  const head = Buffer.alloc(8);
  head.writeInt32LE(target, 0);
  head.writeInt32LE(source, 4);
  return head;
}

/** Writes pairs to standard output until whoever reads has had enough. */
export async function writePairs(pair: () => Buffer | undefined): Promise<never> {
  process.stdout.on('error', () => process.exit(0));
  for (;;) {
    const bytes = pair();
    if (bytes && !process.stdout.write(bytes)) await new Promise((resolve) => process.stdout.once('drain', resolve));
  }
}
