import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import type { AlbumPicture } from '../../src/chat/picture.js';
import { encodePreview, pictureFileOf } from '../../src/media/album.js';
import { fitMessages, fitOneMessage } from '../../src/media/size-ladder.js';
import { noise } from '../fakes/photos.js';

const PLENTY = 10 * 1024 * 1024;

async function noisy(number: number): Promise<AlbumPicture> {
  const image = noise(number, 256);
  const preview = await encodePreview(image);
  return { preview, file: pictureFileOf(image), name: `portrait-${number}`, description: `Portrait ${number}` };
}

const pictures = await Promise.all([1, 2, 3].map(noisy));
const [first] = pictures;
assert.ok(first);

test('what fits goes as it is', async () => {
  const limits = { fileBytes: PLENTY, messageBytes: PLENTY, files: 10 };
  const previews = await fitOneMessage(pictures, limits);
  assert.deepEqual(
    previews.map(({ name, type, bytes }) => [name, type, bytes]),
    pictures.map(({ name, preview }) => [`${name}.jpg`, 'image/jpeg', preview]),
  );
  const [files, ...others] = await fitMessages(pictures, limits);
  assert.deepEqual(
    files?.map(({ name, type, bytes, description }) => [name, type, bytes, description]),
    await Promise.all(
      pictures.map(async ({ name, file, description }) => [`${name}.png`, 'image/png', await file.read(), description]),
    ),
  );
  assert.deepEqual(others, []);
});

test('a PNG that is too large goes as JPEG, then in lower quality, then smaller, and stays marked', async () => {
  const { preview } = first;
  const file = await first.file.read();
  assert.ok(preview.length < file.length);
  let before = file.length;
  const seen: string[] = [];
  for (const limit of [preview.length, preview.length - 1, 40_000, 15_000, 5000]) {
    const [[sized] = []] = await fitMessages([first], { fileBytes: limit, messageBytes: PLENTY, files: 10 });
    assert.ok(sized && sized.bytes.length <= limit && sized.bytes.length < before, `at most ${limit}`);
    const { format, width, xmpAsString } = await sharp(sized.bytes).metadata();
    assert.match(xmpAsString ?? '', /trainedAlgorithmicMedia/);
    assert.equal(sized.name, 'portrait-1.jpg');
    before = sized.bytes.length;
    seen.push(`${format} ${width}`);
  }
  assert.deepEqual(seen.slice(0, 2), ['jpeg 256', 'jpeg 256']);
  assert.ok(seen.includes('jpeg 128') && seen.at(-1) !== 'jpeg 256', seen.join());
});

test('an album is made small enough for one message', async () => {
  const messageBytes = 60_000;
  const sized = await fitOneMessage(pictures, { fileBytes: PLENTY, messageBytes });
  assert.equal(sized.length, pictures.length);
  assert.ok(sized.reduce((sum, { bytes }) => sum + bytes.length, 0) <= messageBytes);
});

test('full quality takes as many messages as it needs', async () => {
  const counts = async (limits: { readonly messageBytes: number; readonly files: number }): Promise<number[]> =>
    (await fitMessages(pictures, { fileBytes: PLENTY, ...limits })).map(({ length }) => length);
  const two = (await first.file.read()).length * 2 + 1000;
  assert.deepEqual(await counts({ messageBytes: two, files: 10 }), [2, 1]);
  assert.deepEqual(await counts({ messageBytes: PLENTY, files: 1 }), [1, 1, 1]);
  assert.deepEqual(await fitMessages([], { fileBytes: 1, messageBytes: 1, files: 1 }), []);
});

test('a limit that nothing fits in is an error', async () => {
  await assert.rejects(fitOneMessage(pictures, { fileBytes: 10, messageBytes: PLENTY }), RangeError);
});
