import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import sharp, { type Sharp } from 'sharp';
import { LikenessError, type PipelineErrorCode } from '../../pipeline/errors.js';
import { decodeImage, resizeImage } from '../../pipeline/image.js';

const RED_OVER_BLUE = Uint8Array.of(255, 0, 0, 0, 0, 255);

function refuses(code: PipelineErrorCode): (error: unknown) => boolean {
  return (error) => error instanceof LikenessError && error.code === code;
}

function raw(data: Uint8Array, channels: 1 | 2 | 3 | 4, width = 1): Sharp {
  return sharp(data, { raw: { width, height: data.length / channels / width, channels } });
}

describe('decodeImage', () => {
  it('reads PNG, lossless WebP and JPEG to RGB', async () => {
    const source = raw(RED_OVER_BLUE, 3);
    for (const bytes of [await source.png().toBuffer(), await source.webp({ lossless: true }).toBuffer()]) {
      assert.deepEqual(await decodeImage(bytes), { width: 1, height: 2, data: Buffer.from(RED_OVER_BLUE) });
    }
    const { data } = await decodeImage(await raw(new Uint8Array(192).fill(80), 3, 8).jpeg().toBuffer());
    assert.ok(data.every((value) => Math.abs(value - 80) <= 1));
  });

  it('turns a photo the way its orientation says', async () => {
    const bytes = await raw(RED_OVER_BLUE, 3).withMetadata({ orientation: 6 }).png().toBuffer();
    assert.deepEqual(await decodeImage(bytes), { width: 2, height: 1, data: Buffer.of(0, 0, 255, 255, 0, 0) });
  });

  it('puts transparent pictures on white', async () => {
    const { data } = await decodeImage(
      await raw(Uint8Array.of(0, 0, 0, 0, 9, 8, 7, 255), 4)
        .png()
        .toBuffer(),
    );
    assert.deepEqual([...data], [255, 255, 255, 9, 8, 7]);
  });

  it('makes three channels of grey, of palettes, of 16 bits and of CMYK', async () => {
    const grey = raw(Uint8Array.of(10, 200), 1);
    const files = await Promise.all([
      grey.clone().toColourspace('b-w').png().toBuffer(),
      raw(Uint8Array.of(10, 10, 10, 200, 200, 200), 3)
        .png({ palette: true })
        .toBuffer(),
      grey.clone().toColourspace('rgb16').png().toBuffer(),
    ]);
    for (const bytes of files) assert.deepEqual([...(await decodeImage(bytes)).data], [10, 10, 10, 200, 200, 200]);
    const cmyk = await raw(new Uint8Array(192).fill(128), 3, 8).toColourspace('cmyk').jpeg().toBuffer();
    const { data } = await decodeImage(cmyk);
    assert.equal(data.length, 192);
    assert.ok(data.every((value) => Math.abs(value - 128) < 20));
  });

  it('refuses what is no picture, a broken one, and formats it does not accept', async () => {
    const png = await raw(
      new Uint8Array(30_000).map((_, index) => index * 7),
      3,
      100,
    )
      .png()
      .toBuffer();
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
    );
    const gif = await raw(RED_OVER_BLUE, 3).gif().toBuffer();
    for (const bytes of [new Uint8Array(), Buffer.from('hello'), png.subarray(0, png.length / 2), svg, gif]) {
      await assert.rejects(decodeImage(bytes), refuses('not-an-image'));
    }
  });

  it('refuses a picture of too many pixels before decoding it', async () => {
    const blank = sharp({ create: { width: 10_000, height: 6401, channels: 3, background: 'white' } });
    const bytes = await blank.png({ compressionLevel: 1 }).toBuffer();
    await assert.rejects(decodeImage(bytes), refuses('image-too-large'));
  });
});

describe('resizeImage', () => {
  it('gives exactly the size asked for', async () => {
    const image = { width: 2, height: 1, data: Uint8Array.of(0, 0, 0, 255, 255, 255) };
    const { width, height, data } = await resizeImage(image, { width: 7, height: 3 });
    assert.deepEqual([width, height, data.length], [7, 3, 63]);
  });
});
