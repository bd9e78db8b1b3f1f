import { LikenessError } from '../../pipeline/errors.js';

/**
 * Reads a download to its end, unless it grows beyond `maxBytes`.
 * @throws LikenessError `file-too-large`.
 */
export async function readCapped(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    checkSize(size, maxBytes);
    chunks.push(chunk);
  }
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
    chunk.fill(0);
  }
  return whole;
}

/** @throws LikenessError `file-too-large`, when a declared or counted size is beyond the limit. */
export function checkSize(bytes: number, maxBytes: number): void {
  if (bytes <= maxBytes) return;
  const megabytes = (size: number): number => Math.ceil((size / 1024 / 1024) * 10) / 10;
  throw new LikenessError('file-too-large', { megabytes: megabytes(bytes), limit: megabytes(maxBytes) });
}
