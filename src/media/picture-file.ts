import type { AlbumPicture, PictureFile } from '../chat/picture.js';

type Encode = (held: Uint8Array) => Promise<Uint8Array>;

const asItIs: Encode = async (bytes) => bytes;

/** A file that is made of the held bytes when it is first read, and from then on is what is held. */
export function laterFile(bytes: Uint8Array, encode: Encode): PictureFile {
  let [held, encodeHeld] = [bytes, encode];
  let made: Promise<Uint8Array> | undefined;
  const make = async (): Promise<Uint8Array> => {
    held = await encodeHeld(held);
    encodeHeld = asItIs;
    return held;
  };
  return {
    get size() {
      return held.length;
    },
    read: () => (made ??= make()),
    copy: () => laterFile(Uint8Array.from(held), encodeHeld),
    wipe() {
      held.fill(0);
      made?.then(
        (file) => void file.fill(0),
        () => undefined,
      );
    },
  };
}

/** A file that is there already. */
export function readyFile(bytes: Uint8Array): PictureFile {
  return laterFile(bytes, asItIs);
}

/** Makes the files of pictures that are kept for a while, because they are smaller; whoever reads one is told of failures. */
export function compact(pictures: readonly Pick<AlbumPicture, 'file'>[]): void {
  for (const { file } of pictures) file.read().catch(() => undefined);
}
