import { crc32 } from 'node:zlib';

/** A file in an archive. */
export interface ZipEntry {
  /** ASCII, without folders. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Midnight of 1 January 1980, the first day that ZIP knows: an archive says nothing of when it was made. */
const DATE = 0x21;
const VERSION = 20;

/**
 * Writes files into a ZIP archive as they are, since pictures are compressed already (APPNOTE.TXT 6.3, sections 4.3.7,
 * 4.3.12 and 4.3.16). At most 65,535 files and 4 GiB.
 */
export function writeZip(entries: readonly ZipEntry[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, bytes } of entries) {
    const encoded = Buffer.from(name, 'ascii');
    const common = describe(encoded, bytes);
    const local = Buffer.concat([signature(0x04034b50), common, encoded]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    const made = Buffer.alloc(2);
    made.writeUInt16LE(VERSION);
    directory.push(signature(0x02014b50), made, common, rest, encoded);
    parts.push(local, bytes);
    offset += local.length + bytes.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(size, 8);
  end.writeUInt32LE(offset, 12);
  return Uint8Array.from(Buffer.concat([...parts, ...directory, signature(0x06054b50), end]));
}

/** What both headers of a file say: how it is stored, its checksum, sizes and the length of its name. */
function describe(name: Uint8Array, bytes: Uint8Array): Buffer {
  const header = Buffer.alloc(26);
  header.writeUInt16LE(VERSION, 0);
  header.writeUInt16LE(DATE, 8);
  header.writeUInt32LE(crc32(bytes), 10);
  header.writeUInt32LE(bytes.length, 14);
  header.writeUInt32LE(bytes.length, 18);
  header.writeUInt16LE(name.length, 22);
  return header;
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
