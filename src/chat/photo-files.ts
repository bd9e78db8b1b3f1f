import type { PhotoLimits } from './command-definition.js';
import type { Attachment } from './invocation.js';

/** Files that came with a request, sorted by the types that their senders claim. */
export interface SortedFiles<File> {
  /** Those that may be photos; where there is none, all of them: each is then refused as what it is. */
  readonly photos: readonly File[];
  /** Those beside photos that are something else. */
  readonly others: readonly File[];
}

/** Sorts photos from what was sent with them; of a file without a type nothing is known, and it may be one. */
export function sortFiles<File extends Pick<Attachment, 'type'>>(files: readonly File[]): SortedFiles<File> {
  const photos = files.filter(mayBePhoto);
  if (photos.length === 0) return { photos: files, others: [] };
  return { photos, others: files.filter((file) => !mayBePhoto(file)) };
}

/** Whether files can be what a command takes, as far as their number and types say: of others nothing need be asked. */
export function canBeTaken(files: readonly Pick<Attachment, 'type'>[], { min, max }: PhotoLimits): boolean {
  const count = files.filter(mayBePhoto).length;
  return count >= min && count <= max;
}

function mayBePhoto({ type }: Pick<Attachment, 'type'>): boolean {
  return /^(?:image\/.*|application\/octet-stream|)$/.test(type);
}
