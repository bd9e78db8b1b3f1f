import type { PhotoLimits } from '../src/chat/command-definition.js';
import type { Invocation } from '../src/chat/invocation.js';
import { LikenessError } from '../src/errors.js';
import type { CommandServices } from './command.js';

/** How many photos of a person an album is made from. */
export const PHOTOS: PhotoLimits = { min: 1, max: 4 };

/** @throws LikenessError `no-photo`, `too-many-photos`. */
export function checkPhotoCount(given: number): void {
  if (given < PHOTOS.min) throw new LikenessError('no-photo');
  if (given > PHOTOS.max) throw new LikenessError('too-many-photos', { given, limit: PHOTOS.max });
}

/** Reads the photos one after the other; when one is refused, those before it are wiped. */
export async function keepPhotos(
  { attachments, member }: Pick<Invocation, 'attachments' | 'member'>,
  { photos }: Pick<CommandServices, 'photos'>,
): Promise<string[]> {
  const kept: string[] = [];
  try {
    for (const attachment of attachments) kept.push(await photos.keep(attachment, `${member.platform}:${member.id}`));
    return kept;
  } catch (error) {
    await photos.wipe(kept);
    throw error;
  }
}
