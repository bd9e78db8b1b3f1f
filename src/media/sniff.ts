/** File types told apart by their first bytes; those the intake reads, and those people send by mistake. */
export type FileType = 'JPEG' | 'PNG' | 'WebP' | 'GIF' | 'HEIC' | 'AVIF' | 'TIFF' | 'BMP' | 'SVG' | 'PDF';

/** Length of what `sniffType` looks at, in bytes. */
const HEAD = 512;

/** The type a file really is, whatever its name says; undefined when it is none of the known ones. */
export function sniffType(bytes: Uint8Array): FileType | undefined {
  const head = Buffer.from(bytes.subarray(0, HEAD)).toString('latin1');
  if (head.startsWith('\xff\xd8\xff')) return 'JPEG';
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'PNG';
  if (head.startsWith('RIFF') && head.startsWith('WEBP', 8)) return 'WebP';
  if (head.startsWith('GIF8')) return 'GIF';
  if (head.startsWith('ftyp', 4)) return sniffBrand(head.slice(8, 32));
  if (head.startsWith('II*\0') || head.startsWith('MM\0*')) return 'TIFF';
  if (head.startsWith('BM')) return 'BMP';
  if (head.startsWith('%PDF')) return 'PDF';
  return /^\s*(?:\xef\xbb\xbf)?\s*<(?:\?xml|svg|!--|!doctype svg)/i.test(head) && /<svg/i.test(head)
    ? 'SVG'
    : undefined;
}

/** Brands of the ISO base media format that hold still pictures. */
function sniffBrand(brands: string): FileType | undefined {
  if (/avi[fs]/.test(brands)) return 'AVIF';
  return /hei[cxms]|hev[cx]|mif1|msf1/.test(brands) ? 'HEIC' : undefined;
}
