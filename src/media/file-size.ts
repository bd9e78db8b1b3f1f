import { LikenessError } from '../errors.js';

/** Refuses a file by its size alone, declared or counted. @throws LikenessError `file-too-large`. */
export function checkFileSize(bytes: number, maxBytes: number): void {
  if (bytes <= maxBytes) return;
  const megabytes = (size: number): number => Math.ceil((size / 1024 / 1024) * 10) / 10;
  throw new LikenessError('file-too-large', { megabytes: megabytes(bytes), limit: megabytes(maxBytes) });
}
