import type { OptionValues } from './invocation.js';

/** A file that is encoded when it is first read: most are never asked for. */
export interface PictureFile {
  /** Bytes it holds in memory at the moment. */
  readonly size: number;
  read(): Promise<Uint8Array>;
  /** Another that can be wiped without this one. */
  copy(): PictureFile;
  /** Overwrites what it holds; it must not be read any more. */
  wipe(): void;
}

/** One delivered portrait in its two encodings. */
export interface AlbumPicture {
  /** File name without extension. */
  readonly name: string;
  /** What is in the picture, for people who cannot see it. */
  readonly description: string;
  /** JPEG for the chat. */
  readonly preview: Uint8Array;
  /** PNG in full quality. */
  readonly file: PictureFile;
  /** Cosine similarity of the face to the photos, -1..1; missing where no face was found. */
  readonly similarity?: number;
  /** What it shows that its album did not ask for, as options of the command: with the album's own they ask for more like it. */
  readonly shows?: OptionValues;
  /** Where its face is; missing where none was found. */
  readonly face?: FacePlace;
}

/** A picture as it is sent. */
export interface SizedPicture {
  /** File name with its extension. */
  readonly name: string;
  readonly type: 'image/png' | 'image/jpeg';
  readonly bytes: Uint8Array;
  /** What is in the picture, for people who cannot see it. */
  readonly description: string;
}

/** Where the face is in a square picture, as parts of its side. */
export interface FacePlace {
  readonly x: number;
  readonly y: number;
  readonly height: number;
}
