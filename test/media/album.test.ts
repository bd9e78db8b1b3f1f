import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { encodeFile, encodePreview } from '../../src/media/album.js';
import { paint } from '../fakes/engine.js';

test('both encodings carry the mark of generated pictures, and the PNG every pixel', async () => {
  const image = paint([10, 200, 90]);
  const [preview, file] = [await encodePreview(image), await encodeFile(image)];
  for (const [bytes, format] of [
    [preview, 'jpeg'],
    [file, 'png'],
  ] as const) {
    const metadata = await sharp(bytes).metadata();
    assert.equal(metadata.format, format);
    assert.match(metadata.xmpAsString ?? '', /digitalsourcetype\/trainedAlgorithmicMedia/);
  }
  assert.deepEqual(new Uint8Array(await sharp(file).raw().toBuffer()), image.data);
});
