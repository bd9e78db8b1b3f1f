import { readFileSync } from 'node:fs';

/** Bytes of a header; what a file holds is filled up to a multiple of it. */
const BLOCK = 512;
/** Where a header says the name and, in octal digits, the size: first byte and the one after the last. */
const [NAME, SIZE] = [
  [0, 100],
  [124, 136],
] as const;

/**
 * Reads files out of a tar archive by their names, which are short and plain.
 * @throws Error where one of them is not there.
 */
export function readFromTar(archive: string, names: readonly string[]): Map<string, Uint8Array> {
  const bytes = readFileSync(archive);
  const wanted = new Set(names);
  const found = new Map<string, Uint8Array>();
  const text = (at: number, [from, to]: readonly [number, number]): string =>
    bytes.toString('latin1', at + from, at + to).replace(/\0.*$/s, '');
  // An archive ends with empty blocks.
  for (let at = 0; at + BLOCK <= bytes.length && bytes[at] !== 0;) {
    const [name, size] = [text(at, NAME), Number.parseInt(text(at, SIZE), 8)];
    if (!Number.isInteger(size)) throw new Error(`${archive} is not a tar archive`);
    const start = at + BLOCK;
    if (wanted.delete(name)) found.set(name, bytes.subarray(start, start + size));
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  const [missing] = wanted;
  if (missing !== undefined) throw new Error(`${archive} has no ${missing}`);
  return found;
}
