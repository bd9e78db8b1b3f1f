import { deserialize, serialize } from 'node:v8';
import type { AlbumPicture } from '../../chat/picture.js';
import { readyFile } from '../../media/picture-file.js';
import type { Vault } from '../../vault/vault.js';
import type { MessageContent } from './conversation.js';

/** An album as the page shows it. */
export type AlbumContent = Extract<MessageContent, { readonly kind: 'album' }>;

/** One picture's part of a kept album: what is said of it, and its two encodings in the vault. */
interface PictureEntry {
  readonly described: Omit<AlbumPicture, 'preview' | 'file'>;
  readonly preview: string;
  readonly file: string;
}

/** What is said of a kept album, as one entry of the vault. */
interface AlbumEntry {
  readonly content: AlbumContent;
  /** By their place among those there were at first. */
  readonly pictures: ReadonlyMap<number, PictureEntry>;
}

/** Albums in a vault: their words, and each encoding of each picture, are entries of their own. */
export interface AlbumEntries {
  /** Keeps an album; answers the id of its entry. */
  save(content: AlbumContent, pictures: readonly AlbumPicture[]): Promise<string>;
  content(id: string): Promise<AlbumContent | undefined>;
  /** One picture, by its place among those there were at first. */
  picture(id: string, index: number): Promise<AlbumPicture | undefined>;
  /** The pictures that are left. */
  pictures(id: string): Promise<readonly AlbumPicture[]>;
  /** Deletes one picture; answers the id that the album has from then on, undefined where nothing is left of it. */
  removePicture(id: string, index: number): Promise<string | undefined>;
  wipe(id: string): Promise<void>;
}

export function createAlbumEntries(vault: Vault): AlbumEntries {
  const put = (entry: AlbumEntry): Promise<string> => vault.put(serialize(entry));
  const read = async (id: string): Promise<AlbumEntry | undefined> => {
    const bytes = await vault.get(id);
    if (!bytes) return undefined;
    const entry: AlbumEntry = deserialize(bytes);
    return entry;
  };
  const open = async ({ described, preview, file }: PictureEntry): Promise<AlbumPicture | undefined> => {
    const [small, whole] = await Promise.all([vault.get(preview), vault.get(file)]);
    return small && whole && { ...described, preview: small, file: readyFile(whole) };
  };
  const keepPicture = async ({ preview, file, ...described }: AlbumPicture): Promise<PictureEntry> => ({
    described,
    preview: await vault.put(Uint8Array.from(preview)),
    file: await vault.put(Uint8Array.from(await file.read())),
  });
  const wipe = async (id: string): Promise<void> => {
    const pictures = [...((await read(id))?.pictures.values() ?? [])];
    await vault.wipe([id, ...pictures.flatMap(({ preview, file }) => [preview, file])]);
  };
  return {
    async save(content, pictures) {
      const kept = new Map<number, PictureEntry>();
      for (const [index, picture] of pictures.entries()) kept.set(index, await keepPicture(picture));
      return put({ content, pictures: kept });
    },
    content: async (id) => (await read(id))?.content,
    async picture(id, index) {
      const found = (await read(id))?.pictures.get(index);
      return found && open(found);
    },
    async pictures(id) {
      const entries = [...((await read(id))?.pictures.values() ?? [])];
      return (await Promise.all(entries.map(open))).filter((picture) => picture !== undefined);
    },
    async removePicture(id, index) {
      const album = await read(id);
      const found = album?.pictures.get(index);
      if (!album || !found) return id;
      if (album.pictures.size === 1) {
        await wipe(id);
        return undefined;
      }
      const pictures = new Map([...album.pictures].filter(([other]) => other !== index));
      const views = album.content.pictures.filter(({ name }) => name !== found.described.name);
      const left = await put({ content: { ...album.content, pictures: views }, pictures });
      await vault.wipe([id, found.preview, found.file]);
      return left;
    },
    wipe,
  };
}
