import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import type { Graphs } from '../../pipeline/graphs.js';
import { decodeImage, resizeImage, type RgbImage } from '../../pipeline/image.js';
import { enlargeImage } from '../../pipeline/resample.js';
import { floatTensor, type Tensor } from '../../pipeline/tensor.js';
import { enlarge, upscalePortrait } from '../../pipeline/upscale.js';

const FILTERS = ['lanczos3', 'mitchell', 'cubic'] as const;
const photo = await decodeImage(await readFile(new URL('../fixtures/astronaut.jpg', import.meta.url)));
const small = await resizeImage(photo, { width: photo.width / 4, height: photo.height / 4 });

/** Peak signal-to-noise ratio in dB. */
function psnr(one: RgbImage, other: RgbImage): number {
  assert.equal(one.data.length, other.data.length);
  const squares = one.data.reduce((sum, value, index) => sum + (value - (other.data[index] ?? 0)) ** 2, 0);
  return 10 * Math.log10((255 ** 2 * one.data.length) / squares);
}

function graphsWith(upscaler?: (image: Tensor) => Tensor): Pick<Graphs, 'has' | 'run'> {
  return {
    has: (name) => name === 'upscaler' && upscaler !== undefined,
    run: async (_name, { image }) => (image && upscaler ? { upscaled: upscaler(image) } : {}),
  };
}

describe('enlargeImage', () => {
  for (const filter of FILTERS) {
    it(`${filter} keeps one colour to the border`, () => {
      const plain = { width: 3, height: 2, data: new Uint8Array(18).fill(77) };
      const { width, height, data } = enlargeImage(plain, 4, filter);
      assert.deepEqual([width, height], [12, 8]);
      assert.ok(data.every((value) => value === 77));
    });

    it(`${filter} keeps a picture's place: mirrored in, mirrored out`, () => {
      const row = [10, 200, 30, 90, 160];
      const widen = (values: readonly number[]) => {
        const data = Uint8Array.from(values.flatMap((value) => [value, value, value]));
        return [...enlargeImage({ width: values.length, height: 1, data }, 3, filter).data];
      };
      assert.deepEqual(widen(row.toReversed()), widen(row).toReversed());
    });

    it(`${filter} treats rows and columns alike`, () => {
      const data = Uint8Array.from([10, 200, 30, 90].flatMap((value) => [value, value, value]));
      const wide = enlargeImage({ width: 4, height: 1, data }, 2, filter).data.subarray(0, 8 * 3);
      const tall = enlargeImage({ width: 1, height: 4, data }, 2, filter).data;
      assert.deepEqual(
        [...wide],
        [...Array(8).keys()].flatMap((y) => [...tall.subarray(y * 6, y * 6 + 3)]),
      );
    });
  }

  it('stays within bytes where a filter overshoots', () => {
    const data = Uint8Array.from([0, 0, 255, 255, 255, 255].flatMap((value) => [value, value, value]));
    const values = [...enlargeImage({ width: 6, height: 1, data }, 2, 'lanczos3').data].filter(
      (_, index) => index % 3 === 0,
    );
    assert.deepEqual(values.slice(5, 7), [255, 255]);
    assert.deepEqual(values.slice(1, 3), [0, 0]);
  });
});

describe('upscalePortrait', () => {
  it('is nearer to the real picture than each filter that was not chosen', async () => {
    const chosen = psnr(photo, await upscalePortrait(small, graphsWith(), { factor: 4, filter: 'lanczos3' }));
    assert.ok(chosen > 26, `${chosen} dB`);
    for (const filter of FILTERS) assert.ok(chosen > psnr(photo, await enlarge(small, { factor: 4, filter })), filter);
    assert.ok(chosen > psnr(photo, await resizeImage(small, photo, 'lanczos3')));
  });

  it("uses the bundle's own upscaler where there is one, with values of -1..1 both ways", async () => {
    const picture = { width: 1, height: 1, data: Uint8Array.of(0, 255, 127) };
    const doubled = graphsWith(({ data }) => {
      const [red, green, blue] = [...data].map(Number);
      assert.deepEqual([red, green, Math.abs(blue ?? 1) < 0.01], [-1, 1, true]);
      return floatTensor([1, 3, 1, 2], Float32Array.of(1, -1, -1, 1, 0, 0));
    });
    const { width, data } = await upscalePortrait(picture, doubled, { factor: 4, filter: 'lanczos3' });
    assert.deepEqual([width, ...data], [2, 255, 0, 128, 0, 255, 128]);
  });
});
