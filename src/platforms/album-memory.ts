import type { AlbumPicture } from '../chat/picture.js';
import { createExpiringMap, type ExpiringMap } from './expiring-map.js';

/** Milliseconds the full-quality pictures of an album are kept for what is done with them later. */
const ALBUM_LIFE = 30 * 60_000;
/** Bytes of such pictures kept at most. */
const MAX_ALBUM_BYTES = 128 * 1024 * 1024;

/** The pictures of albums that a bot sent lately, in memory. */
export type AlbumMemory = ExpiringMap<readonly AlbumPicture[]>;

export function createAlbumMemory(now: () => number): AlbumMemory {
  return createExpiringMap({ life: ALBUM_LIFE, now, limit: MAX_ALBUM_BYTES, weight: sizeOf, wipe: wipePictures });
}

/** Copies of pictures, which whoever keeps them may wipe. */
export function copyPictures(pictures: readonly AlbumPicture[]): AlbumPicture[] {
  return pictures.map((picture) => ({
    ...picture,
    preview: Uint8Array.from(picture.preview),
    file: picture.file.copy(),
  }));
}

function sizeOf(pictures: readonly AlbumPicture[]): number {
  return pictures.reduce((sum, { preview, file }) => sum + preview.length + file.size, 0);
}

function wipePictures(pictures: readonly AlbumPicture[]): void {
  for (const { preview, file } of pictures) {
    preview.fill(0);
    file.wipe();
  }
}
