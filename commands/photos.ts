import { cleanLine, cleanText } from '../src/chat/clean-text.js';
import type { PhotoLimits } from '../src/chat/command-definition.js';
import type { Attachment, Invocation } from '../src/chat/invocation.js';
import { canBeTaken, sortFiles } from '../src/chat/photo-files.js';
import { LikenessError, ofPhoto } from '../src/errors.js';
import type { JobDraft } from '../src/jobs/job.js';
import type { CommandServices } from './command.js';

/** How many photos of a person an album is made from. */
export const PHOTOS: PhotoLimits = { min: 1, max: 4 };

/** Files beside photos that are named, and the longest name shown, in characters. */
const MAX_NAMED = 4;
const MAX_NAME = 40;

/** @throws LikenessError `no-photo`, `too-many-photos`. */
export function checkPhotoCount(attachments: readonly Attachment[]): void {
  const given = sortFiles(attachments).photos.length;
  if (given < PHOTOS.min) throw new LikenessError('no-photo');
  if (given > PHOTOS.max) throw new LikenessError('too-many-photos', { given, limit: PHOTOS.max });
}

/** Reads the photos one after the other; when one is refused, those before it are wiped. What is no photo is named. */
export async function keepPhotos(
  { attachments, member }: Pick<Invocation, 'attachments' | 'member'>,
  { photos }: Pick<CommandServices, 'photos'>,
): Promise<Pick<JobDraft, 'photos' | 'otherFiles'>> {
  const files = sortFiles(attachments);
  const kept: string[] = [];
  try {
    for (const photo of files.photos) kept.push(await photos.keep(photo, `${member.platform}:${member.id}`));
  } catch (error) {
    await photos.wipe(kept);
    // That too many were refused is about none of them, and of files that are no photos none is one.
    const aboutAll = error instanceof LikenessError && error.code === 'limit-photos';
    const named = !aboutAll && canBeTaken(attachments, PHOTOS);
    throw named ? ofPhoto(error, { index: kept.length, count: files.photos.length }) : error;
  }
  return { photos: kept, ...(files.others.length > 0 && { otherFiles: namesOf(files.others) }) };
}

/** What files are called, as it is shown to their sender. */
function namesOf(files: readonly Attachment[]): string[] {
  const names = files.slice(0, MAX_NAMED).map(({ name, type }) => {
    const letters = [...cleanLine(cleanText(name || type))];
    return letters.length > MAX_NAME ? `${letters.slice(0, MAX_NAME - 1).join('')}…` : letters.join('');
  });
  return files.length > MAX_NAMED ? [...names, '…'] : names;
}
