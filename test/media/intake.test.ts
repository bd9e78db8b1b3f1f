import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { cleanPhoto, MAX_PHOTO_BYTES } from '../../src/media/intake.js';
import { sniffType } from '../../src/media/sniff.js';
import { plainJpeg, plainPng } from '../fakes/photos.js';

const refuses = (bytes: Uint8Array, code: string, data?: object) =>
  assert.rejects(cleanPhoto(bytes), (error: unknown) => {
    assert.ok(error instanceof Error && 'code' in error && 'data' in error);
    assert.equal(error.code, code);
    if (data) assert.deepEqual(error.data, data);
    return true;
  });
const raw = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#335577' } });
const text = (content: string) => Buffer.from(content, 'latin1');

/** Files people send by mistake, as short as their type can be told by. */
const unsupported = {
  GIF: text(
    'GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;',
  ),
  SVG: text('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
  HEIC: text('\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic'),
  AVIF: text('\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf'),
  TIFF: text('II*\x00\x08\x00\x00\x00'),
  BMP: text('BM\x46\x00\x00\x00'),
  PDF: text('%PDF-1.7'),
};

for (const [type, bytes] of Object.entries(unsupported)) {
  test(`${type} is named and refused`, () => refuses(bytes, 'image-type-unsupported', { type }));
}

test('text under the name of a photo, and nothing at all, are no pictures', async () => {
  await refuses(text('This is not a photo.'), 'not-an-image');
  await refuses(new Uint8Array(), 'not-an-image');
});

test('a real TIFF is refused by its content too: its loader is off in this process', async () => {
  const tiff = await raw(8, 8).tiff().toBuffer();
  assert.equal(sniffType(tiff), 'TIFF');
  await assert.rejects(sharp(tiff).metadata());
});

test('a truncated or garbled JPEG is damaged', async () => {
  const whole = await raw(256, 256).jpeg().toBuffer();
  await refuses(whole.subarray(0, whole.length / 2), 'image-damaged');
  await refuses(Buffer.concat([whole.subarray(0, 4), Buffer.alloc(200, 7)]), 'image-damaged');
});

test('a bomb is refused by its header, and a file by its size', async () => {
  await refuses(await plainPng(12_000, 12_000), 'image-too-large', { width: 12_000, height: 12_000, limit: 50 });
  await refuses(new Uint8Array(MAX_PHOTO_BYTES + 1), 'file-too-large', { megabytes: 20.1, limit: 20 });
});

test('a photo comes out upright, without metadata and without what was appended', async () => {
  const bytes = await raw(60, 40)
    .withExif({ IFD0: { Artist: 'somebody' }, IFD3: { GPSLatitudeRef: 'N' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  const clean = await cleanPhoto(Buffer.concat([bytes, text('<script>appended</script>')]));
  const { width, height, exif, orientation, format } = await sharp(clean).metadata();
  assert.deepEqual([width, height, exif, orientation, format], [40, 60, undefined, undefined, 'jpeg']);
  assert.equal(Buffer.from(clean).includes('appended'), false);
});

test('a huge photo is made smaller, a small one is not made larger', async () => {
  const large = await sharp(await cleanPhoto(await plainPng(4000, 3000))).metadata();
  assert.deepEqual([large.width, large.height], [2048, 1536]);
  const small = await sharp(await cleanPhoto(await plainJpeg())).metadata();
  assert.deepEqual([small.width, small.height], [64, 64]);
});

test('of an animation the first frame is taken', async () => {
  const frames = await Promise.all(
    ['#ff0000', '#0000ff'].map((background) =>
      sharp({ create: { width: 32, height: 32, channels: 3, background } })
        .raw()
        .toBuffer(),
    ),
  );
  const animation = await sharp(Buffer.concat(frames), { raw: { width: 32, height: 64, channels: 3, pageHeight: 32 } })
    .webp({ delay: [100, 100] })
    .toBuffer();
  const { dominant } = await sharp(await cleanPhoto(animation)).stats();
  assert.ok(dominant.r > 200 && dominant.b < 60);
});

test('transparency becomes white', async () => {
  const clear = await sharp({ create: { width: 16, height: 16, channels: 4, background: '#00000000' } })
    .png()
    .toBuffer();
  const { channels } = await sharp(await cleanPhoto(clear)).stats();
  assert.ok(channels.length === 3 && channels.every(({ mean }) => mean > 250));
});
