import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { cleanPhoto, MAX_PHOTO_BYTES } from '../../src/media/intake.js';
import { sniffType } from '../../src/media/sniff.js';
import { pictureBomb, renamedText, unsupportedFiles } from '../fakes/bad-files.js';
import { FACE_PHOTO, facePhoto, plainJpeg, plainPng } from '../fakes/photos.js';

const refuses = (bytes: Uint8Array, code: string, data?: object) =>
  assert.rejects(cleanPhoto(bytes), (error: unknown) => {
    assert.ok(error instanceof Error && 'code' in error && 'data' in error);
    assert.equal(error.code, code);
    if (data) assert.deepEqual(error.data, data);
    return true;
  });
const raw = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#335577' } });
const text = (content: string) => Buffer.from(content, 'latin1');

for (const [type, bytes] of Object.entries(unsupportedFiles)) {
  const [code, data] = type === 'HEIC' ? ['image-heic', {}] : ['image-type-unsupported', { type }];
  test(`${type} is named and refused`, () => refuses(bytes, code, data));
}

test('text under the name of a photo, and nothing at all, are no pictures', async () => {
  await refuses(renamedText, 'not-an-image');
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
  await refuses(pictureBomb(12_000, 12_000), 'image-too-large', { width: 12_000, height: 12_000, limit: 64 });
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
  const large = await sharp(await cleanPhoto(await plainPng(6000, 4500))).metadata();
  assert.deepEqual([large.width, large.height], [4096, 3072]);
  const small = await sharp(await cleanPhoto(await plainJpeg())).metadata();
  assert.deepEqual([small.width, small.height], [64, 64]);
});

test('an animation that fades in from black showed no face: the frame in its middle is taken', async () => {
  const frames = await Promise.all(
    ['#000000', '#ff0000', '#0000ff'].map((background) =>
      sharp({ create: { width: 32, height: 32, channels: 3, background } })
        .raw()
        .toBuffer(),
    ),
  );
  const animation = await sharp(Buffer.concat(frames), { raw: { width: 32, height: 96, channels: 3, pageHeight: 32 } })
    .webp({ delay: [100, 100, 100] })
    .toBuffer();
  const { dominant } = await sharp(await cleanPhoto(animation)).stats();
  assert.ok(dominant.r > 200 && dominant.b < 60);
});

for (const [missing, cut] of [
  ['all of its end mark', 2],
  ['half of its end mark', 1],
] as const) {
  for (const progressive of [true, false]) {
    test(`a ${progressive ? 'progressive' : 'baseline'} JPEG that lacks ${missing} was called damaged: nothing of its picture is missing`, async () => {
      const whole = await sharp(facePhoto()).jpeg({ progressive }).toBuffer();
      const { width, height } = await sharp(await cleanPhoto(whole.subarray(0, -cut))).metadata();
      assert.deepEqual([width, height], [512, 512]);
      await refuses(whole.subarray(0, whole.length * 0.9), 'image-damaged');
    });
  }
}

test('transparency becomes white', async () => {
  const clear = await sharp({ create: { width: 16, height: 16, channels: 4, background: '#00000000' } })
    .png()
    .toBuffer();
  const { channels } = await sharp(await cleanPhoto(clear)).stats();
  assert.ok(channels.length === 3 && channels.every(({ mean }) => mean > 250));
});

test('a file is what it holds, not what it is called, and a second file inside it is not looked at', async () => {
  const [jpeg, png] = [await plainJpeg(), await plainPng(16, 16)];
  for (const polyglot of [
    Buffer.concat([jpeg, Buffer.from(unsupportedFiles.SVG)]),
    Buffer.concat([png, Buffer.from(unsupportedFiles.PDF)]),
    Buffer.concat([jpeg, png]),
  ]) {
    const clean = Buffer.from(await cleanPhoto(polyglot));
    assert.equal(sniffType(clean), 'JPEG');
    assert.equal(/<svg|%PDF|IHDR/.test(clean.toString('latin1')), false);
  }
  await refuses(Buffer.concat([Buffer.from(unsupportedFiles.GIF), jpeg]), 'image-type-unsupported', { type: 'GIF' });
});

test('nothing but JPEG, PNG and WebP from memory can be loaded: no file, no address, no other format', async () => {
  const fixture = fileURLToPath(FACE_PHOTO);
  await assert.rejects(sharp(fixture).metadata(), /unsupported|blocked|missing/i);
  const drawing = text(
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>',
  );
  await assert.rejects(sharp(drawing).metadata(), /unsupported/i);
  await assert.rejects(sharp(Buffer.from(unsupportedFiles.GIF)).metadata(), /unsupported/i);
  for (const accepted of [await plainJpeg(), await plainPng(8, 8), await raw(8, 8).webp().toBuffer()])
    assert.equal(sniffType(await cleanPhoto(accepted)), 'JPEG');
});

test('pictures whose header lies about their size, or promises sides beyond any, are refused before decoding', async () => {
  await refuses(pictureBomb(1, 60_000_000), 'image-too-thin', { width: 1, height: 60_000_000 });
  await refuses(pictureBomb(0, 0), 'image-damaged');
  await refuses(pictureBomb(60_000, 1000), 'image-too-thin', { width: 60_000, height: 1000 });
  await refuses(pictureBomb(70_000, 1000), 'image-too-large', { width: 70_000, height: 1000, limit: 64 });
  await refuses(pictureBomb(500, 500), 'image-damaged');
});

test('photos of telephones of 50 and 108 megapixels are taken; a progressive one is not, which is decoded whole', async () => {
  const clean = async (width: number, height: number) => cleanPhoto(await raw(width, height).jpeg().toBuffer());
  const { width, height } = await sharp(await clean(8192, 6144)).metadata();
  assert.deepEqual([width, height], [4096, 3072]);
  assert.equal((await sharp(await clean(12_000, 9000)).metadata()).width, 4096);
  const progressive = await raw(12_000, 9000).jpeg({ progressive: true }).toBuffer();
  await refuses(progressive, 'image-too-large', { width: 12_000, height: 9000, limit: 25 });
});

test('pictures that are in memory whole while they are decoded may be half as large as others', async () => {
  const picture = raw(8000, 6000);
  const [interlaced, webp] = [picture.clone().png({ progressive: true }), picture.clone().webp({ effort: 0 })];
  for (const whole of [interlaced, webp])
    await refuses(await whole.toBuffer(), 'image-too-large', { width: 8000, height: 6000, limit: 25 });
  assert.equal((await sharp(await cleanPhoto(await picture.png().toBuffer())).metadata()).width, 4096);
});

test('a picture one pixel wide, or a hundred times as long as wide, holds nobody up: it is refused by its header', async () => {
  await refuses(pictureBomb(1, 49_000_000), 'image-too-thin', { width: 1, height: 49_000_000 });
  await refuses(await raw(2000, 20).png().toBuffer(), 'image-too-thin', { width: 2000, height: 20 });
  const panorama = await sharp(await cleanPhoto(await raw(2000, 200).png().toBuffer())).metadata();
  assert.equal(panorama.width, 2000);
});
